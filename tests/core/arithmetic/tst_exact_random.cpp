#include "core/arithmetic/exact.h"
#include "tests/support/room.h"

#include <QTest>

#include <cmath>
#include <mpfr.h>
#include <random>

using namespace qbn;

namespace {

constexpr int channelsARow = 250'000;
constexpr int codesAChannel = 8;

/// The steps of one channel in 200 bits.
class Reference
{
public:
    Reference() { mpfr_inits2(200, m_root, m_steps, m_rest, nullptr); }
    ~Reference() { mpfr_clears(m_root, m_steps, m_rest, nullptr); }
    Reference(const Reference&) = delete;
    Reference& operator=(const Reference&) = delete;

    void setChannel(const BatchNormLayer& layer)
    {
        mpfr_set_d(m_root, layer.var[0], MPFR_RNDN);
        mpfr_add_d(m_root, m_root, layer.eps, MPFR_RNDN);
        mpfr_sqrt(m_root, m_root, MPFR_RNDN);
    }

    /// The nearest integer to steps. Nothing if steps is too near to half way for 200 bits to say.
    std::optional<long> rounded(const BatchNormLayer& layer, int inputCode)
    {
        mpfr_set_d(m_steps, layer.input.scale, MPFR_RNDN);
        mpfr_mul_si(m_steps, m_steps, inputCode - layer.input.zero_point, MPFR_RNDN);
        mpfr_sub_d(m_steps, m_steps, layer.mean[0], MPFR_RNDN);
        mpfr_div(m_steps, m_steps, m_root, MPFR_RNDN);
        mpfr_mul_d(m_steps, m_steps, layer.gamma[0], MPFR_RNDN);
        mpfr_add_d(m_steps, m_steps, layer.beta[0], MPFR_RNDN);
        mpfr_div_d(m_steps, m_steps, layer.output.scale, MPFR_RNDN);
        mpfr_frac(m_rest, m_steps, MPFR_RNDN);
        mpfr_abs(m_rest, m_rest, MPFR_RNDN);
        mpfr_sub_d(m_rest, m_rest, 0.5, MPFR_RNDN);
        if (mpfr_zero_p(m_rest) != 0 || mpfr_get_exp(m_rest) < -150)
            return std::nullopt;
        return mpfr_get_si(m_steps, MPFR_RNDN);
    }

private:
    mpfr_t m_root, m_steps, m_rest;
};

class RandomLayer
{
public:
    explicit RandomLayer(unsigned seed)
        : m_random(seed)
    { }

    int below(int count) { return static_cast<int>(m_random() % static_cast<unsigned>(count)); }

    BatchNormLayer next()
    {
        BatchNormLayer layer = identity_layer("random", 1);
        const CodeType type = below(2) == 0 ? quint8_type : qint8_type;
        layer.input = {type, magnitude(6), type.qmin() + below(256)};
        layer.output = {type, magnitude(6), type.qmin() + below(256)};
        layer.eps = below(2) == 0 ? 1e-5 : magnitude(8);
        layer.mean = {sign() * magnitude(8)};
        layer.var = {magnitude(12)};
        layer.gamma = {sign() * magnitude(8)};
        layer.beta = {sign() * magnitude(8)};
        layer.relu = below(4) == 0;
        return layer;
    }

    /// Moves beta so that the code's steps lies a few units in the last place of binary64 from half
    /// way between two codes.
    void moveToATie(BatchNormLayer& layer, int inputCode)
    {
        const double wanted = (below(200) - 100 + 0.5) * layer.output.scale;
        const double dequantized = layer.input.scale * (inputCode - layer.input.zero_point);
        const double normalized
            = (dequantized - layer.mean[0]) / std::sqrt(layer.var[0] + layer.eps);
        double beta = wanted - layer.gamma[0] * normalized;
        for (int away = below(4); away > 0; --away)
            beta = std::nextafter(beta, 2 * beta);
        layer.beta[0] = beta;
    }

private:
    double sign() { return below(2) == 0 ? 1 : -1; }
    /// 2^-bits to 2^bits, with 53 random bits of its own.
    double magnitude(int bits)
    {
        return std::exp2(std::uniform_real_distribution<double>(-bits, bits)(m_random));
    }

    std::mt19937_64 m_random;
};

int clampedCode(long rounded, const BatchNormLayer& layer)
{
    const long zeroPoint = layer.output.zero_point;
    const long lifted = layer.relu ? std::max(rounded, 0L) : rounded;
    return static_cast<int>(
        std::clamp<long>(lifted + zeroPoint, layer.output.type.qmin(), layer.output.type.qmax()));
}

} // namespace

/// A million random channels, most of them with a code that binary64 cannot decide.
class TestExactRandom : public QObject
{
    Q_OBJECT

private slots:
    void codesAreThoseOf200Bits_data();
    void codesAreThoseOf200Bits();
};

void TestExactRandom::codesAreThoseOf200Bits_data()
{
    QTest::addColumn<unsigned>("seed");
    QTest::addColumn<bool>("nearTies");
    QTest::newRow("250,000 random channels") << 1U << false;
    for (unsigned seed = 2; seed <= 4; ++seed)
        QTest::addRow("250,000 channels with a near tie, seed %u", seed) << seed << true;
}

void TestExactRandom::codesAreThoseOf200Bits()
{
    QFETCH(unsigned, seed);
    QFETCH(bool, nearTies);
    RandomLayer random(seed);
    Reference reference;
    int undecided = 0;
    int near = 0;
    for (int i = 0; i < channelsARow; ++i) {
        BatchNormLayer layer = random.next();
        const int first = layer.input.type.qmin() + random.below(256);
        if (nearTies)
            random.moveToATie(layer, first);
        reference.setChannel(layer);
        const ExactChannel exact(layer, 0);
        for (int k = 0; k < codesAChannel; ++k) {
            const int code = k == 0 ? first : layer.input.type.qmin() + random.below(256);
            const auto rounded = reference.rounded(layer, code);
            const Requantized got = exact.requantize(code);
            if (!rounded) {
                ++undecided;
                continue;
            }
            if (got.output_code != clampedCode(*rounded, layer) || got.tie)
                QFAIL(qPrintable(QStringLiteral("channel %1, code %2").arg(i).arg(code)));
            near += std::abs(std::abs(got.steps - std::nearbyint(got.steps)) - 0.5) < 1e-12 ? 1 : 0;
        }
    }
    // Random numbers hold no tie but by a miracle, and the built ones are not far from one.
    QVERIFY(undecided < 10);
    QVERIFY(near >= (nearTies ? channelsARow / 2 : 0));
}

QBN_TEST(TestExactRandom)
#include "tst_exact_random.moc"
