#include "core/formula/bound_formula.h"
#include "core/formula/functions.h"
#include "core/formula/trial.h"
#include "tests/support/room.h"

#include <QTest>

#include <bit>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <random>

using namespace qbn;
using namespace qbn::formula;

/// What each operation gives, held against C's own or a definition written out, on all codes or on many bit patterns.
class TestOperations : public QObject
{
    Q_OBJECT

private slots:
    void anOperationDoesWhatItsNameSays_data();
    void anOperationDoesWhatItsNameSays();
    void whatDoesNotFitIsConvertedAsTheProcessorDoes_data();
    void whatDoesNotFitIsConvertedAsTheProcessorDoes();
    void everySizeOfNumberBecomesTheNearestWhole();
    void whatNoCodeNeedsIsThereWhenAskedFor();
    void halfPrecisionRoundsOnce();
    void aFusedMultiplyAddOfHalvesRoundsOnce();
    void everyProcessorGivesTheSameBits_data();
    void everyProcessorGivesTheSameBits();
    void allChannelsAreGathered();
    void aTrialThatLeavesNothingOutGivesTheCode();
};

namespace {

using Reference = std::function<std::int64_t(std::int64_t x)>;

BatchNormLayer plainLayer(int channels = 1)
{
    BatchNormLayer layer = identity_layer("plain", channels);
    layer.input = {qint8_type, 1.0, 0};
    layer.output = {qint8_type, 1.0, 0};
    return layer;
}

std::shared_ptr<const Program> compiled(const std::string& text)
{
    const auto program = compile(text);
    if (!program)
        qWarning("%s", program.error().message.c_str());
    return program ? *program : nullptr;
}

/// The value of `v` for code 0 of the plain layer.
Value valueOf(const std::string& expression)
{
    const auto program = compiled("code\nv = " + expression + "\ny = x\n");
    const BatchNormLayer layer = plainLayer();
    BoundFormula bound(program, layer);
    bound.run(0);
    return bound.raw_value(program->find("v")->instruction, 128);
}

} // namespace

void TestOperations::anOperationDoesWhatItsNameSays_data()
{
    QTest::addColumn<QString>("expression");
    QTest::addColumn<Reference>("reference");
    const auto row = [](const char* name, const char* expression, const Reference& reference) {
        QTest::newRow(name) << QString::fromLatin1(expression) << reference;
    };
    const auto halves = [](std::int64_t x) { return static_cast<double>(x) / 2; };
    row("rint goes to even", "to_int32_x86(rint(f32(x) / 2))",
        [=](std::int64_t x) { return static_cast<std::int64_t>(std::nearbyint(halves(x))); });
    row("round_away goes away from zero", "to_int32_x86(round_away(f32(x) / 2))",
        [=](std::int64_t x) { return static_cast<std::int64_t>(std::round(halves(x))); });
    row("round_away in binary64", "to_int64_x86(round_away(f64(x) / 2))",
        [=](std::int64_t x) { return static_cast<std::int64_t>(std::round(halves(x))); });
    row("round_up goes up", "to_int32_x86(round_up(f32(x) / 2))",
        [=](std::int64_t x) { return static_cast<std::int64_t>(std::floor(halves(x) + 0.5)); });
    row("floor", "to_int32_x86(floor(f32(x) / 2))",
        [=](std::int64_t x) { return static_cast<std::int64_t>(std::floor(halves(x))); });
    row("ceil", "to_int32_x86(ceil(f32(x) / 2))",
        [=](std::int64_t x) { return static_cast<std::int64_t>(std::ceil(halves(x))); });
    row("trunc", "to_int32_x86(trunc(f32(x) / 2))",
        [=](std::int64_t x) { return static_cast<std::int64_t>(std::trunc(halves(x))); });
    row("whole division truncates", "x / 3", [](std::int64_t x) { return x / 3; });
    row("and by 0 gives 0", "x / (x - x)", [](std::int64_t) { return 0; });
    row("mod has the sign of the dividend", "mod(x, 3)", [](std::int64_t x) { return x % 3; });
    row("abs", "abs(x) - 60", [](std::int64_t x) { return std::abs(x) - 60; });
    row("shift_right floors", "shift_right(x, 2)", [](std::int64_t x) {
        return static_cast<std::int64_t>(std::floor(static_cast<double>(x) / 4));
    });
    row("shift_left", "shift_left(x, 3)",
        [](std::int64_t x) { return std::int64_t{static_cast<std::int8_t>(x * 8)}; });
    row("shift_round_half_up", "shift_round_half_up(x, 2)", [](std::int64_t x) {
        return static_cast<std::int64_t>(std::floor(static_cast<double>(x) / 4 + 0.5));
    });
    row("shift_round_half_up by nothing", "shift_round_half_up(x, 0)",
        [](std::int64_t x) { return x; });
    row("shift_round_half_up beyond the width", "shift_round_half_up(x, 65)",
        [](std::int64_t) { return 0; });
    row("divide_by_pot_round", "divide_by_pot_round(x, 2)", [](std::int64_t x) {
        return static_cast<std::int64_t>(std::round(static_cast<double>(x) / 4));
    });
    row("divide_by_pot_round in 32 bits", "divide_by_pot_round(i32(x), 1)", [](std::int64_t x) {
        return static_cast<std::int64_t>(std::round(static_cast<double>(x) / 2));
    });
    row("high_mul_round with a half", "high_mul_round(i32(x), 0x40000000)", [](std::int64_t x) {
        return static_cast<std::int64_t>(std::floor(static_cast<double>(x) / 2 + 0.5));
    });
    row("comparison and select", "select(x < 0 || x == 5, -1, select(x > 100 && !relu, i64(1), 0))",
        [](std::int64_t x) {
            return std::int64_t{x < 0 || x == 5 ? -1 : x > 100 ? 1 : 0};
        });
    row("min and max", "min(max(x, -10), 10)",
        [](std::int64_t x) { return std::min<std::int64_t>(std::max<std::int64_t>(x, -10), 10); });
    row("to_code clamps", "to_code(f32(x) * 2, 3)",
        [](std::int64_t x) { return std::clamp<std::int64_t>(2 * x + 3, -128, 127); });
    row("wrap_code wraps", "wrap_code(x * 2)",
        [](std::int64_t x) { return std::int64_t{static_cast<std::int8_t>(2 * x)}; });
    row("exponent", "exponent(f32(abs(x) + 1))",
        [](std::int64_t x) { return static_cast<std::int64_t>(std::ilogb(std::abs(x) + 1)); });
    row("i32 wraps", "i32(x) * 0x1000000 / 0x1000000", [](std::int64_t x) { return x; });
    row("saturate_int32", "saturate_int32(x * 0x100000000) / 0x1000000", [](std::int64_t x) {
        return x == 0 ? 0 : x > 0 ? 127 : -128;
    });
    row("is_nan", "select(is_nan(sqrt(f32(x))), i64(1), 0)",
        [](std::int64_t x) { return std::int64_t{x < 0}; });
}

void TestOperations::anOperationDoesWhatItsNameSays()
{
    QFETCH(QString, expression);
    QFETCH(Reference, reference);
    const auto program = compiled("code\n  y = " + expression.toStdString());
    QVERIFY(program);
    const BatchNormLayer layer = plainLayer();
    BoundFormula bound(program, layer);
    bound.run(0);
    for (std::int64_t x = -128; x <= 127; ++x)
        QCOMPARE(static_cast<std::int64_t>(bound.code(static_cast<std::size_t>(x + 128))),
                 reference(x));
}

void TestOperations::whatDoesNotFitIsConvertedAsTheProcessorDoes_data()
{
    QTest::addColumn<QString>("expression");
    QTest::addColumn<qint64>("expected");
    constexpr qint64 int32Min = std::numeric_limits<std::int32_t>::min();
    constexpr qint64 int64Min = std::numeric_limits<std::int64_t>::min();
    QTest::newRow("NaN to 32 bits") << "i64(to_int32_x86(f32(nan)))" << int32Min;
    QTest::newRow("2^31 to 32 bits") << "i64(to_int32_x86(f32(0x1p31)))" << int32Min;
    QTest::newRow("the largest binary32 below 2^31")
        << "i64(to_int32_x86(f32(2147483520)))" << qint64{2147483520};
    QTest::newRow("half below 2^31 in binary64")
        << "i64(to_int32_x86(f64(2147483647.5)))" << int32Min;
    QTest::newRow("-2^31 - 0.5 in binary64") << "i64(to_int32_x86(f64(-2147483648.5)))" << int32Min;
    QTest::newRow("infinity to 64 bits") << "to_int64_x86(f32(inf))" << int64Min;
    QTest::newRow("2^62 to 64 bits") << "to_int64_x86(f64(0x1p62))" << (qint64{1} << 62);
    QTest::newRow("NaN to a code") << "to_code(f32(nan), 5)" << qint64{-128};
    QTest::newRow("minus infinity to a code") << "to_code(-f32(inf), 5)" << qint64{-128};
    QTest::newRow("infinity to a code") << "to_code(f64(inf), 5)" << qint64{127};
    QTest::newRow("the multiplier of 0.5")
        << "i64(quantized_multiplier(f64(0.5)))" << (qint64{1} << 30);
    QTest::newRow("the multiplier that rounds to 2^31")
        << "i64(quantized_multiplier(f64(0x1.ffffffffp-1)))" << (qint64{1} << 30);
    QTest::newRow("and its shift") << "i64(quantized_shift(f64(0x1.ffffffffp-1)))" << qint64{1};
    QTest::newRow("a multiplier too small")
        << "i64(quantized_multiplier(f64(0x1p-33)))" << qint64{0};
    QTest::newRow("a multiplier of 1 over 255 codes has room for 23 bits")
        << "most_fraction_bits(f64(1), f64(0), 0, 255)" << qint64{23};
    QTest::newRow("an offset of -128 fits exactly")
        << "most_fraction_bits(f64(0), f64(-128), 0, 255)" << qint64{24};
    QTest::newRow("an offset of 128 does not")
        << "most_fraction_bits(f64(0), f64(128), 0, 255)" << qint64{23};
    QTest::newRow("what has no bits gets the fewest")
        << "most_fraction_bits(f64(nan), f64(0), 0, 255)" << qint64{4};
    QTest::newRow("gemmlowp has room for the offset alone")
        << "gemmlowp_fraction_bits(f64(0), f64(100), 0, 0)" << qint64{24};
    QTest::newRow("gemmlowp shifts a code of 255 by 23 bits and no more")
        << "gemmlowp_fraction_bits(f64(0.5), f64(0), 0, 255)" << qint64{23};
    QTest::newRow("gemmlowp without room")
        << "gemmlowp_fraction_bits(f64(0.5), f64(1e10), 0, 255)" << qint64{0};
    QTest::newRow("high_mul_round saturates")
        << "i64(high_mul_round(-2147483648 + i32(x) - i32(x), -2147483648 + i32(x)))"
        << qint64{2147483647};
}

void TestOperations::whatDoesNotFitIsConvertedAsTheProcessorDoes()
{
    QFETCH(QString, expression);
    QTEST(static_cast<qint64>(valueOf(expression.toStdString()).i64), "expected");
}

/// Numbers of every exponent, ties and neighbours of powers of two, against C's own conversion and shifts of 128 bits.
void TestOperations::everySizeOfNumberBecomesTheNearestWhole()
{
    std::mt19937_64 random(11);
    for (int exponent = -3; exponent < 66; ++exponent) {
        for (int i = 0; i < 200; ++i) {
            const double magnitude
                = std::ldexp(1 + static_cast<double>(random() % 64) / 64, exponent);
            const double signedNumber = i % 2 == 0 ? magnitude : -magnitude;
            const double towards[] = {-HUGE_VAL, signedNumber, HUGE_VAL};
            const double number = std::nextafter(signedNumber, towards[i % 3]);
            const void* ofNumber[] = {&number};
            std::int64_t whole = 0;
            find_kernel(Op::to_int64_x86, Type::f64, Type::i64)(1, &whole, ofNumber);
            const bool fits = number >= -0x1p63 && number < 0x1p63;
            QCOMPARE(whole, fits ? std::llrint(number) : std::numeric_limits<std::int64_t>::min());

            const std::int64_t operands[]
                = {static_cast<std::int64_t>(random() % 300) - 150, -128, 127};
            const void* ofCode[] = {&number, operands, operands + 1, operands + 2};
            std::int64_t code = 0;
            find_kernel(Op::to_code, Type::f64, Type::i64)(1, &code, ofCode);
            QCOMPARE(
                code,
                static_cast<std::int64_t>(std::clamp(
                    std::nearbyint(number) + static_cast<double>(operands[0]), -128.0, 127.0)));

            const auto any = static_cast<std::int64_t>(random()) >> (random() % 64);
            const auto shift = static_cast<std::int64_t>(random() % 70) - 3;
            const std::int64_t shifts[] = {any, shift};
            const void* ofShift[] = {shifts, shifts + 1};
            __extension__ const __int128 one = 1;
            std::int64_t rounded = 0;
            find_kernel(Op::shift_round_half_up, Type::i64, Type::i64)(1, &rounded, ofShift);
            QCOMPARE(rounded,
                     shift < 1 ? any
                               : static_cast<std::int64_t>((any + (one << (shift - 1))) >> shift));
            find_kernel(Op::divide_by_pot_round, Type::i64, Type::i64)(1, &rounded, ofShift);
            const auto away = shift < 1
                ? std::int64_t{0}
                : static_cast<std::int64_t>(((any < 0 ? -one : one) * any + (one << (shift - 1)))
                                            >> shift);
            QCOMPARE(rounded, shift < 1 ? any : shift >= 64 ? 0 : any < 0 ? -away : away);
        }
    }
}

/// A choice that all codes share is made without computing the other side.
void TestOperations::whatNoCodeNeedsIsThereWhenAskedFor()
{
    BatchNormLayer layer = plainLayer(3);
    layer.gamma = {2, 3, 5};
    const auto program = compiled(
        "channel\n  first = channel < 1\n  constant = to_int64_x86(gamma)\n"
        "code\n  double = x * 2\n  times = x * to_int64_x86(gamma)\n"
        "  inner = select(first, constant, times)\n  y = select(first, double, inner + 1)\n"
        "  unused = times - x\n");
    QVERIFY(program);
    BoundFormula bound(program, layer);
    const auto value = [&](const char* name, std::size_t lane) {
        return bound.value(program->find(name)->instruction, lane);
    };
    for (const int channel : {0, 2, 1, 0, 0}) {
        bound.run(channel);
        const double gamma = layer.gamma[static_cast<std::size_t>(channel)];
        for (const Named& named : program->names()) {
            const auto all = bound.values(named.instruction);
            for (std::size_t lane = 0; lane < 256; ++lane)
                QCOMPARE(all[lane], bound.value(named.instruction, lane));
        }
        for (std::size_t lane = 0; lane < 256; ++lane) {
            const double x = static_cast<double>(lane) - 128;
            QCOMPARE(value("unused", lane), x * gamma - x);
            QCOMPARE(value("inner", lane), channel == 0 ? gamma : x * gamma);
            QCOMPARE(value("times", lane), x * gamma);
            QCOMPARE(value("double", lane), x * 2);
            const auto y
                = static_cast<std::int8_t>(static_cast<int>(channel == 0 ? x * 2 : x * gamma + 1));
            QCOMPARE(bound.code(lane), std::int32_t{y});
            QCOMPARE(bound.codes()[lane], std::int32_t{y});
        }
    }
}

/// All products of two halves, by the nearest half that a search finds, would take long: every tie between neighbours is enough.
void TestOperations::halfPrecisionRoundsOnce()
{
    QCOMPARE(valueOf("f16(f32(65504))").f32, 65504.0F);
    QCOMPARE(valueOf("f16(f32(65519.996))").f32, 65504.0F);
    QCOMPARE(valueOf("f16(f32(65520))").f32, std::numeric_limits<float>::infinity());
    QCOMPARE(valueOf("f16(f32(2049))").f32, 2048.0F); // half way, to even
    QCOMPARE(valueOf("f16(f32(2051))").f32, 2052.0F);
    QCOMPARE(valueOf("f16(f64(0x1.0020000000001p0))").f32,
             0x1.004p0F); // by way of binary32 it would be a tie
    QCOMPARE(valueOf("f16(f32(0x1.8p-25))").f32, 0x1p-24F); // subnormal
    QCOMPARE(valueOf("f16(f32(0x1p-25))").f32, 0.0F); // half way to the least, to even
    QCOMPARE(valueOf("bf16(f32(0x1.01p0))").f32, 1.0F);
    QCOMPARE(valueOf("bf16(f32(0x1.03p0))").f32, 0x1.04p0F);
    QCOMPARE(valueOf("f16(f32(1)) / f16(f32(3))").f32, 0x1.554p-2F);
    QCOMPARE(valueOf("f16(f32(2048)) + f16(f32(1))").f32, 2048.0F);
}

void TestOperations::aFusedMultiplyAddOfHalvesRoundsOnce()
{
    // 0x1.4p0 * 0x1.9p3 is 15.625; with 2^-24 beside it, no longer half way where the sum is rounded to binary64 alone.
    QCOMPARE(valueOf("fma(f16(f32(0x1.004p0)), f16(f32(0x1.004p0)), f16(f32(0x1p-24)))").f32,
             0x1.008p0F);
    QCOMPARE(valueOf("fma(bf16(f32(0x1.02p0)), bf16(f32(0x1.02p0)), bf16(f32(0x1p-100)))").f32,
             0x1.04p0F);
    QCOMPARE(valueOf("fma(bf16(f32(0x1.01p7)), bf16(f32(1)), bf16(f32(1)))").f32, 129.0F);
    // 1 + 2^-8 is half way between two bfloat16; the least addend decides, though binary64 does not hold it.
    QCOMPARE(valueOf("fma(bf16(f32(0x1p-8)), bf16(f32(1)), bf16(f32(1)))").f32, 1.0F);
    QCOMPARE(valueOf("fma(bf16(f32(0x1.02p-100)), bf16(f32(0x1p40)), bf16(f32(1)))").f32, 1.0F);
}

void TestOperations::everyProcessorGivesTheSameBits_data()
{
    QTest::addColumn<bool>("is512");
    QTest::newRow("AVX2 and FMA") << false;
    QTest::newRow("AVX-512") << true;
}

void TestOperations::everyProcessorGivesTheSameBits()
{
#ifdef QBN_HAS_AVX2_KERNELS
    QFETCH(bool, is512);
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
        QSKIP("this processor has no AVX2 and FMA");
    if (is512
        && !(__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
             && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")))
        QSKIP("this processor has no AVX-512");
    constexpr std::size_t lanes = 1024;
    std::mt19937_64 random(7);
    int compared = 0;
    for (int op = static_cast<int>(Op::add); op < static_cast<int>(Op::any); ++op) {
        for (int operand = 0; operand <= static_cast<int>(Type::boolean); ++operand) {
            for (int result = 0; result <= static_cast<int>(Type::boolean); ++result) {
                const auto kind = static_cast<Op>(op);
                const bool converts = kind == Op::convert || kind == Op::select;
                if (!converts && result != operand)
                    continue;
                const Kernel plainly = plain::find_kernel(kind, static_cast<Type>(operand),
                                                          static_cast<Type>(result));
                const auto findWide = is512 ? avx512::find_kernel : avx2::find_kernel;
                const Kernel widely
                    = findWide(kind, static_cast<Type>(operand), static_cast<Type>(result));
                QCOMPARE(plainly == nullptr, widely == nullptr);
                if (!plainly)
                    continue;
                // Any bits: every kind of NaN and infinity is among them. Bytes of bool are 0 or 1.
                std::array<std::vector<std::uint64_t>, 4> operands;
                std::array<const void*, 4> pointers{};
                for (std::size_t slot = 0; slot < 4; ++slot) {
                    for (std::size_t i = 0; i < lanes; ++i)
                        operands[slot].push_back(i % 3 == 0
                                                     ? random() & 0x0101010101010101U
                                                     : std::bit_cast<std::uint64_t>(std::ldexp(
                                                           static_cast<double>(random()),
                                                           static_cast<int>(random() % 90) - 90)));
                    pointers[slot] = operands[slot].data();
                }
                std::vector<std::uint64_t> first(lanes);
                std::vector<std::uint64_t> second(lanes);
                plainly(lanes / 2, first.data(), pointers.data());
                widely(lanes / 2, second.data(), pointers.data());
                const auto* a = reinterpret_cast<const std::uint32_t*>(first.data());
                const auto* b = reinterpret_cast<const std::uint32_t*>(second.data());
                for (std::size_t i = 0; i < lanes; ++i) {
                    const bool nans = std::isnan(std::bit_cast<float>(a[i]))
                        && std::isnan(std::bit_cast<float>(b[i]));
                    const bool wide = std::isnan(std::bit_cast<double>(first[i / 2]))
                        && std::isnan(std::bit_cast<double>(second[i / 2]));
                    if (!nans && !wide)
                        QVERIFY2(
                            a[i] == b[i],
                            qPrintable(
                                QStringLiteral("operation %1 of type %2").arg(op).arg(operand)));
                }
                ++compared;
            }
        }
    }
    QVERIFY(compared > 150);
#else
    QSKIP("built for a processor without AVX2");
#endif
}

void TestOperations::allChannelsAreGathered()
{
    BatchNormLayer layer = plainLayer(5);
    layer.mean = {3, -7, std::numeric_limits<double>::quiet_NaN(), 20, 0};
    const auto program
        = compiled("layer\n  low = smallest(mean)\n  high = largest(mean)\n  some = any(mean < "
                   "-6)\n  none = all(mean < 100)\n"
                   "code\n  y = to_code(low + high, select(some && !none, i64(1), 0))");
    QVERIFY(program);
    QVERIFY(program->sees_all_channels());
    BoundFormula bound(program, layer);
    for (int channel = 0; channel < 5; ++channel) {
        bound.run(channel);
        QCOMPARE(bound.code(0), 20 - 7 + 1); // NaN is passed over, and is not below 100
    }
}

void TestOperations::aTrialThatLeavesNothingOutGivesTheCode()
{
    BatchNormLayer layer = plainLayer();
    layer.output.scale = 0.37;
    layer.gamma = {1.3};
    const auto program = compiled("code\n  y = to_code(rint(f32(x) * gamma / s_out), z_out)");
    BoundFormula bound(program, layer);
    bound.run(0);
    for (std::size_t lane = 0; lane < 256; ++lane) {
        Trial trial(bound, layer, 0, lane);
        QCOMPARE(trial.code_without({}), bound.code(lane));
        QCOMPARE(trial.roundings().size(),
                 std::size_t{5}); // gamma, s_out, f32(x), the product, the quotient
    }
}

QBN_TEST(TestOperations)
#include "tst_operations.moc"
