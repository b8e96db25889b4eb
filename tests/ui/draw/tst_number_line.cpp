#include "tests/support/room.h"
#include "ui/draw/number_line.h"
#include "ui/draw/number_line_model.h"

#include <QImage>
#include <QSignalSpy>
#include <QTest>

#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;
using namespace qbn::ui;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
const double notANumber = std::nan("");

/// Whether a pixel near (x, y) has exactly this colour.
bool hasColorNear(const QImage& image, qreal x, int y, const QColor& color)
{
    for (int dx = -3; dx <= 3; ++dx)
        for (int dy = -6; dy <= 6; ++dy)
            if (image.valid(qRound(x) + dx, y + dy)
                && image.pixelColor(qRound(x) + dx, y + dy).rgb() == color.rgb())
                return true;
    return false;
}

} // namespace

class TestNumberLine : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void theMarkerStandsAtItsValue();
    void valuesOutsideStandAtTheEdge_data();
    void valuesOutsideStandAtTheEdge();
    void notANumberIsSaid();
    void aClickAsksForTheCodeThere();
    void aDragFollowsThePointer();
    void keysStep_data();
    void keysStep();
    void aLineThatIsNotInteractiveLeavesInputAlone();
    void roundingShowsNeighboursAndBoundaries();
    void aTieIsMarked();
    void aClampShowsWhereTheRangeEnds();
    void rangesMayBeDegenerateOrHuge();
    void niceStepsAreOneTwoFive();

private:
    NumberLine m_line;
};

void TestNumberLine::init()
{
    m_line.setModel({});
    m_line.setInteractive(false);
    m_line.resize(271, 44); // the axis is 255 px long: one pixel a code
    m_line.setPalette(lightPalette());
}

void TestNumberLine::theMarkerStandsAtItsValue()
{
    m_line.setModel(codeLine(0, 255, 38, ValueKind::Code));
    QCOMPARE(m_line.positionOf(0), 8.0);
    QCOMPARE(m_line.positionOf(255), 263.0);
    QCOMPARE(m_line.positionOf(38), 46.0);
    const QImage image = m_line.grab().toImage();
    const QColor blue = colorsFor(lightPalette()).code;
    QVERIFY(hasColorNear(image, 46, 22, blue));
    QVERIFY(!hasColorNear(image, 150, 22, blue));
    QCOMPARE(m_line.accessibleDescription(), u"38 on a line from 0 to 255."_s);
}

void TestNumberLine::valuesOutsideStandAtTheEdge_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<bool>("right");
    QTest::newRow("above") << 300.0 << true;
    QTest::newRow("below") << -1.0 << false;
    QTest::newRow("infinity") << inf << true;
    QTest::newRow("minus infinity") << -inf << false;
}

void TestNumberLine::valuesOutsideStandAtTheEdge()
{
    QFETCH(double, value);
    QFETCH(bool, right);
    m_line.setModel(realLine(0, 255, value));
    const QImage image = m_line.grab().toImage();
    const QColor green = colorsFor(lightPalette()).real;
    QCOMPARE(hasColorNear(image, 266, 22, green), right);
    QCOMPARE(hasColorNear(image, 5, 22, green), !right);
}

void TestNumberLine::notANumberIsSaid()
{
    const QImage empty = m_line.grab().toImage();
    m_line.setModel(realLine(0, 1, notANumber));
    QCOMPARE(m_line.accessibleDescription(), u"Not a number."_s);
    QVERIFY(m_line.grab().toImage() != empty);
    // NaN equals NaN, so nothing is painted anew.
    QVERIFY(realLine(0, 1, notANumber) == realLine(0, 1, notANumber));
    QVERIFY(!(realLine(0, 1, notANumber) == realLine(0, 1, 0)));
}

void TestNumberLine::aClickAsksForTheCodeThere()
{
    m_line.setInteractive(true);
    m_line.setModel(codeLine(0, 255, 38, ValueKind::Code));
    QSignalSpy dragged(&m_line, &NumberLine::valueDragged);
    QTest::mouseClick(&m_line, Qt::LeftButton, {}, QPoint(8 + 52, 20));
    QCOMPARE(dragged.size(), 1);
    QCOMPARE(dragged[0][0].toDouble(), 52.0);
    QCOMPARE(*m_line.model().value, 38.0); // the model is the owner's
}

void TestNumberLine::aDragFollowsThePointer()
{
    m_line.setInteractive(true);
    m_line.setModel(codeLine(-128, 127, 0, ValueKind::Code));
    QSignalSpy dragged(&m_line, &NumberLine::valueDragged);
    connect(&m_line, &NumberLine::valueDragged, &m_line, [this](double value) {
        m_line.setModel(codeLine(-128, 127, static_cast<int>(value), ValueKind::Code));
    });
    QTest::mousePress(&m_line, Qt::LeftButton, {}, QPoint(136, 20));
    for (const int x : {140, 150, 160, 100, -50})
        QTest::mouseMove(&m_line, QPoint(x, 20));
    QTest::mouseRelease(&m_line, Qt::LeftButton, {}, QPoint(-50, 20));
    QVERIFY(dragged.size() >= 4);
    QCOMPARE(dragged.last()[0].toDouble(), -128.0);
    disconnect(&m_line, &NumberLine::valueDragged, &m_line, nullptr);
}

void TestNumberLine::keysStep_data()
{
    QTest::addColumn<Qt::Key>("key");
    QTest::addColumn<double>("wanted");
    QTest::newRow("right is one up") << Qt::Key_Right << 39.0;
    QTest::newRow("left is one down") << Qt::Key_Left << 37.0;
    QTest::newRow("page up is ten up") << Qt::Key_PageUp << 48.0;
    QTest::newRow("page down is ten down") << Qt::Key_PageDown << 28.0;
    QTest::newRow("home is the lowest") << Qt::Key_Home << 0.0;
    QTest::newRow("end is the highest") << Qt::Key_End << 255.0;
}

void TestNumberLine::keysStep()
{
    QFETCH(Qt::Key, key);
    m_line.setInteractive(true);
    m_line.setModel(codeLine(0, 255, 38, ValueKind::Code));
    QSignalSpy dragged(&m_line, &NumberLine::valueDragged);
    QTest::keyClick(&m_line, key);
    QCOMPARE(dragged.size(), 1);
    QTEST(dragged[0][0].toDouble(), "wanted");
}

void TestNumberLine::aLineThatIsNotInteractiveLeavesInputAlone()
{
    m_line.setModel(codeLine(0, 255, 38, ValueKind::Code));
    QSignalSpy dragged(&m_line, &NumberLine::valueDragged);
    QTest::mouseClick(&m_line, Qt::LeftButton, {}, QPoint(60, 20));
    QTest::keyClick(&m_line, Qt::Key_Right);
    QCOMPARE(dragged.size(), 0);
    QCOMPARE(m_line.focusPolicy(), Qt::NoFocus);
}

void TestNumberLine::roundingShowsNeighboursAndBoundaries()
{
    const NumberLineModel line = roundingLine(51.98679, 52, 0, 255);
    QCOMPARE(line.points.size(), size_t(4));
    QCOMPARE(line.points[1].label, u"51"_s);
    QCOMPARE(line.points[2].label, u"52"_s);
    QCOMPARE(line.boundaries, (std::vector<double>{50.5, 51.5, 52.5}));
    QCOMPARE(*line.target, 52.0);
    QVERIFY(!line.tie);
    QVERIFY(!line.clamped);
    QVERIFY(line.regions.empty());
    QCOMPARE(describe(line), u"51.98679 on a line from 49.7 to 53.3, becomes 52."_s);
}

void TestNumberLine::aTieIsMarked()
{
    QVERIFY(roundingLine(2.5, 2, 0, 255).tie);
    QVERIFY(roundingLine(-2.5, -2, -128, 127).tie);
    QVERIFY(!roundingLine(std::nextafter(2.5, 3), 3, 0, 255).tie);
    QVERIFY(describe(roundingLine(2.5, 2, 0, 255)).contains(u"a tie"_s));
}

void TestNumberLine::aClampShowsWhereTheRangeEnds()
{
    const NumberLineModel far = roundingLine(300.25, 255, 0, 255);
    QVERIFY(far.clamped);
    QVERIFY(far.low < 255 && far.high > 300.25);
    QCOMPARE(far.regions.size(), size_t(1));
    QCOMPARE(far.regions[0].low, 255.5);
    QCOMPARE(far.regions[0].label, u"high"_s);

    const NumberLineModel near = roundingLine(-0.75, 0, 0, 255);
    QVERIFY(near.clamped);
    QCOMPARE(near.regions.size(), size_t(1));
    QCOMPARE(near.regions[0].label, u"low"_s);
    QCOMPARE(near.points.front().label, u"0"_s);

    QVERIFY(!roundingLine(255.5, 255, 0, 255).clamped);
    const NumberLineModel infinite = roundingLine(inf, 255, 0, 255);
    QVERIFY(std::isfinite(infinite.low) && std::isfinite(infinite.high));
    QVERIFY(infinite.clamped);
}

void TestNumberLine::rangesMayBeDegenerateOrHuge()
{
    constexpr double huge = std::numeric_limits<double>::max();
    for (const NumberLineModel& model :
         {realLine(1, 1, 1), realLine(-huge, huge, 0), realLine(notANumber, 1, 0.5),
          realLine(-inf, inf, 0), roundingLine(1e300, 255, 0, 255), realLine(0, 5e-324, 5e-324)}) {
        m_line.setModel(model);
        QVERIFY(!m_line.grab().isNull());
        QVERIFY(std::isfinite(m_line.positionOf(0.5)));
    }
    m_line.setModel(realLine(-huge, huge, 0));
    QCOMPARE(m_line.positionOf(0), 135.5);
}

void TestNumberLine::niceStepsAreOneTwoFive()
{
    QCOMPARE(niceStep(255, 5), 100.0);
    QCOMPARE(niceStep(1, 5), 0.2);
    QCOMPARE(niceStep(0.3, 6), 0.05);
    QCOMPARE(niceStep(7, 7), 1.0);
}

QBN_TEST(TestNumberLine)
#include "tst_number_line.moc"
