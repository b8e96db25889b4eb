#include "core/arithmetic/exact.h"
#include "tests/support/exactly.h"
#include "tests/support/room.h"

#include <QTest>

#include <boost/multiprecision/mpfr.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

using namespace qbn;
using namespace qbn::test;

namespace {

/// Some 24,000 bits. Of binary64 parameters no sum that is not 0 cancels by more than 7,500, so this
/// is right to 16,000; what lies half way between two numbers of binary64 is found at 12,000 again.
using Real = boost::multiprecision::number<boost::multiprecision::mpfr_float_backend<7300>>;
using Fewer = boost::multiprecision::number<boost::multiprecision::mpfr_float_backend<3650>>;

double rounded(const Real& value)
{
    return Fewer(value).convert_to<double>();
}

struct Reference
{
    Reference(const BatchNormLayer& layer, int inputCode)
        : deviation(Real(layer.input.scale) * (inputCode - layer.input.zero_point) - layer.mean[0])
        , root(sqrt(Real(layer.var[0]) + layer.eps))
        , normalized(deviation / root)
        , affine(normalized * layer.gamma[0] + layer.beta[0])
        , steps(affine / layer.output.scale)
    { }

    Real deviation, root, normalized, affine, steps;
};

struct Code
{
    int code = 0;
    bool tie = false;
};

Code codeOf(const Real& exactSteps, const BatchNormLayer& layer)
{
    const Fewer steps(exactSteps);
    const QuantizationParameters& output = layer.output;
    const Fewer far = 1e15;
    const Fewer reachable = steps < -far ? Fewer(-far) : steps > far ? far : steps;
    Fewer whole = floor(reachable);
    const Fewer rest = reachable - whole;
    const bool odd = static_cast<long long>(whole) % 2 != 0;
    if (rest > 0.5 || (rest == 0.5 && odd))
        whole += 1;
    auto code = static_cast<long long>(whole) + output.zero_point;
    if (layer.relu)
        code = std::max<long long>(code, output.zero_point);
    return {static_cast<int>(std::clamp<long long>(code, output.type.qmin(), output.type.qmax())),
            rest == 0.5};
}

/// Parameters whose real output is a small rest of two huge or tiny terms, near half way between
/// two codes, from all exponents that binary64 has.
class Cancelling
{
public:
    explicit Cancelling(unsigned seed)
        : m_random(seed)
    { }

    int below(int count) { return static_cast<int>(m_random() % static_cast<unsigned>(count)); }

    /// Every parameter of any exponent; `code` is where they cancel.
    BatchNormLayer next(int& code)
    {
        while (true) {
            code = 1 + below(255);
            BatchNormLayer layer = candidate(code);
            const bool finite = std::isfinite(layer.beta[0]) && std::isfinite(layer.mean[0])
                && std::isfinite(layer.gamma[0]) && std::isfinite(layer.output.scale);
            if (finite && layer.output.scale != 0 && Real(layer.var[0]) + layer.eps > 0)
                return layer;
        }
    }

private:
    /// 2^low to 2^high with up to `bits` bits.
    double number(int low, int high, int bits)
    {
        const double mantissa = 1 + std::ldexp(below(1 << bits), -bits);
        return std::ldexp(mantissa, low + below(high - low + 1));
    }

    int sign() { return below(2) == 0 ? 1 : -1; }

    BatchNormLayer candidate(int code)
    {
        BatchNormLayer layer = identity_layer("cancelling", 1);
        const CodeType type = below(2) == 0 ? quint8_type : qint8_type;
        layer.output.type = type;
        layer.output.zero_point = type.qmin() + below(256);
        layer.relu = below(4) == 0;
        // var is the square of a power of two, so without eps the terms cancel to nothing.
        const int half = below(1000) - 500;
        layer.var = {std::ldexp(1.0, 2 * half)};
        constexpr std::array epsExponents{-1074, -300, -60, -30};
        layer.eps = sign() * number(-1074, -20, 4);
        if (below(2) == 0)
            layer.eps = std::ldexp(layer.var[0], epsExponents[static_cast<std::size_t>(below(4))]);
        if (below(8) == 0)
            layer.eps = 0;
        layer.input.scale = number(-1060, 900, below(20));
        layer.gamma = {sign() * number(-1074, 1023, below(20))};
        layer.mean = {0};
        const double whole = layer.input.scale * code;
        if (below(4) == 0)
            layer.mean = {std::nextafter(whole, below(2) == 0 ? 0 : HUGE_VAL)};
        const Reference without(withoutEps(layer), code);
        // A scale of the size of what eps leaves of the sum, or of any.
        const Real rest = abs(Reference(layer, code).affine - without.affine);
        layer.output.scale = sign() * number(-1074, 1000, below(10));
        if (layer.eps == 0) // few bits for all, so that the half way points have a beta
            layer.output.scale = std::ldexp(
                1.0, std::clamp(std::ilogb(layer.gamma[0] * whole), -2000, 2000) - half);
        else if (below(4) != 0 && rest > 0)
            layer.output.scale = std::ldexp(sign() * Real(rest).convert_to<double>(), below(9) - 7);
        const Real half_way = (below(300) - 150) * Real(layer.output.scale) / 2;
        layer.beta = {Real(half_way - without.affine).convert_to<double>()};
        if (below(4) == 0)
            layer.beta = {std::nextafter(layer.beta[0], below(2) == 0 ? 0 : HUGE_VAL)};
        return layer;
    }

    static BatchNormLayer withoutEps(BatchNormLayer layer)
    {
        layer.eps = 0;
        return layer;
    }

    std::mt19937_64 m_random;
};

QString described(const BatchNormLayer& layer, int code)
{
    QString text = QStringLiteral("code %1").arg(code);
    for (const Field field : {Field::mean, Field::var, Field::gamma, Field::beta, Field::eps,
                              Field::input_scale, Field::output_scale, Field::output_zero_point})
        text += u' ' + QString::fromStdString(format_hex(value_of(layer, field, 0)));
    return text;
}

} // namespace

/// `exact` where almost all of a sum cancels, against more bits than it can cancel.
class TestExactCancellation : public QObject
{
    Q_OBJECT

private slots:
    void aRestOf291BitsBelowIsNotLost_data();
    void aRestOf291BitsBelowIsNotLost();
    void everythingIsThatOf24000Bits_data();
    void everythingIsThatOf24000Bits();
    void aDeviationThatCancelsOverARootOfZeroHasASign_data();
    void aDeviationThatCancelsOverARootOfZeroHasASign();
    void anOutputThatCancelsOverAScaleOfZeroHasASign();

private:
    void compare(const BatchNormLayer& layer, int code);
};

void TestExactCancellation::aRestOf291BitsBelowIsNotLost_data()
{
    QTest::addColumn<double>("eps");
    QTest::addColumn<double>("gamma");
    QTest::addColumn<int>("code");
    // 2^300 / sqrt(1 + 2^-290) is 2^9 below 2^300.
    QTest::newRow("512 steps below the zero point") << 0x1p-290 << 0x1p300 << 0;
    QTest::newRow("512 steps above it") << 0x1p-290 << -0x1p300 << 255;
    QTest::newRow("16 steps below it") << 0x1p-290 << 0x1p295 << 112;
    QTest::newRow("8 steps above it") << 0x1p-1000 << -0x1p1004 << 136;
    QTest::newRow("the least eps beside the largest power of two") << 0x1p-1074 << 0x1p1023 << 128;
}

void TestExactCancellation::aRestOf291BitsBelowIsNotLost()
{
    QFETCH(double, eps);
    QFETCH(double, gamma);
    BatchNormLayer layer = identity_layer("rest", 1);
    layer.output.zero_point = 128;
    layer.eps = eps;
    layer.gamma = {gamma};
    layer.beta = {-gamma};
    QTEST(ExactChannel(layer, 0).requantize(1).output_code, "code");
    compare(layer, 1);
}

void TestExactCancellation::everythingIsThatOf24000Bits_data()
{
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 4; ++seed)
        QTest::addRow("600 channels that cancel, seed %u", seed) << seed;
}

void TestExactCancellation::everythingIsThatOf24000Bits()
{
    QFETCH(unsigned, seed);
    Cancelling cancelling(seed);
    int within = 0;
    int ties = 0;
    int lost = 0;
    for (int i = 0; i < 600; ++i) {
        int code = 0;
        const BatchNormLayer layer = cancelling.next(code);
        compare(layer, code);
        if (QTest::currentTestFailed())
            return;
        const ExactChannel exact(layer, 0);
        const Boundary boundary = exact.boundary(code);
        within += std::abs(boundary.steps) < 100 ? 1 : 0;
        ties += boundary.tie ? 1 : 0;
        lost += !boundary.tie && boundary.distance < 0x1p-60 ? 1 : 0;
        compare(layer, cancelling.below(256));
    }
    qInfo("%d within 100 steps, %d ties, %d nearer to one than 2^-60", within, ties, lost);
    QVERIFY(within > 200);
    QVERIFY(ties > 10);
    QVERIFY(lost > 10);
}

void TestExactCancellation::compare(const BatchNormLayer& layer, int code)
{
    const ExactChannel exact(layer, 0);
    const Reference reference(layer, code);
    const QByteArray where = described(layer, code).toUtf8();
    const auto same = [&](double got, const Real& want) {
        return exactly(got + 0.0) == exactly(rounded(want) + 0.0)
            || (qWarning("got %a, want %a", got, rounded(want)), false);
    };

    const Requantized result = exact.requantize(code);
    const Code want = codeOf(reference.steps, layer);
    QVERIFY2(result.output_code == want.code, where);
    QVERIFY2(std::abs(result.steps) >= 0x1p40 || result.tie == want.tie, where);
    const ExactStages stages = exact.stages(code);
    QVERIFY2(same(stages.normalized, reference.normalized), where);
    QVERIFY2(same(stages.affine, reference.affine), where);
    QVERIFY2(same(stages.requantized, reference.steps + layer.output.zero_point), where);
    QVERIFY2(same(exact.steps(code), reference.steps), where);
    QVERIFY2(same(exact.affine(code), reference.affine), where);

    const Boundary boundary = exact.boundary(code);
    if (std::isfinite(boundary.distance)) {
        const Real away = reference.steps - boundary.nearest;
        QVERIFY2(same(boundary.distance, abs(away)), where);
        QVERIFY2(boundary.tie == (Fewer(reference.steps) == boundary.nearest), where);
        QVERIFY2(boundary.below == (Fewer(reference.steps) < boundary.nearest), where);
    }

    const ExactParameters parameters = exact.parameters();
    const Real gain = layer.gamma[0] / reference.root;
    const Real offset = layer.beta[0] - gain * layer.mean[0];
    QVERIFY2(same(parameters.std_dev, reference.root), where);
    QVERIFY2(same(parameters.inv_std, 1 / reference.root), where);
    QVERIFY2(same(parameters.gain, gain), where);
    QVERIFY2(same(parameters.alpha, gain * layer.input.scale / layer.output.scale), where);
    QVERIFY2(same(parameters.scaled_mean, layer.mean[0] / reference.root), where);
    QVERIFY2(same(parameters.shift, gain * layer.mean[0]), where);
    QVERIFY2(same(parameters.offset, offset), where);
    QVERIFY2(same(parameters.fused_beta, offset / layer.output.scale), where);
}

void TestExactCancellation::aDeviationThatCancelsOverARootOfZeroHasASign_data()
{
    QTest::addColumn<double>("scale");
    QTest::addColumn<double>("mean");
    QTest::addColumn<int>("code");
    // 3 * (1 + 2^-52) has no binary64; it lies between 3 and the next.
    QTest::newRow("above the mean") << 1 + 0x1p-52 << 3.0 << 255;
    QTest::newRow("below the mean") << 1 + 0x1p-52 << 3 + 0x1p-50 << 0;
    QTest::newRow("neither") << 1.0 << 3.0 << 0;
}

void TestExactCancellation::aDeviationThatCancelsOverARootOfZeroHasASign()
{
    QFETCH(double, scale);
    QFETCH(double, mean);
    QFETCH(int, code);
    BatchNormLayer layer = identity_layer("no root", 1);
    layer.input.scale = scale;
    layer.mean = {mean};
    layer.var = {1};
    layer.eps = -1;
    const ExactChannel exact(layer, 0);
    QCOMPARE(exact.requantize(3).output_code, code);
    QCOMPARE(std::isnan(exact.stages(3).normalized), scale == 1);
}

void TestExactCancellation::anOutputThatCancelsOverAScaleOfZeroHasASign()
{
    BatchNormLayer layer = identity_layer("no scale", 1);
    layer.output.scale = 0;
    layer.eps = 0x1p-290;
    layer.beta = {-1};
    QCOMPARE(ExactChannel(layer, 0).requantize(1).output_code, 0);
    QVERIFY(ExactChannel(layer, 0).stages(1).requantized == -HUGE_VAL);
    layer.output.scale = -0.0;
    QCOMPARE(ExactChannel(layer, 0).requantize(1).output_code, 255);
    layer.eps = 0;
    QCOMPARE(ExactChannel(layer, 0).requantize(1).output_code, 0);
    QVERIFY(std::isnan(ExactChannel(layer, 0).stages(1).requantized));
}

QBN_TEST(TestExactCancellation)
#include "tst_exact_cancellation.moc"
