#include "core/explain/coincidence.h"
#include "tests/support/room.h"

#include <QTest>

#include <cmath>

using namespace qbn;

class TestCoincidence : public QObject
{
    Q_OBJECT

private slots:
    void atLeast_data();
    void atLeast();
    void oneOfSeveral();
};

void TestCoincidence::atLeast_data()
{
    QTest::addColumn<int>("wanted");
    QTest::addColumn<int>("tries");
    QTest::addColumn<double>("each");
    QTest::addColumn<double>("chance");
    QTest::newRow("none is certain") << 0 << 2 << 0.25 << 1.0;
    QTest::newRow("both of two: 1 / 16") << 2 << 2 << 0.25 << 0.0625;
    QTest::newRow("one of two: 1 - 9 / 16") << 1 << 2 << 0.25 << 0.4375;
    QTest::newRow("two of three: (3 * 3 + 1) / 64") << 2 << 3 << 0.25 << 10.0 / 64;
    QTest::newRow("what is to be expected is no surprise") << 500 << 1000 << 0.5 << 1.0;
    QTest::newRow("what is certain") << 3 << 3 << 1.0 << 1.0;
    QTest::newRow("what cannot be") << 1 << 3 << 0.0 << 0.0;
    QTest::newRow("999 of 1000 coins: 1001 / 2^1000")
        << 999 << 1000 << 0.5 << std::ldexp(1001.0, -1000);
    // Summed with Python's fractions.
    QTest::newRow("15 of 2000, where 7.8 are to be expected")
        << 15 << 2000 << 1.0 / 256 << 0.014123761134936044;
}

void TestCoincidence::atLeast()
{
    QFETCH(int, wanted);
    QFETCH(int, tries);
    QFETCH(double, each);
    QFETCH(double, chance);
    const double given = chance_of_at_least(static_cast<std::size_t>(wanted),
                                            static_cast<std::size_t>(tries), each);
    QVERIFY2(std::abs(given - chance) <= 1e-10 * chance,
             qPrintable(QString::number(given, 'g', 17)));
}

void TestCoincidence::oneOfSeveral()
{
    QCOMPARE(chance_of_any(0.5, 2), 0.75);
    QCOMPARE(chance_of_any(1, 3), 1.0);
    QCOMPARE(chance_of_any(0, 3), 0.0);
    // 1 - (1 - 1e-20) would be 0.
    QVERIFY(std::abs(chance_of_any(1e-20, 7) - 7e-20) < 1e-33);
}

QBN_TEST(TestCoincidence)
#include "tst_coincidence.moc"
