#include "core/backends/backend.h"
#include "core/evaluate/experiment.h"
#include "core/layer/same_bits.h"
#include "core/text/text_number.h"
#include "tests/support/room.h"

#include <QTest>

using namespace qbn;

/// The intermediates of the forum thread's code 38, as NumPy's binary32 (binary64 for `textbook`)
/// gives them step by step from the published formulas.
class TestTrace : public QObject
{
    Q_OBJECT

private slots:
    void everyIntermediateIsTheBackends_data();
    void everyIntermediateIsTheBackends();
    void theLaneFollowsTheChannelsPosition_data();
    void theLaneFollowsTheChannelsPosition();
    void allCodesAtOnceAreAsOneByOne();
};

void TestTrace::everyIntermediateIsTheBackends_data()
{
    QTest::addColumn<QString>("backend");
    QTest::addColumn<QString>("steps");
    QTest::newRow("pytorch")
        << "pytorch"
        << "std_dev=0.2819845378398895 inv_std=3.5462937355041504 gain=416.68951416015625 "
           "alpha=0.6210638284683228 scaled_mean=2.0048887729644775 shift=235.57443237304688 "
           "offset=-235.57443237304688 fused_beta=-44.6136360168457 centred=38 "
           "requantized=-21.01321029663086";
    QTest::newRow("pytorch-reference")
        << "pytorch-reference"
        << "std_dev=0.2819845378398895 inv_std=3.5462937355041504 gain=416.68951416015625 "
           "offset=-235.5744171142578 reciprocal=0.18938232958316803 "
           "dequantized=0.2990665137767792 "
           "affine=-110.95653533935547 requantized=-21.013206481933594";
    QTest::newRow("onnxruntime")
        << "onnxruntime"
        << "std_dev=0.2819845378398895 inv_std=3.5462937355041504 gain=416.68951416015625 "
           "shift=235.5744171142578 offset=-235.5744171142578 dequantized=0.2990665137767792 "
           "product=124.61788177490234 affine=-110.95653533935547 requantized=-21.013208389282227";
    QTest::newRow("textbook") << "textbook"
                              << "std_dev=0.28198453798076395 dequantized=0.2990665063261986 "
                                 "normalized=-0.9443110160746138 affine=-110.95654438876711 "
                                 "requantized=-21.013209564766616";
    // Computed with 80 decimal digits.
    QTest::newRow("exact")
        << "exact"
        << "std_dev=0.28198453798076395 inv_std=3.546293733552925 gain=416.68951369246867 "
           "alpha=0.6210638069074494 scaled_mean=2.004888693374778 shift=235.5744214715364 "
           "offset=-235.5744214715364 fused_beta=-44.61363422724969 reciprocal=0.1893823359453318 "
           "centred=38 dequantized=0.2990665063261986 normalized=-0.9443110160746137 "
           "affine=-110.9565443887671 requantized=-21.013209564766612";
}

void TestTrace::everyIntermediateIsTheBackends()
{
    QFETCH(QString, backend);
    const auto layer = example_experiment().model.layers.front();
    const Trace traced = trace(*find_backend(backend.toStdString()), *layer, 0, 38);
    QStringList steps;
    for (const TraceStep& step : traced.steps)
        steps << QString::fromStdString(std::string(step.name) + "=" + format_number(step.value));
    QTEST(steps.join(u' '), "steps");
    QCOMPARE(traced.result.output_code, 52);
}

void TestTrace::theLaneFollowsTheChannelsPosition_data()
{
    QTest::addColumn<int>("channels");
    QTest::addColumn<int>("channel");
    QTest::addColumn<bool>("simd");
    QTest::newRow("7 channels are too few") << 7 << 0 << false;
    QTest::newRow("the last of 8") << 8 << 7 << true;
    QTest::newRow("the ninth of 9") << 9 << 8 << false;
    QTest::newRow("the sixteenth of 20") << 20 << 15 << true;
    QTest::newRow("the seventeenth of 20") << 20 << 16 << false;
}

void TestTrace::theLaneFollowsTheChannelsPosition()
{
    QFETCH(int, channels);
    QFETCH(int, channel);
    QFETCH(bool, simd);
    const BatchNormLayer layer = identity_layer("lanes", channels);
    QCOMPARE(trace(*find_backend("pytorch"), layer, channel, 0).lane,
             simd ? Lane::simd : Lane::scalar);
    QCOMPARE(trace(*find_backend("pytorch-nofma"), layer, channel, 0).lane,
             simd ? Lane::simd : Lane::scalar);
    QCOMPARE(trace(*find_backend("onnxruntime"), layer, channel, 0).lane, Lane::scalar);
}

void TestTrace::allCodesAtOnceAreAsOneByOne()
{
    BatchNormLayer layer = identity_layer("lanes", 9);
    layer.input.scale = 0.03;
    layer.output = {quint8_type, 0.02, 100};
    layer.gamma = {1, -2, 0.3, 1e38, 1e-30, std::nan(""), 0, HUGE_VAL, 1e38};
    layer.beta[2] = -1;
    for (const bool relu : {false, true}) {
        layer.relu = relu;
        for (const Backend& backend : all_backends()) {
            for (int channel = 0; channel < layer.channels(); ++channel) {
                const std::vector<Requantized> all = requantize_all(backend, layer, channel);
                QCOMPARE(all.size(), std::size_t{256});
                for (std::int32_t code = 0; code < 256; code += 5) {
                    const Requantized& of_all = all[static_cast<std::size_t>(code)];
                    const Requantized one = trace(backend, layer, channel, code).result;
                    QVERIFY(same_bits(of_all.steps, one.steps));
                    QVERIFY(same_bits(of_all.rounded, one.rounded));
                    QVERIFY(same_bits(of_all.sum, one.sum));
                    QCOMPARE(of_all.output_code, one.output_code);
                    QCOMPARE(of_all.saturation, one.saturation);
                    QCOMPARE(of_all.relu_clamped, one.relu_clamped);
                    QCOMPARE(of_all.tie, one.tie);
                }
            }
        }
    }
}

QBN_TEST(TestTrace)
#include "tst_trace.moc"
