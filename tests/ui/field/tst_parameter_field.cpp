#include "tests/support/room.h"
#include "ui/document/document.h"
#include "ui/edit/field_binding.h"
#include "ui/edit/float_edit.h"
#include "ui/edit/int_edit.h"
#include "ui/edit/value_slider.h"
#include "ui/field/field_range.h"
#include "ui/field/parameter_field.h"

#include <QAccessible>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QMessageBox>
#include <QPushButton>
#include <QTest>
#include <QTimer>
#include <QToolTip>
#include <QVBoxLayout>

#include <cmath>
#include <memory>

using namespace qbn;
using namespace qbn::ui;
using namespace Qt::StringLiterals;

/// gamma, the output scale and the input zero point, each in an editor of its own, gamma and beta in
/// sliders, the output type and the fused ReLU.
class TestParameterField : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void eachKeystrokeIsSeen();
    void aVisitIsOneStepToUndo();
    void aVisitThatEndsWhereItBeganIsNone();
    void escapeLeavesNoStep();
    void halfTypedLeavesNoStep();
    void visitsOfTwoFieldsAreTwoSteps();
    void aPastedListSetsAllChannels_data();
    void aPastedListSetsAllChannels();
    void aListThatIsNotWantedChangesNothing();
    void aWrongLengthNamesBoth();
    void aListForALayersNumberIsRefused();
    void aTypedListIsOfferedOnEnter();
    void ctrlRResets();
    void everyEditorResets();
    void everyContextMenuOffersTheOpenedValue();
    void rangesFollowWhatTheyHangOn();
    void rangesAreThoseOfAPastedLayer();
    void theToolTipHasBothValues();
    void aScreenReaderHearsFieldChannelAndUnit();
    void rangesSuitTheField();
    void everyRangeIsValid();

private:
    void type(QWidget* edit, const QString& text)
    {
        edit->setFocus();
        QTest::keyClick(edit, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(edit, text);
    }
    void paste(FloatEdit* edit, const QString& text)
    {
        QApplication::clipboard()->setText(text);
        edit->setFocus();
        QTest::keySequence(edit, QKeySequence::Paste);
    }
    /// Presses a button of the box that comes next, and keeps what it said.
    void answerWith(QMessageBox::StandardButton button)
    {
        m_said.clear();
        m_box.clear();
        QTimer::singleShot(0, this, [this, button] {
            auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
            QVERIFY(box);
            m_box = box->objectName();
            m_said = box->text();
            box->button(button)->click();
        });
    }
    double gamma(int channel) const
    {
        return m_document->layer().gamma[static_cast<std::size_t>(channel)];
    }

    std::unique_ptr<Document> m_document;
    std::unique_ptr<QWidget> m_window;
    FloatEdit* m_gamma = nullptr;
    FloatEdit* m_scale = nullptr;
    IntEdit* m_zero = nullptr;
    ValueSlider* m_slider = nullptr;
    ValueSlider* m_betaSlider = nullptr;
    QComboBox* m_type = nullptr;
    QCheckBox* m_relu = nullptr;
    ParameterField* m_field = nullptr;
    QString m_box, m_said;
};

void TestParameterField::init()
{
    m_document = std::make_unique<Document>();
    m_window = std::make_unique<QWidget>();
    auto* column = new QVBoxLayout(m_window.get());
    const auto add = [&](auto* editor, Field field) {
        column->addWidget(editor);
        auto* binding
            = new FieldBinding(ParameterField::access(*m_document, field), m_window.get());
        binding->bind(editor);
        binding->refresh();
        connect(m_document.get(), &Document::changed, binding, &FieldBinding::refresh);
        connect(&m_document->selection(), &SelectionModel::changed, binding,
                &FieldBinding::refresh);
        connect(m_document.get(), &Document::commitRequested, binding, &FieldBinding::commit);
        auto* parameter = new ParameterField(*m_document, field, m_window.get());
        parameter->attach(editor);
        return parameter;
    };
    m_field = add(m_gamma = new FloatEdit, Field::gamma);
    add(m_scale = new FloatEdit, Field::output_scale);
    add(m_zero = new IntEdit, Field::input_zero_point);
    add(m_slider = new ValueSlider, Field::gamma);
    add(m_betaSlider = new ValueSlider, Field::beta);
    m_type = new QComboBox;
    m_type->addItem(u"quint8"_s, 8.0);
    m_type->addItem(u"qint8"_s, -8.0);
    add(m_type, Field::output_type);
    add(m_relu = new QCheckBox, Field::relu);
    m_window->show();
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
}

void TestParameterField::cleanup()
{
    m_window.reset();
    m_document.reset();
}

void TestParameterField::eachKeystrokeIsSeen()
{
    m_gamma->setFocus();
    m_gamma->selectAll();
    QTest::keyClicks(m_gamma, u"9"_s);
    QCOMPARE(gamma(0), 9.0);
    QTest::keyClicks(m_gamma, u"6"_s);
    QCOMPARE(gamma(0), 96.0);
    QCOMPARE(m_slider->number(), 96.0);
    QTest::keyClicks(m_gamma, u"e"_s);
    QCOMPARE(gamma(0), 96.0);
    QTest::keyClicks(m_gamma, u"1"_s);
    QCOMPARE(gamma(0), 960.0);
    QCOMPARE(m_gamma->text(), u"96e1"_s);
    type(m_zero, u"12"_s);
    QCOMPARE(m_document->layer().input.zero_point, 12);
}

void TestParameterField::aVisitIsOneStepToUndo()
{
    const double before = gamma(0);
    type(m_gamma, u"96.5"_s);
    QTest::keyClick(m_gamma, Qt::Key_Up);
    m_scale->setFocus();
    QCOMPARE(gamma(0), 96.6);
    QCOMPARE(m_document->undoStack().count(), 1);
    m_document->undo();
    QCOMPARE(gamma(0), before);
    QCOMPARE(m_gamma->value(), before);
    m_document->redo();
    QCOMPARE(gamma(0), 96.6);
}

void TestParameterField::aVisitThatEndsWhereItBeganIsNone()
{
    const Model before = m_document->experiment().model;
    type(m_gamma, m_gamma->text());
    m_scale->setFocus();
    QCOMPARE(m_document->undoStack().count(), 0);
    QVERIFY(m_document->experiment().model == before);
    QVERIFY(!m_document->isModified());
}

void TestParameterField::escapeLeavesNoStep()
{
    const Model before = m_document->experiment().model;
    type(m_gamma, u"7"_s);
    QCOMPARE(gamma(0), 7.0);
    QTest::keyClick(m_gamma, Qt::Key_Escape);
    QVERIFY(m_document->experiment().model == before);
    QCOMPARE(m_document->undoStack().count(), 0);
    type(m_zero, u"7"_s);
    QCOMPARE(m_document->layer().input.zero_point, 7);
    QTest::keyClick(m_zero, Qt::Key_Escape);
    QVERIFY(m_document->experiment().model == before);
    QCOMPARE(m_document->undoStack().count(), 0);
}

void TestParameterField::halfTypedLeavesNoStep()
{
    const Model before = m_document->experiment().model;
    type(m_gamma, u"1e"_s);
    QVERIFY(m_gamma->hasProblem());
    m_scale->setFocus();
    QVERIFY(m_document->experiment().model == before);
    QCOMPARE(m_document->undoStack().count(), 0);
}

void TestParameterField::visitsOfTwoFieldsAreTwoSteps()
{
    type(m_gamma, u"12"_s);
    type(m_scale, u"0.25"_s);
    m_gamma->setFocus();
    QTest::keyClick(m_gamma, Qt::Key_Up);
    m_scale->setFocus();
    QCOMPARE(m_document->undoStack().count(), 3);
    m_document->undo();
    QCOMPARE(gamma(0), 12.0);
    m_document->undo();
    QCOMPARE(gamma(0), 12.0);
    QVERIFY(m_document->layer().output.scale != 0.25);
}

void TestParameterField::aPastedListSetsAllChannels_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("a Python list") << u"[0.91, 0.88, 1.02]"_s;
    QTest::newRow("C braces") << u"{0.91f, 0.88f, 1.02f}"_s;
    QTest::newRow("a NumPy print") << u"array([0.91, 0.88, 1.02])"_s;
    QTest::newRow("a column vector") << u"[[0.91],\n [0.88],\n [1.02]]"_s;
    QTest::newRow("what PyTorch prints of (1, C, 1, 1)")
        << u"tensor([[[[0.9100]],\n\n         [[0.8800]],\n\n         [[1.0200]]]])"_s;
    QTest::newRow("a tuple") << u"(0.91, 0.88, 1.02)"_s;
    QTest::newRow("tabs") << u"0.91\t0.88\t1.02"_s;
    QTest::newRow("spaces and lines") << u" 0.91 0.88\n1.02\n"_s;
}

void TestParameterField::aPastedListSetsAllChannels()
{
    QFETCH(QString, text);
    const auto before = m_document->layer().gamma;
    answerWith(QMessageBox::Ok);
    paste(m_gamma, text);
    QCOMPARE(m_box, u"listPreview"_s);
    QCOMPARE(m_said, u"gamma of all 3 channels: 0.91, 0.88, 1.02"_s);
    QCOMPARE(m_document->layer().gamma, (std::vector<double>{0.91, 0.88, 1.02}));
    QCOMPARE(m_gamma->text(), u"0.91"_s);
    QCOMPARE(m_document->undoStack().count(), 1);
    m_document->undo();
    QCOMPARE(m_document->layer().gamma, before);
}

void TestParameterField::aListThatIsNotWantedChangesNothing()
{
    const Model before = m_document->experiment().model;
    answerWith(QMessageBox::Cancel);
    paste(m_gamma, u"[1, 2, 3]"_s);
    QCOMPARE(m_box, u"listPreview"_s);
    QVERIFY(m_document->experiment().model == before);
    QCOMPARE(m_document->undoStack().count(), 0);
}

void TestParameterField::aWrongLengthNamesBoth()
{
    const Model before = m_document->experiment().model;
    answerWith(QMessageBox::Ok);
    paste(m_gamma, u"[1, 2, 3, 4]"_s);
    QCOMPARE(m_box, u"problemBox"_s);
    QVERIFY2(m_said.contains(u"4 numbers"_s) && m_said.contains(u"3 channels"_s),
             qPrintable(m_said));
    QVERIFY(m_document->experiment().model == before);
    answerWith(QMessageBox::Ok);
    paste(m_gamma, u"[1, 2, ..., 4]"_s);
    QVERIFY2(m_said.contains(u"left out"_s), qPrintable(m_said));
    QVERIFY(m_document->experiment().model == before);
}

void TestParameterField::aListForALayersNumberIsRefused()
{
    const Model before = m_document->experiment().model;
    answerWith(QMessageBox::Ok);
    paste(m_scale, u"[1, 2, 3]"_s);
    QVERIFY2(m_said.contains(u"output scale is one number"_s), qPrintable(m_said));
    QVERIFY(m_document->experiment().model == before);
}

void TestParameterField::aTypedListIsOfferedOnEnter()
{
    const Model before = m_document->experiment().model;
    type(m_gamma, u"[1, 2, 3]"_s);
    QVERIFY(m_gamma->hasProblem());
    answerWith(QMessageBox::Ok);
    QTest::keyClick(m_gamma, Qt::Key_Return);
    QCOMPARE(m_box, u"listPreview"_s);
    QCOMPARE(m_document->layer().gamma, (std::vector<double>{1, 2, 3}));
    QCOMPARE(m_document->undoStack().count(), 1);
    m_document->undo();
    QVERIFY(m_document->experiment().model == before);
}

void TestParameterField::ctrlRResets()
{
    const Model before = m_document->experiment().model;
    type(m_gamma, u"7"_s);
    QTest::keyClick(m_gamma, Qt::Key_R, Qt::ControlModifier);
    QCOMPARE(m_gamma->value(), before.layers.front()->gamma[0]);
    QVERIFY(m_document->experiment().model == before);
    type(m_zero, u"7"_s);
    QTest::keyClick(m_zero, Qt::Key_R, Qt::ControlModifier);
    QVERIFY(m_document->experiment().model == before);
}

void TestParameterField::everyEditorResets()
{
    const Model before = m_document->experiment().model;
    const auto reset = [](QWidget* editor) {
        editor->setFocus();
        QTest::keyClick(editor, Qt::Key_R, Qt::ControlModifier);
    };
    QTest::keyClick(m_type, Qt::Key_Down);
    QCOMPARE(m_document->layer().output.type, qint8_type);
    reset(m_type);
    QCOMPARE(m_type->currentText(), u"quint8"_s);
    QVERIFY(m_document->experiment().model == before);
    QTest::keyClick(m_relu, Qt::Key_Space);
    QVERIFY(m_document->layer().relu);
    reset(m_relu);
    QVERIFY(!m_relu->isChecked());
    QVERIFY(m_document->experiment().model == before);
    QTest::keyClick(m_slider, Qt::Key_Right);
    QVERIFY(gamma(0) != before.layers.front()->gamma[0]);
    reset(m_slider);
    QVERIFY(m_document->experiment().model == before);
}

void TestParameterField::everyContextMenuOffersTheOpenedValue()
{
    m_document->setValue(Field::relu, -1, 1);
    m_document->setValue(Field::output_type, -1, -8);
    m_document->setValue(Field::gamma, 0, 7);
    const auto offered = [](QWidget* editor) {
        QString text;
        QTimer::singleShot(0, editor, [&text] {
            auto* menu = QApplication::activePopupWidget();
            QVERIFY(menu);
            text = menu->actions().last()->text();
            menu->close();
        });
        QContextMenuEvent event(QContextMenuEvent::Keyboard, {3, 3},
                                editor->mapToGlobal(QPoint(3, 3)));
        QApplication::sendEvent(editor, &event);
        QTest::qWait(1);
        return text;
    };
    QCOMPARE(offered(m_type), u"&Reset to quint8"_s);
    QCOMPARE(offered(m_relu), u"&Reset to off"_s);
    QCOMPARE(offered(m_slider), u"&Reset to 117.5"_s);
    QCOMPARE(offered(m_gamma), u"&Reset to 117.5"_s);
}

void TestParameterField::rangesFollowWhatTheyHangOn()
{
    const auto ends = [](const ValueSlider* slider) {
        return std::pair(slider->numberRange().low, slider->numberRange().high);
    };
    const auto fresh = [this](Field field) {
        const SliderRange range
            = fieldRange(m_document->layer(), field, value_of(m_document->layer(), field, 0));
        return std::pair(range.low, range.high);
    };
    const auto beta = ends(m_betaSlider);
    m_document->setValue(Field::output_scale, -1, 0.05);
    QVERIFY(ends(m_betaSlider) != beta);
    QCOMPARE(ends(m_betaSlider), fresh(Field::beta));
    m_document->undo();
    QCOMPARE(ends(m_betaSlider), beta);
    m_document->setValue(Field::output_type, -1, 4);
    QCOMPARE(ends(m_betaSlider), fresh(Field::beta));
}

void TestParameterField::rangesAreThoseOfAPastedLayer()
{
    const auto high = [this] { return m_slider->numberRange().high; };
    QCOMPARE(high(), 250.0);
    const auto paste = [this] {
        m_document->edit(u"Paste"_s, std::nullopt, [](Experiment& experiment) {
            Model model = experiment.model;
            BatchNormLayer layer = *model.layers.front();
            layer.gamma[0] = 100; // which the range of the layer before holds, too
            model.layers.front() = std::make_shared<const BatchNormLayer>(layer);
            replace_model(experiment, model);
        });
    };
    paste();
    QCOMPARE(high(), 200.0);
    m_document->undo();
    QCOMPARE(high(), 250.0);
    m_document->setValue(Field::gamma, 0, 100); // an edit moves the handle alone
    QCOMPARE(high(), 250.0);
    m_document->selection().setChannel(1);
    QCOMPARE(high(), 200.0); // of 96
}

void TestParameterField::theToolTipHasBothValues()
{
    const QString opened = QString::number(gamma(0));
    QVERIFY(m_field->hint().startsWith(u"now %1, as opened"_s.arg(opened)));
    type(m_gamma, u"7"_s);
    QHelpEvent help(QEvent::ToolTip, {5, 5}, m_gamma->mapToGlobal(QPoint(5, 5)));
    QApplication::sendEvent(m_gamma, &help);
    QVERIFY2(QToolTip::text().contains(u"now 7, opened with %1"_s.arg(opened)),
             qPrintable(QToolTip::text()));
    QToolTip::hideText();
}

void TestParameterField::aScreenReaderHearsFieldChannelAndUnit()
{
    const auto name = [](QWidget* widget) {
        return QAccessible::queryAccessibleInterface(widget)->text(QAccessible::Name);
    };
    QCOMPARE(name(m_gamma), u"gamma of channel 0, factor"_s);
    m_document->selection().setChannel(2);
    QCOMPARE(name(m_gamma), u"gamma of channel 2, factor"_s);
    QCOMPARE(name(m_slider), u"gamma of channel 2 slider, factor"_s);
    QCOMPARE(name(m_scale), u"output scale, real value per code"_s);
    QCOMPARE(name(m_zero), u"input zero point, code"_s);
    type(m_gamma, u"x"_s);
    QCOMPARE(QAccessible::queryAccessibleInterface(m_gamma)->text(QAccessible::Description),
             m_gamma->problem());
}

void TestParameterField::rangesSuitTheField()
{
    BatchNormLayer layer = *example_experiment().model.layers.front();
    layer.input = {.type = quint8_type, .scale = 0.01, .zero_point = 55};
    layer.output = {.type = quint8_type, .scale = 0.1, .zero_point = 0};
    const auto ends = [&](Field field, double value) {
        const SliderRange range = fieldRange(layer, field, value);
        return std::pair(range.low, range.high);
    };
    QCOMPARE(ends(Field::mean, 0.5), std::pair(-0.55, 2.0)); // what the input codes stand for
    QCOMPARE(ends(Field::mean, 5.0), std::pair(-0.55, 10.0));
    QCOMPARE(ends(Field::gamma, 117.5), std::pair(0.0, 250.0)); // relative to itself
    QCOMPARE(ends(Field::gamma, -0.9), std::pair(-2.0, 0.0));
    QCOMPARE(ends(Field::beta, 0.0), std::pair(-15.0, 15.0)); // 128 output steps and some
    QCOMPARE(ends(Field::beta, -110.8), std::pair(-127.5, -97.5));
    QCOMPARE(ends(Field::output_zero_point, 3), std::pair(0.0, 255.0));
}

void TestParameterField::everyRangeIsValid()
{
    using Limits = std::numeric_limits<double>;
    BatchNormLayer layer = *example_experiment().model.layers.front();
    const auto numbers = {0.0,
                          -0.0,
                          1.0,
                          -1.0,
                          1e300,
                          -1e300,
                          1e-300,
                          Limits::denorm_min(),
                          Limits::infinity(),
                          -Limits::infinity(),
                          std::nan("")};
    for (const double scale : numbers) {
        layer.input.scale = layer.output.scale = scale;
        for (const Field field : {Field::mean, Field::var, Field::gamma, Field::beta, Field::eps,
                                  Field::input_scale, Field::output_zero_point}) {
            for (const double value : numbers) {
                const SliderRange range = fieldRange(layer, field, value);
                QVERIFY(std::isfinite(range.low) && std::isfinite(range.high));
                QVERIFY(range.low < range.high);
                const double share = range.shareOf(value);
                QVERIFY(share >= 0 && share <= 1);
            }
        }
    }
}

QBN_TEST(TestParameterField)
#include "tst_parameter_field.moc"
