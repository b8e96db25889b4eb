#include "tests/support/room.h"
#include "ui/edit/number_step.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace qbn::ui;

class TestNumberStep : public QObject
{
    Q_OBJECT

private slots:
    void stepsKeepTheOtherDigits_data();
    void stepsKeepTheOtherDigits();
    void whatIsNotFiniteStays();
    void upAndDownComeBack();
};

void TestNumberStep::stepsKeepTheOtherDigits_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("size");
    QTest::addColumn<double>("next");
    const int fine = static_cast<int>(StepSize::Fine), normal = static_cast<int>(StepSize::Normal),
              coarse = static_cast<int>(StepSize::Coarse);
    QTest::newRow("third digit up") << 117.5 << 1 << normal << 118.5;
    QTest::newRow("third digit down") << 0.0795 << -1 << normal << 0.0794;
    QTest::newRow("ten times as much") << 117.5 << 1 << coarse << 127.5;
    QTest::newRow("a tenth") << 117.5 << 1 << fine << 117.6;
    QTest::newRow("no binary dust") << 0.1 << 1 << normal << 0.101;
    QTest::newRow("no binary dust after three") << 0.1 << 3 << normal << 0.103;
    QTest::newRow("all digits of a trained mean")
        << 0.5653476119041443 << 1 << normal << 0.5663476119041443;
    QTest::newRow("small numbers") << 1e-5 << 1 << normal << 1.01e-5;
    QTest::newRow("negative numbers move up towards zero") << -310.0 << 1 << normal << -309.0;
    QTest::newRow("away from zero") << 0.0 << 1 << normal << 0.5;
    QTest::newRow("away from zero downwards") << 0.0 << -2 << normal << -1.0;
    QTest::newRow("a fine step away from zero") << 0.0 << 1 << fine << 0.05;
    QTest::newRow("large numbers") << 1.5e20 << 1 << normal << 1.51e20;
}

void TestNumberStep::stepsKeepTheOtherDigits()
{
    QFETCH(double, value);
    QFETCH(int, count);
    QFETCH(int, size);
    QFETCH(double, next);
    const double got = stepped(value, count, static_cast<StepSize>(size), 0.5);
    QVERIFY2(got == next, qPrintable(QString::number(got, 'g', 17)));
}

void TestNumberStep::whatIsNotFiniteStays()
{
    constexpr double inf = std::numeric_limits<double>::infinity();
    constexpr double largest = std::numeric_limits<double>::max();
    QVERIFY(std::isnan(stepped(std::nan(""), 1, StepSize::Normal, 1)));
    QCOMPARE(stepped(inf, -1, StepSize::Normal, 1), inf);
    QCOMPARE(stepped(-inf, 1, StepSize::Normal, 1), -inf);
    QCOMPARE(stepped(largest, 1, StepSize::Coarse, 1), largest);
    const double tiny = std::numeric_limits<double>::denorm_min();
    QVERIFY(std::isfinite(stepped(tiny, 1, StepSize::Fine, 1)));
}

void TestNumberStep::upAndDownComeBack()
{
    for (double value : {0.565347611904144, 5.280323505401611, -110.886795, 1.2345e-7}) {
        const double up = stepped(value, 1, StepSize::Normal, 1);
        QVERIFY(up > value);
        QCOMPARE(stepped(up, -1, StepSize::Normal, 1), value);
    }
}

QBN_TEST(TestNumberStep)
#include "tst_number_step.moc"
