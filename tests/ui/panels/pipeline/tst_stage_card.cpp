#include "tests/support/room.h"
#include "ui/draw/badge_row.h"
#include "ui/draw/fit_text.h"
#include "ui/draw/formula_view.h"
#include "ui/draw/number_line.h"
#include "ui/panels/pipeline/stage_card.h"

#include <QApplication>
#include <QHelpEvent>
#include <QLabel>
#include <QSignalSpy>
#include <QTest>
#include <QToolTip>

using namespace Qt::StringLiterals;
using namespace qbn::ui;

namespace {

StageCardContent normalizeContent()
{
    StageCardContent content;
    content.title = u"Normalize"_s;
    content.formula = u"normalize"_s;
    content.substituted = u"(0.29906651 − 0.5653476)\n/ √(0.07950528 + 1e-05)"_s;
    content.result = u"-0.9443110239489312"_s;
    content.line = realLine(-2, 2, -0.944);
    content.help = u"How many standard deviations from the mean."_s;
    return content;
}

/// Counts the events of one type.
class EventCounter : public QObject
{
public:
    EventCounter(QWidget* watched, QEvent::Type type)
        : m_type(type)
    {
        watched->installEventFilter(this);
    }
    int count = 0;

protected:
    bool eventFilter(QObject*, QEvent* event) override
    {
        count += event->type() == m_type ? 1 : 0;
        return false;
    }

private:
    QEvent::Type m_type;
};

} // namespace

class TestStageCard : public QObject
{
    Q_OBJECT

private slots:
    void nothingIsCutInANarrowCard_data();
    void nothingIsCutInANarrowCard();
    void badgesWithoutRoomGoAndTheTextKeepsItsSize();
    void aBadgeLeadsToItsField();
    void partsStandAtTheSameHeightsInAllCards();
    void theAccessibleNameSaysTitleResultAndBadges();
    void onlyWhatDiffersIsRepainted();
    void wideCardsUseThePreferredSize();
    void linesBreakBeforeOperators_data();
    void linesBreakBeforeOperators();
};

void TestStageCard::nothingIsCutInANarrowCard_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<QString>("result");
    for (const int width : {136, 155, 190, 300}) {
        for (const QString& result :
             {u"38"_s, u"-0.9443110239489312"_s, u"-1.7976931348623157e+308"_s, u"nan"_s,
              u"-110.88679504394531"_s}) {
            QTest::addRow("%s at %d px", qPrintable(result), width) << width << result;
        }
    }
}

void TestStageCard::nothingIsCutInANarrowCard()
{
    QFETCH(int, width);
    QFETCH(QString, result);
    StageCard card;
    StageCardContent content = normalizeContent();
    content.result = result;
    content.badges = {{u"saturated high"_s, StatusShape::Up, ValueKind::Problem},
                      {u"tie"_s, StatusShape::Diamond, ValueKind::Output}};
    card.setContent(content);
    QVERIFY(card.minimumSizeHint().width() <= 136);
    card.resize(width, card.sizeHint().height());
    card.show();

    auto* shown = card.findChild<FitText*>(u"result"_s);
    QVERIFY(shown->shownWidth() <= shown->width());
    QCOMPARE(shown->shownRows().join(QString()), result);
    QVERIFY2(shown->shownPixelSize() >= 9, qPrintable(QString::number(shown->shownPixelSize())));

    auto* substituted = card.findChild<FitText*>(u"substituted"_s);
    QVERIFY(substituted->shownWidth() <= substituted->width());
    QCOMPARE(substituted->shownRows().join(u' ').remove(u' '),
             content.substituted.remove(u'\n').remove(u' '));
    QVERIFY(substituted->shownPixelSize() >= 8);

    auto* formula = card.formulaView();
    QVERIFY(formula->sizeHint().width() * formula->shownScale() <= formula->width() + 2);
    QVERIFY(formula->shownScale() > 0.7);

    auto* badges = card.findChild<BadgeRow*>();
    for (const QRectF& rect : badges->shownRects())
        QVERIFY(rect.isEmpty()
                || QRectF(badges->rect()).contains(rect.adjusted(0, 0, -0.01, -0.01)));

    auto* title = card.findChild<QLabel*>(u"title"_s);
    QVERIFY(title->width() >= title->sizeHint().width());
}

void TestStageCard::badgesWithoutRoomGoAndTheTextKeepsItsSize()
{
    BadgeRow row;
    const std::vector<Badge> badges{
        {.text = u"exact 16.7971348"_s},
        {.text = u"made up"_s, .kind = ValueKind::Assumed, .field = qbn::Field::output_scale}};
    row.setBadges(badges);
    row.resize(600, row.sizeHint().height());
    QVERIFY(!row.shownRects()[0].isEmpty() && !row.shownRects()[1].isEmpty());
    row.resize(150, row.sizeHint().height());
    QVERIFY2(row.shownRects()[0].isEmpty(), "the number, which the tool tip has");
    QVERIFY(!row.shownRects()[1].isEmpty());
    QVERIFY(row.shownPixelSize() >= 0.85 * row.preferredPixelSize());
    QCOMPARE(row.accessibleName(), u"exact 16.7971348, made up"_s);
    QHelpEvent help(QEvent::ToolTip, {5, 5}, row.mapToGlobal(QPoint(5, 5)));
    QApplication::sendEvent(&row, &help);
    QVERIFY(QToolTip::text().contains(u"exact 16.7971348, made up"_s));
    QToolTip::hideText();
}

void TestStageCard::aBadgeLeadsToItsField()
{
    BadgeRow row;
    row.setBadges(
        {{.text = u"exact"_s},
         {.text = u"made up"_s, .kind = ValueKind::Assumed, .field = qbn::Field::output_scale}});
    row.resize(600, row.sizeHint().height());
    QSignalSpy wanted(&row, &BadgeRow::fieldWanted);
    QTest::mouseClick(&row, Qt::LeftButton, {}, row.shownRects()[0].center().toPoint());
    QCOMPARE(wanted.size(), 0);
    QTest::mouseClick(&row, Qt::LeftButton, {}, row.shownRects()[1].center().toPoint());
    QCOMPARE(wanted.size(), 1);
    QCOMPARE(wanted[0][0].value<qbn::Field>(), qbn::Field::output_scale);
}

void TestStageCard::partsStandAtTheSameHeightsInAllCards()
{
    StageCard plain, full;
    plain.setContent({.title = u"Input code"_s, .formula = u"input-code"_s, .result = u"38"_s});
    full.setContent(normalizeContent());
    for (StageCard* card : {&plain, &full}) {
        card->resize(150, 240);
        card->show();
    }
    for (const QString& part : {u"formula"_s, u"substituted"_s, u"result"_s, u"numberLine"_s})
        QCOMPARE(plain.findChild<QWidget*>(part)->geometry(),
                 full.findChild<QWidget*>(part)->geometry());
}

void TestStageCard::theAccessibleNameSaysTitleResultAndBadges()
{
    StageCard card;
    StageCardContent content = normalizeContent();
    content.badges = {{u"not a number"_s, StatusShape::Warning, ValueKind::Problem}};
    content.result = u"nan"_s;
    card.setContent(content);
    QCOMPARE(card.accessibleName(), u"Normalize: nan, not a number"_s);
    QCOMPARE(card.whatsThis(), content.help);
    QVERIFY(card.toolTip().contains(u"nan"_s));
    QCOMPARE(card.formulaView()->accessibleName(), u"x\u0302 = (x − μ)/√(σ² + ε)"_s);
}

void TestStageCard::onlyWhatDiffersIsRepainted()
{
    StageCard card;
    StageCardContent content = normalizeContent();
    card.setContent(content);
    card.resize(190, 240);
    card.show();
    QVERIFY(QTest::qWaitForWindowExposed(&card));
    QCoreApplication::processEvents();
    EventCounter formula(card.formulaView(), QEvent::Paint);
    EventCounter result(card.findChild<QWidget*>(u"result"_s), QEvent::Paint);
    EventCounter layouts(&card, QEvent::LayoutRequest);
    card.setContent(content);
    QTest::qWait(20);
    QCOMPARE(result.count, 0);
    content.result = u"0.5"_s;
    card.setContent(content);
    QTRY_COMPARE(result.count, 1);
    QCOMPARE(formula.count, 0);
    QCOMPARE(layouts.count, 0);
}

void TestStageCard::wideCardsUseThePreferredSize()
{
    FitText text(1.75, 1.15);
    text.setText(u"0.29906651"_s);
    text.resize(300, text.sizeHint().height());
    const int large = text.shownPixelSize();
    text.resize(60, text.sizeHint().height());
    QVERIFY(text.shownPixelSize() < large);
    QVERIFY(text.shownWidth() <= 60);
}

void TestStageCard::linesBreakBeforeOperators_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("columns");
    QTest::addColumn<QString>("rows");
    QTest::newRow("it fits") << u"1 + 2"_s << 10 << u"1 + 2"_s;
    QTest::newRow("a bracket stays together")
        << u"0.0078 · (38 − 0)"_s << 14 << u"0.0078|· (38 − 0)"_s;
    QTest::newRow("a bracket that is too long")
        << u"(0.2990 − 0.5653) / 2"_s << 12 << u"(0.2990|− 0.5653)|/ 2"_s;
    QTest::newRow("line breaks as asked for")
        << u"0x26\n0b00100110"_s << 20 << u"0x26|0b00100110"_s;
}

void TestStageCard::linesBreakBeforeOperators()
{
    QFETCH(QString, text);
    QFETCH(int, columns);
    FitText view(0.75, 3.02);
    view.setText(text);
    QFont mono = monospaceFont(view.font());
    mono.setPixelSize(view.shownPixelSize());
    mono.setHintingPreference(QFont::PreferNoHinting);
    view.resize(qCeil(QFontMetricsF(mono).horizontalAdvance(u'0') * columns),
                view.sizeHint().height());
    QTEST(view.shownRows().join(u'|'), "rows");
}

QBN_TEST(TestStageCard)
#include "tst_stage_card.moc"
