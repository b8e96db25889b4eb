#include "core/arithmetic/bounded.h"
#include "tests/support/room.h"

#include <QTest>
#include <mpfr.h>

#include <array>
#include <cmath>
#include <random>

using namespace qbn;

namespace {

/// Enough for every sum and product of these tests to be exact, and a quotient or root nearly so.
constexpr mpfr_prec_t bits = 4096;

class Real
{
public:
    Real() { mpfr_init2(m_value, bits); }
    ~Real() { mpfr_clear(m_value); }
    Real(const Real&) = delete;
    Real& operator=(const Real&) = delete;

    mpfr_ptr get() { return m_value; }
    double rounded() const { return mpfr_get_d(m_value, MPFR_RNDN); }

private:
    mpfr_t m_value;
};

/// (a * b - c) / sqrt(d) * e + f, the shape of all stages, for d > 0.
double reference(const std::array<double, 6>& v)
{
    Real sum;
    Real root;
    mpfr_set_d(sum.get(), v[0], MPFR_RNDN);
    mpfr_mul_d(sum.get(), sum.get(), v[1], MPFR_RNDN);
    mpfr_sub_d(sum.get(), sum.get(), v[2], MPFR_RNDN);
    mpfr_set_d(root.get(), v[3], MPFR_RNDN);
    mpfr_sqrt(root.get(), root.get(), MPFR_RNDN);
    mpfr_div(sum.get(), sum.get(), root.get(), MPFR_RNDN);
    mpfr_mul_d(sum.get(), sum.get(), v[4], MPFR_RNDN);
    mpfr_add_d(sum.get(), sum.get(), v[5], MPFR_RNDN);
    return sum.rounded();
}

} // namespace

/// A number that Bounded says it has proved is the true one, rounded once.
class TestBounded : public QObject
{
    Q_OBJECT

private slots:
    void whatIsProvedIsRight_data()
    {
        QTest::addColumn<int>("spread"); // of the exponents
        QTest::addColumn<bool>("cancels"); // f is minus 63 / 64 of the rest
        QTest::newRow("ordinary numbers") << 3 << false;
        QTest::newRow("numbers far apart") << 300 << false;
        QTest::newRow("sums that cancel") << 3 << true;
    }

    void whatIsProvedIsRight()
    {
        QFETCH(int, spread);
        QFETCH(bool, cancels);
        std::mt19937_64 random(2026);
        std::uniform_real_distribution<double> mantissa(1, 2);
        std::uniform_int_distribution<int> exponent(-spread, spread);
        const auto next = [&] { return std::ldexp(mantissa(random), exponent(random)); };
        int proved = 0;
        constexpr int rounds = 20000;
        for (int round = 0; round < rounds; ++round) {
            std::array<double, 6> v{next(), next(), next(), next(), next(), next()};
            if (cancels)
                v[5] = 0.984375 * -((v[0] * v[1] - v[2]) / std::sqrt(v[3]) * v[4]);
            const std::optional<double> value
                = ((Bounded(v[0]) * v[1] - v[2]) / sqrt(Bounded(v[3])) * v[4] + v[5]).rounded();
            if (!value)
                continue;
            ++proved;
            QCOMPARE(*value, reference(v));
        }
        // Of the 11 bits that extended precision has more, six are lost where sums cancel.
        // does.
        QVERIFY2(proved > (cancels ? rounds / 4 : rounds * 9 / 10),
                 qPrintable(QString::number(proved)));
        QVERIFY(proved < rounds);
    }

    void aHalfWayCaseStaysOpen()
    {
        QVERIFY(!(Bounded(1) + 0x1p-53).rounded());
        QVERIFY(!(Bounded(1) - 0x1p-54).rounded());
        QCOMPARE((Bounded(1) + 0x1.8p-53).rounded().value_or(0), 1 + 0x1p-52);
    }

    void theSignOfZeroStaysOpen()
    {
        QVERIFY(!(Bounded(1) - 1.0).rounded());
        QVERIFY(!(Bounded(0) * -1.0).rounded());
    }
};

QBN_TEST(TestBounded)
#include "tst_bounded.moc"
