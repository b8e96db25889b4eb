#include "core/backends/backend.h"
#include "core/compare/fraction_bits.h"
#include "core/formula/bound_formula.h"
#include "tests/support/room.h"

#include <gemmlowp/fixedpoint/fixedpoint.h>

#include <QTest>

#include <random>

using namespace qbn;

namespace {

/// One channel with real_multiplier = gamma / 8 and real_offset = beta: var 4 and eps 0 have the
/// root 2, the scales 0.25 and 1.
BatchNormLayer layerOf(double gamma, double beta)
{
    BatchNormLayer layer = identity_layer("fixed", 1);
    layer.input = {.type = quint8_type, .scale = 0.25, .zero_point = 0};
    layer.output = {.type = quint8_type, .scale = 1, .zero_point = 0};
    layer.eps = 0;
    layer.var[0] = 4;
    layer.gamma[0] = gamma;
    layer.beta[0] = beta;
    return layer;
}

/// What a statement of a backend gives on one code.
std::int64_t valueOf(const char* backend, const char* name, const BatchNormLayer& layer, int input)
{
    formula::BoundFormula bound(find_backend(backend)->program, layer);
    bound.run(0);
    return static_cast<std::int64_t>(
        bound.value(bound.program().find(name)->instruction, static_cast<std::size_t>(input)));
}

int codeOf(const char* backend, const BatchNormLayer& layer, int input)
{
    return codes(*find_backend(backend), layer, 0)[static_cast<std::size_t>(input)];
}

} // namespace

/// Integer arithmetic worked by hand, and gemmlowp's against gemmlowp's own header.
class TestFixedPoint : public QObject
{
    Q_OBJECT

private slots:
    void multiplierAndOffsetAreRoundedToTheBits();
    void halvesGoUp();
    void anInt32AccumulatorWraps();
    void theLargestSafeBitsLeaveNoRoomForOneMore_data();
    void theLargestSafeBitsLeaveNoRoomForOneMore();
    void someNumberOfBitsIsExact();
    void whatIsNoNumberIsZero();
    void idsChooseBits_data();
    void idsChooseBits();
    void gemmlowpIsGemmlowp();
    void gemmlowpKeepsATinyMultiplier();
};

void TestFixedPoint::multiplierAndOffsetAreRoundedToTheBits()
{
    // 0.7 / 8 * 2^4 = 1.4 gives 1, -3.3 * 2^4 = -52.8 gives -53: code 100 is (100 - 53 + 8) >> 4
    // = 3.
    const BatchNormLayer layer = layerOf(0.7, -3.3);
    QCOMPARE(valueOf("fixed-point:4", "quantized_multiplier", layer, 100), 1);
    QCOMPARE(valueOf("fixed-point:4", "quantized_offset", layer, 100), -53);
    QCOMPARE(valueOf("fixed-point:4", "acc", layer, 100), 47);
    QCOMPARE(valueOf("fixed-point:4", "rounded", layer, 100), 3);
    QCOMPARE(codeOf("fixed-point:4", layer, 100), 3);
}

void TestFixedPoint::halvesGoUp()
{
    // multiplier 0.5: code 1 is 0.5 and goes to 1, code 5 is 2.5 and goes to 3; with offset -4,
    // code 7 is -0.5 and goes to 0 (zero point 10).
    const BatchNormLayer up = layerOf(4, 0);
    QCOMPARE(codeOf("fixed-point", up, 1), 1);
    QCOMPARE(codeOf("fixed-point", up, 5), 3);
    QCOMPARE(codeOf("exact", up, 1), 0);
    BatchNormLayer below = layerOf(4, -4);
    below.output.zero_point = 10;
    QCOMPARE(codeOf("fixed-point", below, 7), 10);
    QCOMPARE(codeOf("fixed-point", below, 5), 9); // -1.5 goes to -1
}

void TestFixedPoint::anInt32AccumulatorWraps()
{
    // Multiplier 1 with 30 bits: code 2 is 2^31, which wraps to -2^31, so -2.
    const BatchNormLayer layer = layerOf(8, 0);
    QCOMPARE(codeOf("fixed-point:30", layer, 1), 1);
    QCOMPARE(codeOf("fixed-point:30", layer, 2), 0);
    QCOMPARE(codeOf("fixed-point:30:int64", layer, 2), 2);
}

void TestFixedPoint::theLargestSafeBitsLeaveNoRoomForOneMore_data()
{
    QTest::addColumn<double>("gamma");
    QTest::addColumn<double>("beta");
    QTest::addColumn<int>("bits"); // 0: none
    // 255 * 2^23 is below 2^31 and 255 * 2^24 is not.
    QTest::newRow("multiplier 1") << 8.0 << 0.0 << 23;
    QTest::newRow("multiplier 1/1024 has the most there are") << 8.0 / 1024 << 0.0 << 30;
    QTest::newRow("an offset of 100 alone takes 7 bits") << 0.0 << 100.0 << 24;
    QTest::newRow("an offset of -128 fits exactly") << 0.0 << -128.0 << 24;
    QTest::newRow("an offset of 128 does not") << 0.0 << 128.0 << 23;
    QTest::newRow("multiplier 2^20 fits with the fewest") << 8.0 * 0x1p19 << 0.0 << 4;
    QTest::newRow("multiplier 2^21 does not") << 8.0 * 0x1p20 << 0.0 << 0;
}

void TestFixedPoint::theLargestSafeBitsLeaveNoRoomForOneMore()
{
    QFETCH(double, gamma);
    QFETCH(double, beta);
    QFETCH(int, bits);
    QCOMPARE(largest_safe_fraction_bits(layerOf(gamma, beta), 0).value_or(0), bits);
}

void TestFixedPoint::someNumberOfBitsIsExact()
{
    // Multiplier 1/8 and offset 3/16 need four bits. Without the offset there are ties: they go up
    // instead of to even, so that the codes of 0.5, 2.5, .. differ with any number.
    BatchNormLayer layer = layerOf(1, 0.1875);
    auto exact = exact_fraction_bits(layer, 0, Accumulator::int32);
    QVERIFY(exact[4] && exact[10]);
    layer.beta[0] = 0;
    exact = exact_fraction_bits(layer, 0, Accumulator::int32);
    QCOMPARE(std::count(exact.begin(), exact.end(), true), std::ptrdiff_t{0});
}

void TestFixedPoint::whatIsNoNumberIsZero()
{
    BatchNormLayer layer = layerOf(1, 5);
    layer.var[0] = -1;
    layer.output.zero_point = 9;
    QCOMPARE(codeOf("fixed-point", layer, 200), 9);
    QCOMPARE(codeOf("fixed-point-gemmlowp", layer, 200), 9);
}

void TestFixedPoint::idsChooseBits_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<int>("bits"); // -1: there is no such backend
    QTest::newRow("the fewest") << "fixed-point:4" << 4;
    QTest::newRow("the most, wide") << "fixed-point:30:int64" << 30;
    QTest::newRow("too few") << "fixed-point:3" << -1;
    QTest::newRow("too many") << "fixed-point:31" << -1;
    QTest::newRow("no number") << "fixed-point:" << -1;
    QTest::newRow("something after it") << "fixed-point:8x" << -1;
    QTest::newRow("another accumulator") << "fixed-point:8:int16" << -1;
}

void TestFixedPoint::idsChooseBits()
{
    QFETCH(QString, id);
    QFETCH(int, bits);
    const Backend* backend = find_backend(id.toStdString());
    const auto fixed = fixed_point_of(id.toStdString());
    QCOMPARE(fixed ? fixed->fraction_bits : -1, bits);
    QCOMPARE(backend != nullptr, bits >= 0);
    if (backend)
        QCOMPARE(QString::fromUtf8(backend->id.data(), static_cast<qsizetype>(backend->id.size())),
                 id);
}

void TestFixedPoint::gemmlowpIsGemmlowp()
{
    std::mt19937 random(7);
    std::uniform_real_distribution<double> gamma(-40, 40);
    std::uniform_real_distribution<double> beta(-100, 100);
    const auto& program = find_backend("fixed-point-gemmlowp")->program;
    for (int round = 0; round < 2000; ++round) {
        BatchNormLayer layer = layerOf(gamma(random), beta(random));
        layer.input.zero_point = round % 256;
        layer.output.zero_point = 255 - round % 256;
        formula::BoundFormula bound(program, layer);
        bound.run(0);
        const auto value = [&](const char* name) {
            return static_cast<std::int32_t>(bound.value(program->find(name)->instruction, 0));
        };
        const std::int32_t bits = value("fraction_bits");
        int exponent = 0;
        const double mantissa
            = std::frexp(bound.value(program->find("real_multiplier")->instruction, 0), &exponent);
        const auto multiplier = static_cast<std::int32_t>(std::round(std::ldexp(mantissa, 31)));
        const int shift = bits + exponent;
        QVERIFY(shift >= 0 && shift <= 30);
        for (int code = 0; code < 256; ++code) {
            const std::int32_t product = gemmlowp::SaturatingRoundingDoublingHighMul(
                (code - layer.input.zero_point) * (1 << shift), multiplier);
            const std::int32_t rounded
                = gemmlowp::RoundingDivideByPOT(product + value("quantized_offset"), bits);
            QCOMPARE(bound.code(static_cast<std::size_t>(code)),
                     std::clamp(rounded + layer.output.zero_point, 0, 255));
        }
    }
}

void TestFixedPoint::gemmlowpKeepsATinyMultiplier()
{
    // A channel that has all but died: the offset alone remains, whatever the multiplier's
    // exponent.
    for (const double gamma : {1e-8, 1e-12, 1e-30, 0.0})
        QCOMPARE(codeOf("fixed-point-gemmlowp", layerOf(gamma, 100.3), 255), 100);
}

QBN_TEST(TestFixedPoint)
#include "tst_fixed_point.moc"
