#include "core/backends/backend.h"
#include "core/backends/formula_results.h"
#include "core/formula/mixture.h"
#include "tests/support/room.h"

#include <QTest>

#include <array>
#include <cmath>
#include <limits>

using namespace qbn;

namespace {

constexpr float inf = std::numeric_limits<float>::infinity();
const float notANumber = std::numeric_limits<float>::quiet_NaN();

/// Where the last stage ends.
struct Target
{
    QuantizationParameters output;
    bool relu = false;
};

/// A backend's conversion alone, in a lane.
struct Function
{
    const char* backend;
    bool simd;

    /// The backend's formula with a number of steps in place of its own.
    Requantized operator()(float steps, const Target& target) const
    {
        BatchNormLayer layer = identity_layer("converted", simd ? 8 : 1);
        layer.output = target.output;
        layer.relu = target.relu;
        const std::array exchange{formula::Exchange{.kind = formula::Exchange::Kind::value,
                                                    .name = "requantized",
                                                    .value = static_cast<double>(steps)}};
        formula::BoundFormula bound(
            formula::mixed(find_backend(backend)->program, nullptr, exchange), layer);
        bound.run(0);
        // A ReLU of the real value looks at the code's own, whose sign is that of the steps.
        return FormulaResults(bound, layer).requantized(steps > 0 ? 255 : 0);
    }
};

constexpr Function simdLane{"pytorch", true};
constexpr Function scalarLane{"pytorch", false};
constexpr Function simdWithoutAvx2{"pytorch-nofma", true};
constexpr Function referencePattern{"pytorch-reference", false};
constexpr Function onnxRuntime{"onnxruntime", false};

} // namespace

Q_DECLARE_METATYPE(Function)

/// The corners in which the conversions differ. Each expectation was seen from the real operator
/// (PyTorch 1.13.1: a layer of 1 channel for the scalar lane, of 8 for SIMD, with and without AVX2;
/// ONNX Runtime 1.30.0).
class TestConversions : public QObject
{
    Q_OBJECT

private slots:
    void cornersGiveTheFrameworksCodes_data();
    void cornersGiveTheFrameworksCodes();
    void tiesGoToTheEvenCode_data();
    void tiesGoToTheEvenCode();
    void reluLiftsToTheZeroPoint_data();
    void reluLiftsToTheZeroPoint();
    void whatAReluLiftedIsNotSaturated_data();
    void whatAReluLiftedIsNotSaturated();
    void theSumOfWhatIsClampedIsShownAsItIs();
};

void TestConversions::cornersGiveTheFrameworksCodes_data()
{
    QTest::addColumn<Function>("requantize");
    QTest::addColumn<float>("steps");
    QTest::addColumn<bool>("isSigned");
    QTest::addColumn<int>("zeroPoint");
    QTest::addColumn<int>("code");
    const Function simd = simdLane;
    const Function scalar = scalarLane;
    const Function withoutAvx2 = simdWithoutAvx2;
    const Function reference = referencePattern;
    const Function onnx = onnxRuntime;
    QTest::newRow("SIMD: NaN is capped and stays in range")
        << simd << notANumber << false << 73 << 255;
    QTest::newRow("SIMD: NaN is capped and wraps past zero point 128")
        << simd << notANumber << false << 128 << 0;
    QTest::newRow("SIMD: +huge at zero point 127 does not wrap")
        << simd << 1e30F << false << 127 << 255;
    QTest::newRow("SIMD: +huge at zero point 128 wraps") << simd << inf << false << 128 << 0;
    QTest::newRow("SIMD: -huge gives qmin") << simd << -inf << true << 0 << -128;
    QTest::newRow("SIMD: -huge with a negative zero point wraps")
        << simd << -1e30F << true << -1 << 127;
    QTest::newRow("SIMD without AVX2: NaN with a negative zero point gives qmin")
        << withoutAvx2 << notANumber << true << -5 << -128;
    QTest::newRow("SIMD without AVX2: +inf gives qmin") << withoutAvx2 << inf << true << -5 << -128;
    QTest::newRow("SIMD without AVX2: 2^31 gives qmax")
        << withoutAvx2 << 0x1p31F << true << -5 << 127;
    QTest::newRow("scalar: NaN gives qmin") << scalar << notANumber << false << 73 << 0;
    QTest::newRow("scalar: NaN with a negative zero point wraps")
        << scalar << notANumber << true << -1 << 127;
    QTest::newRow("scalar: +huge below 2^63 gives qmax") << scalar << 9e18F << true << -5 << 127;
    QTest::newRow("scalar: 2^63 gives qmin") << scalar << 0x1p63F << false << 10 << 0;
    QTest::newRow("scalar: +inf gives qmin") << scalar << inf << false << 10 << 0;
    QTest::newRow("reference: NaN gives qmin") << reference << notANumber << true << -20 << -128;
    QTest::newRow("reference: +inf gives qmin") << reference << inf << false << 0 << 0;
    QTest::newRow("reference: 2^63 gives qmin") << reference << 0x1p63F << true << 69 << -128;
    QTest::newRow("reference: +huge below 2^63 gives qmax")
        << reference << 9e18F << false << 0 << 255;
    QTest::newRow("ONNX: NaN gives qmin") << onnx << notANumber << true << 69 << -128;
    QTest::newRow("ONNX: +inf gives qmax") << onnx << inf << true << 69 << 127;
    QTest::newRow("ONNX: -inf gives qmin") << onnx << -inf << false << 200 << 0;
}

void TestConversions::cornersGiveTheFrameworksCodes()
{
    QFETCH(Function, requantize);
    QFETCH(float, steps);
    QFETCH(bool, isSigned);
    QFETCH(int, zeroPoint);
    const Target target{{{isSigned, 8}, 1.0, zeroPoint}, false};
    QTEST(requantize(steps, target).output_code, "code");
}

void TestConversions::tiesGoToTheEvenCode_data()
{
    QTest::addColumn<Function>("requantize");
    QTest::newRow("SIMD") << Function{simdLane};
    QTest::newRow("scalar") << Function{scalarLane};
    QTest::newRow("SIMD without AVX2") << Function{simdWithoutAvx2};
    QTest::newRow("reference") << Function{referencePattern};
    QTest::newRow("ONNX") << Function{onnxRuntime};
}

void TestConversions::tiesGoToTheEvenCode()
{
    QFETCH(Function, requantize);
    const Target target{{quint8_type, 1.0, 101}, false};
    for (const auto& [steps, code, tie] : {std::tuple{0.5F, 101, true},
                                           {1.5F, 103, true},
                                           {-0.5F, 101, true},
                                           {-1.5F, 99, true},
                                           {2.5F, 103, true},
                                           {0.49999997F, 101, false},
                                           {0.50000006F, 102, false}}) {
        const Requantized result = requantize(steps, target);
        QCOMPARE(result.output_code,
                 code); // rounded before the zero point is added: an odd one changes nothing
        QCOMPARE(result.tie, tie);
        QCOMPARE(result.saturation, Saturation::none);
    }
    QCOMPARE(requantize(154.4F, target).saturation, Saturation::none);
    QCOMPARE(requantize(155.0F, target).saturation, Saturation::high);
    QCOMPARE(requantize(-101.6F, target).saturation, Saturation::low);
}

void TestConversions::reluLiftsToTheZeroPoint_data()
{
    QTest::addColumn<Function>("requantize");
    QTest::addColumn<float>("steps");
    QTest::addColumn<int>("zeroPoint");
    QTest::addColumn<int>("code");
    const Function simd = simdLane;
    const Function withoutAvx2 = simdWithoutAvx2;
    const Function scalar = scalarLane;
    QTest::newRow("SIMD: below") << simd << -3.0F << 10 << 10;
    QTest::newRow("SIMD: above stays") << simd << 3.0F << 10 << 13;
    QTest::newRow("SIMD without AVX2: below") << withoutAvx2 << -3.0F << 10 << 10;
    QTest::newRow("SIMD without AVX2: NaN") << withoutAvx2 << notANumber << 10 << 10;
    QTest::newRow("scalar: below") << scalar << -300.0F << 10 << 10;
    // Seen from quantized::batch_norm2d_relu: SIMD narrows the zero point to 8 bits before the
    // ReLU, scalar does not.
    QTest::newRow("SIMD: zero point -20 is 236 to the ReLU") << simd << 1.0F << -20 << 236;
    QTest::newRow("scalar: zero point -20 is below every code") << scalar << 1.0F << -20 << 0;
    QTest::newRow("SIMD: zero point 263 is 7 to the ReLU") << simd << -10.0F << 263 << 253;
    QTest::newRow("scalar: zero point 263 lifts to the end") << scalar << -10.0F << 263 << 255;
}

void TestConversions::reluLiftsToTheZeroPoint()
{
    QFETCH(Function, requantize);
    QFETCH(float, steps);
    QFETCH(int, zeroPoint);
    QTEST(requantize(steps, {{quint8_type, 1.0, zeroPoint}, true}).output_code, "code");
}

void TestConversions::whatAReluLiftedIsNotSaturated_data()
{
    tiesGoToTheEvenCode_data();
}

/// The zero point is qmin, where the clamp gives the same code. The reference pattern and ONNX
/// Runtime have the ReLU before: steps arrive as 0.
void TestConversions::whatAReluLiftedIsNotSaturated()
{
    QFETCH(Function, requantize);
    const Target target{{quint8_type, 1.0, 0}, true};
    const bool relu_before = find_backend(requantize.backend)->program->find("rectified");
    const Requantized result = requantize(relu_before ? 0.0F : -3.0F, target);
    QCOMPARE(result.output_code, 0);
    QVERIFY(result.relu_clamped);
    QCOMPARE(result.saturation, Saturation::none);
    QVERIFY(!requantize(3.0F, target).relu_clamped);
    QCOMPARE(requantize(300.0F, target).saturation, Saturation::high);
}

void TestConversions::theSumOfWhatIsClampedIsShownAsItIs()
{
    const Target target{{quint8_type, 1.0, 73}, false};
    QCOMPARE(onnxRuntime(inf, target).sum, double{inf});
    QCOMPARE(onnxRuntime(-0x1p50F, target).sum, -0x1p50 + 73);
    QVERIFY(std::isnan(onnxRuntime(notANumber, target).sum));
    const Function numpy{"textbook", false};
    QCOMPARE(numpy(-inf, target).sum, -double{inf});
    QCOMPARE(numpy(0x1p50F, target).sum, 0x1p50 + 73);
}

QBN_TEST(TestConversions)
#include "tst_conversions.moc"
