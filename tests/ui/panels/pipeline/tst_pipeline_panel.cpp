#include "tests/support/room.h"
#include "ui/document/document.h"
#include "ui/draw/fit_text.h"
#include "ui/draw/number_line.h"
#include "ui/edit/float_edit.h"
#include "ui/edit/int_edit.h"
#include "ui/look/theme.h"
#include "ui/panels/pipeline/pipeline_panel.h"
#include "ui/panels/pipeline/stage_card.h"

#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QTest>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace qbn;
using namespace qbn::ui;

class TestPipelinePanel : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();

    void theExampleIsShownFromCodeToCode();
    void typingACodeMovesTheSelection();
    void arrowKeysStepTheCode();
    void typingARealValueFindsItsCode_data();
    void typingARealValueFindsItsCode();
    void arrowKeysInTheRealValueStepToTheNextCode();
    void aValueBeyondTheCodesIsRefusedWithItsRange();
    void aTextThatIsNoNumberChangesNothing();
    void draggingTheDotMovesTheSelection();
    void anEditIsShownAtOnce();
    void aSignedTypeChangesTheRange();
    void nothingIsCut_data();
    void nothingIsCut();
    void aNarrowPanelScrolls();
    void everyControlHasNameAndTooltip();
    void aLiveSwitchToDarkLeavesNothingBehind();

private:
    template <typename Widget> Widget* child(const QString& name)
    {
        return m_panel->findChild<Widget*>(name);
    }
    QString resultOf(Stage stage)
    {
        return m_panel->card(stage)->findChild<FitText*>(u"result"_s)->text();
    }

    std::unique_ptr<Document> m_document;
    std::unique_ptr<PipelinePanel> m_panel;
};

void TestPipelinePanel::initTestCase()
{
    applyTheme(*qApp, Theme::Light);
}

void TestPipelinePanel::init()
{
    m_document = std::make_unique<Document>();
    m_panel = std::make_unique<PipelinePanel>(*m_document);
    m_panel->resize(1000, m_panel->minimumSizeHint().height());
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
}

void TestPipelinePanel::cleanup()
{
    m_panel.reset();
    m_document.reset();
}

void TestPipelinePanel::theExampleIsShownFromCodeToCode()
{
    QCOMPARE(child<IntEdit>(u"inputCode"_s)->value(), 38);
    QCOMPARE(child<FloatEdit>(u"inputValue"_s)->text(), u"0.29906651"_s);
    QCOMPARE(m_panel->card(Stage::input_code)->content().substituted, u"0x26\n0b00100110"_s);
    QCOMPARE(resultOf(Stage::dequantize), u"0.29906651"_s);
    QCOMPARE(resultOf(Stage::normalize), u"-0.94431102"_s);
    QCOMPARE(resultOf(Stage::output_code), u"52"_s);
}

void TestPipelinePanel::typingACodeMovesTheSelection()
{
    auto* edit = child<IntEdit>(u"inputCode"_s);
    edit->setFocus();
    edit->selectAll();
    QTest::keyClicks(edit, u"0x80"_s);
    QTest::keyClick(edit, Qt::Key_Return);
    QCOMPARE(m_document->selection().code(), 128);
    QCOMPARE(child<FloatEdit>(u"inputValue"_s)->text(), u"1.00738192"_s);
    QCOMPARE(resultOf(Stage::output_code),
             QString::number(m_document->evaluation().row().output_code));
}

void TestPipelinePanel::arrowKeysStepTheCode()
{
    auto* edit = child<IntEdit>(u"inputCode"_s);
    edit->setFocus();
    QTest::keyClick(edit, Qt::Key_Up);
    QTest::keyClick(edit, Qt::Key_Up);
    QTest::keyClick(edit, Qt::Key_Down);
    QCOMPARE(m_document->selection().code(), 39);
    auto* line = child<NumberLine>(u"inputCodeLine"_s);
    line->setFocus();
    QTest::keyClick(line, Qt::Key_Left);
    QCOMPARE(m_document->selection().code(), 38);
    QCOMPARE(edit->value(), 38);
}

void TestPipelinePanel::typingARealValueFindsItsCode_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("shown");
    QTest::newRow("what the forum printed") << u"0.29906651"_s << 38 << u"0.29906651"_s;
    QTest::newRow("a paste from Python") << u"tensor([0.2991])"_s << 38 << u"0.29906651"_s;
    QTest::newRow("not on a code") << u"0.3"_s << 38 << u"0.29906651"_s;
    QTest::newRow("another code") << u"1"_s << 127 << u"0.99951172"_s;
}

void TestPipelinePanel::typingARealValueFindsItsCode()
{
    QFETCH(QString, typed);
    QFETCH(int, code);
    QFETCH(QString, shown);
    m_document->selection().setCode(code == 38 ? 200 : 38);
    auto* edit = child<FloatEdit>(u"inputValue"_s);
    edit->setFocus();
    edit->selectAll();
    QTest::keyClicks(edit, typed);
    QTest::keyClick(edit, Qt::Key_Return);
    QCOMPARE(m_document->selection().code(), code);
    QCOMPARE(edit->text().left(shown.size()), shown);
}

void TestPipelinePanel::arrowKeysInTheRealValueStepToTheNextCode()
{
    auto* edit = child<FloatEdit>(u"inputValue"_s);
    edit->setFocus();
    QTest::keyClick(edit, Qt::Key_Up);
    QCOMPARE(m_document->selection().code(), 39);
    QTest::keyClick(edit, Qt::Key_Down);
    QTest::keyClick(edit, Qt::Key_Down);
    QCOMPARE(m_document->selection().code(), 37);
    QCOMPARE(edit->text(), u"0.29119635"_s);
}

void TestPipelinePanel::aValueBeyondTheCodesIsRefusedWithItsRange()
{
    auto* edit = child<FloatEdit>(u"inputValue"_s);
    edit->setFocus();
    edit->selectAll();
    QTest::keyClicks(edit, u"-7"_s);
    QTest::keyClick(edit, Qt::Key_Return);
    QCOMPARE(m_document->selection().code(), 38);
    QVERIFY2(edit->problem().startsWith(u"-7 is beyond what the codes stand for, 0 to 2.00689"_s),
             qPrintable(edit->problem()));
    auto* code = child<IntEdit>(u"inputCode"_s);
    code->setFocus();
    code->selectAll();
    QTest::keyClicks(code, u"300"_s);
    QCOMPARE(code->problem(), u"300 is beyond 0 to 255; Escape brings back 38."_s);
    QTest::keyClick(code, Qt::Key_Return);
    QCOMPARE(m_document->selection().code(), 38);
}

void TestPipelinePanel::aTextThatIsNoNumberChangesNothing()
{
    auto* edit = child<FloatEdit>(u"inputValue"_s);
    edit->setFocus();
    edit->selectAll();
    QTest::keyClicks(edit, u"banana"_s);
    QTest::keyClick(edit, Qt::Key_Return);
    QVERIFY(edit->hasProblem());
    QCOMPARE(m_document->selection().code(), 38);
}

void TestPipelinePanel::draggingTheDotMovesTheSelection()
{
    auto* line = child<NumberLine>(u"inputCodeLine"_s);
    const auto at
        = [line](int code) { return QPoint(qRound(line->positionOf(code)), line->height() / 2); };
    QTest::mousePress(line, Qt::LeftButton, {}, at(38));
    QTest::mouseMove(line, at(120));
    QTest::mouseMove(line, at(200));
    QTest::mouseRelease(line, Qt::LeftButton, {}, at(200));
    QVERIFY(std::abs(m_document->selection().code() - 200) <= 2);
    QCOMPARE(child<IntEdit>(u"inputCode"_s)->value(), m_document->selection().code());
}

void TestPipelinePanel::anEditIsShownAtOnce()
{
    m_document->setValue(Field::beta, 0, 5000);
    const StageCardContent& output = m_panel->card(Stage::output_code)->content();
    QCOMPARE(output.result, u"255"_s);
    QCOMPARE(output.badges.at(0).text, u"saturated high"_s);
    QVERIFY(m_panel->card(Stage::output_code)->accessibleName().contains(u"saturated high"_s));
    m_document->undo();
    QCOMPARE(resultOf(Stage::output_code), u"52"_s);
    QVERIFY(m_panel->card(Stage::output_code)->content().badges.empty());
}

void TestPipelinePanel::aSignedTypeChangesTheRange()
{
    m_document->editLayer(u"type"_s, std::nullopt,
                          [](BatchNormLayer& layer) { layer.input.type = qint8_type; });
    auto* edit = child<IntEdit>(u"inputCode"_s);
    QCOMPARE(edit->minimum(), -128);
    QCOMPARE(edit->maximum(), 127);
    edit->setFocus();
    edit->selectAll();
    QTest::keyClicks(edit, u"-5"_s);
    QTest::keyClick(edit, Qt::Key_Return);
    QCOMPARE(m_document->selection().code(), -5);
    QCOMPARE(m_panel->card(Stage::input_code)->content().substituted, u"0xfb\n0b11111011"_s);
}

void TestPipelinePanel::nothingIsCut_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<double>("gamma");
    for (const int width : {1000, 1600}) {
        for (const double gamma : {117.5, -1.2345678901e38, 1e-40, std::nan("")})
            QTest::addRow("gamma %g at %d px", gamma, width) << width << gamma;
    }
}

void TestPipelinePanel::nothingIsCut()
{
    QFETCH(int, width);
    QFETCH(double, gamma);
    m_panel->resize(width, m_panel->minimumSizeHint().height());
    m_document->setValue(Field::gamma, 0, gamma);
    m_document->setValue(Field::beta, 0, -3.4028234663852886e38);
    QCoreApplication::processEvents();
    QVERIFY(m_panel->findChild<QScrollArea*>()->horizontalScrollBar()->maximum() == 0);
    for (auto* text : m_panel->findChildren<FitText*>()) {
        QVERIFY2(text->shownWidth() <= text->width(), qPrintable(text->text()));
        QVERIFY2(text->shownPixelSize() >= 8, qPrintable(text->text()));
        QVERIFY(text->height() >= text->minimumSizeHint().height());
    }
    for (auto* label : m_panel->findChildren<QLabel*>())
        QVERIFY2(label->width() >= label->sizeHint().width(), qPrintable(label->text()));
    auto* value = child<FloatEdit>(u"inputValue"_s);
    QVERIFY(value->fontMetrics().horizontalAdvance(u"0.299066"_s) + 12 <= value->width());
}

void TestPipelinePanel::aNarrowPanelScrolls()
{
    m_panel->resize(600, 240);
    QCoreApplication::processEvents();
    QVERIFY(m_panel->findChild<QScrollArea*>()->horizontalScrollBar()->maximum() > 0);
    QVERIFY(m_panel->card(Stage::normalize)->width() >= 130);
}

void TestPipelinePanel::everyControlHasNameAndTooltip()
{
    for (auto* widget : m_panel->findChildren<QWidget*>()) {
        const bool inner = qobject_cast<QLineEdit*>(widget) != nullptr
            && qobject_cast<IntEdit*>(widget->parentWidget()) != nullptr;
        if (widget->focusPolicy() == Qt::NoFocus || inner || widget->window() != m_panel->window())
            continue;
        const QByteArray who = widget->objectName().toUtf8() + widget->metaObject()->className();
        QVERIFY2(!widget->objectName().isEmpty(), who);
        QVERIFY2(!widget->accessibleName().isEmpty(), who);
        QVERIFY2(!widget->toolTip().isEmpty(), who);
    }
}

void TestPipelinePanel::aLiveSwitchToDarkLeavesNothingBehind()
{
    applyTheme(*qApp, Theme::Dark);
    QCoreApplication::processEvents();
    const auto* code = child<IntEdit>(u"inputCode"_s)->findChild<QLineEdit*>();
    QCOMPARE(code->palette().color(QPalette::Text), colorsFor(m_panel->palette()).code);
    for (const char* const name : {"inputCode", "inputValue", "gamma", "outputZeroPoint"}) {
        const QPalette colors = m_panel->findChild<QWidget*>(QLatin1String(name))->palette();
        QVERIFY2(contrastRatio(colors.color(QPalette::Text), colors.color(QPalette::Window)) > 4.5,
                 name);
    }
    applyTheme(*qApp, Theme::Light);
    QCoreApplication::processEvents();
    for (const char* const name : {"inputCode", "gamma"}) {
        const QPalette colors = m_panel->findChild<QWidget*>(QLatin1String(name))->palette();
        QVERIFY2(contrastRatio(colors.color(QPalette::Text), colors.color(QPalette::Window)) > 4.5,
                 name);
    }
}

QBN_TEST(TestPipelinePanel)
#include "tst_pipeline_panel.moc"
