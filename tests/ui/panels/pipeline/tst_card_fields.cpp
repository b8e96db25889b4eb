#include "tests/support/room.h"
#include "ui/document/document.h"
#include "ui/draw/badge_row.h"
#include "ui/draw/origin_dot.h"
#include "ui/edit/float_edit.h"
#include "ui/edit/int_edit.h"
#include "ui/edit/value_slider.h"
#include "ui/look/text_zoom.h"
#include "ui/panels/pipeline/pipeline_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QScopeGuard>
#include <QSet>
#include <QSignalSpy>
#include <QStyle>
#include <QStyleOptionComboBox>
#include <QtTest>

using namespace qbn;
using namespace qbn::ui;

class TestCardFields : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void showsTheExample_data();
    void showsTheExample();
    void typingCommitsOnEnter_data();
    void typingCommitsOnEnter();
    void badTextChangesNothing();
    void aRunOfStepsIsOneUndoStep();
    void aSliderDragIsOneUndoStep();
    void aDragBackLeavesNoStep();
    void clickingTheReluSwitchesIt();
    void choosingATypeChangesIt();
    void zeroPointsAreWholeNumbers();
    void provenanceTurnsToTyped();
    void undoIsShown();
    void followsTheChannel();
    void anEditReachesTheSelectedChannelOnly();
    void theOrderIsThatOfTheFormula();
    void labelsLeadToTheirFields();
    void fitsANarrowColumn();
    void largeTextCutsNoNumberAndNoType();
    void aBadgeLeadsToItsField();
    void mayGoWithATextBeingTyped();

private:
    template <typename Widget> Widget* child(const char* name) const
    {
        auto* widget = m_panel->findChild<Widget*>(QLatin1String(name));
        if (!widget)
            qFatal("no widget %s", name);
        return widget;
    }
    void type(const char* field, const char* text) const;

    std::unique_ptr<Document> m_document;
    std::unique_ptr<PipelinePanel> m_panel;
};

void TestCardFields::init()
{
    m_document = std::make_unique<Document>();
    m_panel = std::make_unique<PipelinePanel>(*m_document);
    m_panel->resize(1280, m_panel->minimumSizeHint().height());
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
}

void TestCardFields::cleanup()
{
    m_panel.reset();
    m_document.reset();
}

void TestCardFields::type(const char* field, const char* text) const
{
    auto* edit = child<QWidget>(field);
    edit->setFocus();
    QTest::keyClick(edit, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(edit, QString::fromUtf8(text));
    QTest::keyClick(edit, Qt::Key_Return);
}

void TestCardFields::showsTheExample_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("text");

    const auto row = [](const char* field, const char* text) {
        QTest::newRow(field) << QString::fromLatin1(field) << QString::fromLatin1(text);
    };
    row("inputScale", "0.007870171219110489");
    row("mean", "0.5653476119041443");
    row("var", "0.07950527966022491");
    row("eps", "1e-05");
    row("gamma", "117.5");
    row("beta", "0");
    row("outputScale", "5.280323505401611");
}

void TestCardFields::showsTheExample()
{
    QFETCH(QString, field);
    QTEST(m_panel->findChild<FloatEdit*>(field)->text(), "text");
    QCOMPARE(child<IntEdit>("inputZeroPoint")->value(), 0);
    QCOMPARE(child<IntEdit>("outputZeroPoint")->value(), 73);
    QVERIFY(child<QComboBox>("inputType")->currentText().startsWith(QStringLiteral("quint8")));
    QVERIFY(!child<QCheckBox>("relu")->isChecked());
    QCOMPARE(child<FloatEdit>("gamma")->accessibleName(),
             QStringLiteral("gamma of channel 0, factor"));
}

void TestCardFields::typingCommitsOnEnter_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("shown");

    QTest::newRow("a mean") << QStringLiteral("mean") << QStringLiteral("0.1") << 0.1
                            << QStringLiteral("0.1");
    QTest::newRow("an eps with exponent")
        << QStringLiteral("eps") << QStringLiteral("1e-3") << 1e-3 << QStringLiteral("0.001");
    QTest::newRow("a scale as fraction") << QStringLiteral("inputScale") << QStringLiteral("1/127")
                                         << 1.0 / 127 << QStringLiteral("0.007874015748031496");
    QTest::newRow("a pasted tensor")
        << QStringLiteral("outputScale") << QStringLiteral("tensor([5.2803])") << 5.2803
        << QStringLiteral("5.2803");
    QTest::newRow("a negative var")
        << QStringLiteral("var") << QStringLiteral("-1") << -1.0 << QStringLiteral("-1");
}

void TestCardFields::typingCommitsOnEnter()
{
    QFETCH(QString, field);
    QFETCH(QString, typed);
    QFETCH(double, value);
    QSignalSpy changed(m_document.get(), &Document::changed);
    type(field.toLatin1().constData(), typed.toUtf8().constData());
    QVERIFY(changed.count() >= 1); // one a keystroke that makes a number
    QCOMPARE(m_document->undoStack().count(), 1);
    auto* edit = m_panel->findChild<FloatEdit*>(field);
    QCOMPARE(edit->value(), value);
    QTEST(edit->text(), "shown");
}

void TestCardFields::badTextChangesNothing()
{
    QSignalSpy changed(m_document.get(), &Document::changed);
    type("mean", "abc");
    QCOMPARE(changed.count(), 0);
    QVERIFY(child<FloatEdit>("mean")->hasProblem());
    QTest::keyClick(child<FloatEdit>("mean"), Qt::Key_Escape);
    QCOMPARE(child<FloatEdit>("mean")->text(), QStringLiteral("0.5653476119041443"));
}

void TestCardFields::aRunOfStepsIsOneUndoStep()
{
    auto* edit = child<FloatEdit>("gamma");
    edit->setFocus();
    QTest::keyPress(edit, Qt::Key_Up);
    QTest::keyPress(edit, Qt::Key_Up);
    QTest::keyRelease(edit, Qt::Key_Up);
    QCOMPARE(edit->text(), QStringLiteral("119.5"));
    QCOMPARE(m_document->layer().gamma[0], 119.5);
    QCOMPARE(m_document->undoStack().count(), 1);
    m_document->undo();
    QCOMPARE(edit->text(), QStringLiteral("117.5"));
}

void TestCardFields::aSliderDragIsOneUndoStep()
{
    auto* slider = child<ValueSlider>("meanSlider");
    const QPoint middle = slider->rect().center();
    QTest::mousePress(slider, Qt::LeftButton, {}, middle);
    for (int x = 10; x <= 40; x += 10)
        QTest::mouseMove(slider, middle + QPoint(x, 0));
    QTest::mouseRelease(slider, Qt::LeftButton, {}, middle + QPoint(40, 0));
    const double dragged = m_document->layer().mean[0];
    QVERIFY(dragged != 0.5653476119041443);
    QCOMPARE(child<FloatEdit>("mean")->value(), dragged);
    QCOMPARE(m_document->undoStack().count(), 1);

    QTest::mouseClick(slider, Qt::LeftButton, {}, middle - QPoint(30, 0));
    QCOMPARE(m_document->undoStack().count(), 2);
    m_document->undo();
    QCOMPARE(m_document->layer().mean[0], dragged);
    QCOMPARE(slider->number(), dragged);
}

void TestCardFields::aDragBackLeavesNoStep()
{
    auto* slider = child<ValueSlider>("betaSlider");
    const QPoint handle = slider->rect().center(); // beta is 0: the handle stands in the middle
    QTest::mousePress(slider, Qt::LeftButton, {}, handle);
    QTest::mouseMove(slider, handle + QPoint(30, 0));
    QVERIFY(m_document->layer().beta[0] != 0);
    QVERIFY(m_document->isModified());
    QTest::mouseMove(slider, handle);
    QTest::mouseRelease(slider, Qt::LeftButton, {}, handle);
    QCOMPARE(m_document->layer().beta[0], 0.0);
    QCOMPARE(m_document->undoStack().count(), 0);
    QVERIFY(!m_document->isModified());
    QCOMPARE(child<OriginDot>("betaOrigin")->origin(), Origin::example);
}

void TestCardFields::clickingTheReluSwitchesIt()
{
    auto* box = child<QCheckBox>("relu");
    QTest::mouseClick(box, Qt::LeftButton, {}, QPoint(8, box->height() / 2));
    QVERIFY(m_document->layer().relu);
    QCOMPARE(m_document->undoStack().undoText(), QStringLiteral("Switch fused ReLU on"));
    QCOMPARE(m_document->evaluation().row().output_code, 73);
    m_document->undo();
    QVERIFY(!box->isChecked());
    QCOMPARE(m_document->undoStack().index(), 0);
}

void TestCardFields::choosingATypeChangesIt()
{
    auto* box = child<QComboBox>("outputType");
    box->setFocus();
    QTest::keyClick(box, Qt::Key_Down);
    QCOMPARE(m_document->layer().output.type, qbn::qint8_type);
    QCOMPARE(m_document->undoStack().undoText(), QStringLiteral("Change output type"));
    QCOMPARE(child<OriginDot>("outputTypeOrigin")->origin(), Origin::typed);
    QCOMPARE(child<ValueSlider>("outputZeroPointSlider")->numberRange().low, -128.0);
    m_document->undo();
    QVERIFY(box->currentText().startsWith(QStringLiteral("quint8")));
    QCOMPARE(child<ValueSlider>("outputZeroPointSlider")->numberRange().low, 0.0);
}

void TestCardFields::zeroPointsAreWholeNumbers()
{
    type("outputZeroPoint", "83");
    QCOMPARE(m_document->layer().output.zero_point, 83);
    QCOMPARE(m_document->evaluation().row().output_code, 62);

    auto* slider = child<ValueSlider>("inputZeroPointSlider");
    QTest::mouseClick(slider, Qt::LeftButton, {}, slider->rect().center());
    const int zeroPoint = m_document->layer().input.zero_point;
    QVERIFY(zeroPoint > 100 && zeroPoint < 150);
    QCOMPARE(child<IntEdit>("inputZeroPoint")->value(), zeroPoint);
    QCOMPARE(slider->number(), double(zeroPoint));
}

void TestCardFields::provenanceTurnsToTyped()
{
    const auto* mark = child<OriginDot>("epsOrigin");
    QCOMPARE(mark->origin(), Origin::example);
    QVERIFY(mark->toolTip().contains(QStringLiteral("PyTorch's default")));
    type("eps", "1e-3");
    QCOMPARE(mark->origin(), Origin::typed);
    QCOMPARE(child<OriginDot>("meanOrigin")->origin(), Origin::pasted);
    m_document->undo();
    QCOMPARE(mark->origin(), Origin::example);
    m_document->editLayer(QStringLiteral("read"), {}, [](BatchNormLayer& layer) {
        layer.provenance.set(Field::eps, {.origin = Origin::defaulted, .note = "PyTorch's"});
    });
    QCOMPARE(mark->origin(), Origin::defaulted);
    QVERIFY(mark->toolTip().contains(QStringLiteral("PyTorch's")));
}

void TestCardFields::undoIsShown()
{
    type("inputScale", "0.01");
    type("var", "2");
    m_document->undo();
    QCOMPARE(child<FloatEdit>("var")->text(), QStringLiteral("0.07950527966022491"));
    m_document->undo();
    QCOMPARE(child<FloatEdit>("inputScale")->text(), QStringLiteral("0.007870171219110489"));
    m_document->redo();
    QCOMPARE(child<FloatEdit>("inputScale")->text(), QStringLiteral("0.01"));
}

void TestCardFields::followsTheChannel()
{
    m_document->selection().setChannel(2);
    QCOMPARE(child<FloatEdit>("gamma")->accessibleName(),
             QStringLiteral("gamma of channel 2, factor"));
    QCOMPARE(child<FloatEdit>("gamma")->text(), QStringLiteral("-310"));
    QCOMPARE(child<FloatEdit>("inputScale")->text(), QStringLiteral("0.007870171219110489"));
}

void TestCardFields::anEditReachesTheSelectedChannelOnly()
{
    m_document->selection().setChannel(1);
    type("gamma", "5");
    QCOMPARE(m_document->layer().gamma[0], 117.5);
    QCOMPARE(m_document->layer().gamma[1], 5.0);
    m_document->selection().setChannel(0);
    QCOMPARE(child<OriginDot>("gammaOrigin")->origin(), Origin::example);
    m_document->undo();
    QCOMPARE(child<FloatEdit>("gamma")->accessibleName(),
             QStringLiteral("gamma of channel 1, factor"));
    QCOMPARE(child<FloatEdit>("gamma")->text(), QStringLiteral("96"));
}

void TestCardFields::theOrderIsThatOfTheFormula()
{
    const QStringList expected{QStringLiteral("inputType"),
                               QStringLiteral("inputScale"),
                               QStringLiteral("inputZeroPoint"),
                               QStringLiteral("mean"),
                               QStringLiteral("var"),
                               QStringLiteral("eps"),
                               QStringLiteral("gamma"),
                               QStringLiteral("beta"),
                               QStringLiteral("outputScale"),
                               QStringLiteral("outputZeroPoint"),
                               QStringLiteral("outputType"),
                               QStringLiteral("relu")};
    QStringList byTab;
    auto* const first = child<QWidget>("inputType");
    QWidget* at = first;
    do {
        if (expected.contains(at->objectName()))
            byTab += at->objectName();
        at = at->nextInFocusChain();
    } while (at != first);
    QCOMPARE(byTab, expected);
    // Card by card from left to right, and downwards in each.
    QPoint last(-1, -1);
    for (const QString& name : expected) {
        auto* widget = m_panel->findChild<QWidget*>(name);
        const auto* card = widget->parentWidget()->parentWidget();
        const QPoint place(card->mapTo(m_panel.get(), QPoint()).x(),
                           widget->mapTo(m_panel.get(), QPoint()).y());
        QVERIFY2(place.x() > last.x() || (place.x() == last.x() && place.y() > last.y()),
                 qPrintable(name));
        last = place;
    }
}

void TestCardFields::labelsLeadToTheirFields()
{
    QSet<QChar> letters;
    for (const QLabel* label : m_panel->findChildren<QLabel*>()) {
        if (!label->objectName().endsWith(QStringLiteral("Label")))
            continue;
        QVERIFY(label->buddy());
        QCOMPARE(label->buddy()->objectName() + QStringLiteral("Label"), label->objectName());
        const qsizetype mnemonic = label->text().indexOf(QLatin1Char('&'));
        if (mnemonic < 0)
            continue;
        const QChar letter = label->text().at(mnemonic + 1).toUpper();
        QVERIFY2(!letters.contains(letter), qPrintable(label->text()));
        letters.insert(letter);
    }
    QVERIFY(!letters.contains(QLatin1Char('U'))); // the ReLU's
    QVERIFY(child<QCheckBox>("relu")->text().contains(QStringLiteral("&u")));
}

/// At 1024 pixels every field is seen, with eight digits at least.
void TestCardFields::fitsANarrowColumn()
{
    m_panel->resize(1012, 300);
    m_panel->setRoom(200);
    QCoreApplication::processEvents();
    QVERIFY2(m_panel->height() <= 200, "all is in sight on a small screen");
    QCOMPARE(m_panel->detail(), Detail::Small);
    for (const char* const name :
         {"inputScale", "mean", "var", "eps", "gamma", "beta", "outputScale"}) {
        const auto* edit = child<FloatEdit>(name);
        QVERIFY2(edit->visibleRegion().boundingRect() == edit->rect(), name);
        const int text = edit->fontMetrics().horizontalAdvance(QStringLiteral("0.007870"));
        QVERIFY2(text + 8 <= edit->width(), name);
    }
    m_panel->setRoom(400);
    QCOMPARE(m_panel->detail(), Detail::Full);
    m_panel->setRoom(250);
    QCOMPARE(m_panel->detail(), Detail::Medium);
    QVERIFY(child<ValueSlider>("gammaSlider")->isVisible());
    QVERIFY(!child<ValueSlider>("meanSlider")->isVisible());
}

/// What does not fit beside the others is scrolled to, not cut.
void TestCardFields::largeTextCutsNoNumberAndNoType()
{
    const auto back = qScopeGuard([] { setTextZoom(100); });
    setTextZoom(200);
    m_document->setValue(Field::eps, -1, 9.999999747378752e-06);
    m_panel->resize(1280, 400);
    m_panel->setRoom(400);
    QCoreApplication::processEvents();
    QCOMPARE(child<FloatEdit>("eps")->shownText().right(5), QStringLiteral("…e-06"));
    for (const char* const name : {"inputScale", "mean", "var", "gamma", "outputScale"}) {
        const auto* edit = child<FloatEdit>(name);
        const int text = edit->fontMetrics().horizontalAdvance(edit->shownText());
        QVERIFY2(text + 12 <= edit->width(), name);
        QVERIFY2(edit->shownText() != QStringLiteral("0…"), name);
    }
    for (const char* const name : {"inputType", "outputType"}) {
        const auto* box = child<QComboBox>(name);
        QStyleOptionComboBox option;
        option.initFrom(box);
        const QRect room = box->style()->subControlRect(QStyle::CC_ComboBox, &option,
                                                        QStyle::SC_ComboBoxEditField, box);
        QVERIFY2(box->fontMetrics().horizontalAdvance(box->currentText()) <= room.width(), name);
    }
}

void TestCardFields::aBadgeLeadsToItsField()
{
    m_document->editLayer(QStringLiteral("forget"), {}, [](BatchNormLayer& layer) {
        layer.provenance.set(Field::gamma, {.origin = Origin::unknown});
        layer.provenance.set(Field::beta, {.origin = Origin::unknown});
    });
    auto* badges = m_panel->card(Stage::affine)->findChild<BadgeRow*>();
    QCOMPARE(badges->badges().front().text, QStringLiteral("gamma, beta unknown"));
    QTest::mouseClick(badges, Qt::LeftButton, {}, badges->shownRects().front().center().toPoint());
    QVERIFY(child<FloatEdit>("gamma")->hasFocus());
}

void TestCardFields::mayGoWithATextBeingTyped()
{
    auto* edit = child<FloatEdit>("mean");
    edit->setFocus();
    QTest::keyClicks(edit, QStringLiteral("1"));
    m_panel.reset();
    QCOMPARE(m_document->undoStack().count(), 1); // the keystroke was applied at once
    m_document->setValue(Field::mean, 0, 2);
    QCOMPARE(m_document->undoStack().count(), 2);
}

QBN_TEST(TestCardFields)
#include "tst_card_fields.moc"
