#include "tests/support/room.h"
#include "ui/edit/slider_range.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace qbn::ui;

class TestSliderRange : public QObject
{
    Q_OBJECT

private slots:
    void rangesAreSensible_data();
    void rangesAreSensible();
    void everyRangeIsValid();
    void shareAndValueAreInverse_data();
    void shareAndValueAreInverse();
    void zeroCanBeReached();
    void endsHoldWhatIsOutside();
};

void TestSliderRange::rangesAreSensible_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<double>("value");
    QTest::addColumn<double>("low");
    QTest::addColumn<double>("high");
    const auto kind = [](SliderKind k) { return static_cast<int>(k); };
    QTest::newRow("a mean") << kind(SliderKind::Mean) << 0.565 << -2.0 << 2.0;
    QTest::newRow("a large mean") << kind(SliderKind::Mean) << -110.0 << -500.0 << 500.0;
    QTest::newRow("a variance") << kind(SliderKind::Positive) << 0.0795 << 1e-5 << 10.0;
    QTest::newRow("a negative variance") << kind(SliderKind::Positive) << -1.0 << 1e-3 << 1e3;
    QTest::newRow("eps") << kind(SliderKind::Tiny) << 1e-5 << 1e-10 << 1.0;
    QTest::newRow("eps 0") << kind(SliderKind::Tiny) << 0.0 << 1e-10 << 1.0;
    QTest::newRow("gamma") << kind(SliderKind::Signed) << 117.5 << -1000.0 << 1000.0;
    QTest::newRow("beta 0") << kind(SliderKind::Signed) << 0.0 << -10.0 << 10.0;
}

void TestSliderRange::rangesAreSensible()
{
    QFETCH(int, kind);
    QFETCH(double, value);
    const SliderRange range = sensibleRange(static_cast<SliderKind>(kind), value);
    QTEST(range.low, "low");
    QTEST(range.high, "high");
}

void TestSliderRange::everyRangeIsValid()
{
    using Limits = std::numeric_limits<double>;
    for (const SliderKind kind :
         {SliderKind::Mean, SliderKind::Positive, SliderKind::Tiny, SliderKind::Signed}) {
        for (const double value :
             {0.0, -0.0, 1.0, -1.0, 1e300, -1e300, 1e-300, Limits::denorm_min(), Limits::infinity(),
              -Limits::infinity(), std::nan("")}) {
            const SliderRange range = sensibleRange(kind, value);
            QVERIFY(std::isfinite(range.low) && std::isfinite(range.high));
            QVERIFY(range.low < range.high);
            const double share = range.shareOf(value);
            QVERIFY(share >= 0 && share <= 1);
        }
    }
}

void TestSliderRange::shareAndValueAreInverse_data()
{
    QTest::addColumn<double>("low");
    QTest::addColumn<double>("high");
    QTest::addColumn<int>("scale");
    QTest::newRow("linear") << -2.0 << 2.0 << static_cast<int>(SliderScale::Linear);
    QTest::newRow("logarithmic") << 1e-10 << 1.0 << static_cast<int>(SliderScale::Log);
    QTest::newRow("signed logarithmic")
        << -1000.0 << 1000.0 << static_cast<int>(SliderScale::SignedLog);
}

void TestSliderRange::shareAndValueAreInverse()
{
    QFETCH(double, low);
    QFETCH(double, high);
    QFETCH(int, scale);
    const SliderRange range{low, high, static_cast<SliderScale>(scale)};
    double before = -std::numeric_limits<double>::infinity();
    for (int i = 0; i <= 1000; ++i) {
        const double value = range.valueAt(i / 1000.0);
        QVERIFY(value >= before);
        before = value;
        QVERIFY2(std::abs(range.shareOf(value) - i / 1000.0) < 3e-3, // near 0 it snaps
                 qPrintable(QString::number(i)));
    }
    QCOMPARE(range.valueAt(0), low);
    QCOMPARE(range.valueAt(1), high);
}

void TestSliderRange::zeroCanBeReached()
{
    QCOMPARE(sensibleRange(SliderKind::Signed, 117.5).valueAt(0.5), 0.0);
    QCOMPARE(sensibleRange(SliderKind::Mean, 0.5).valueAt(0.5), 0.0);
    QVERIFY(!std::signbit(sensibleRange(SliderKind::Mean, 0.5).valueAt(0.5)));
}

void TestSliderRange::endsHoldWhatIsOutside()
{
    constexpr double inf = std::numeric_limits<double>::infinity();
    const SliderRange range{1e-3, 1e3, SliderScale::Log};
    QCOMPARE(range.shareOf(-5), 0.0);
    QCOMPARE(range.shareOf(0), 0.0);
    QCOMPARE(range.shareOf(inf), 1.0);
    QCOMPARE(range.shareOf(std::nan("")), 0.0);
    QVERIFY(!range.contains(std::nan("")));
    QVERIFY(!range.contains(0));
}

QBN_TEST(TestSliderRange)
#include "tst_slider_range.moc"
