#include "core/backends/bound_backend.h"
#include "core/formula/bound_formula.h"
#include "tests/support/golden.h"
#include "tests/support/room.h"

#include <QTest>

using namespace qbn;
using namespace qbn::test;

/// What we say a backend gives is what the real one gave, on every code of every layer of the data.
class TestGoldenCodes : public QObject
{
    Q_OBJECT

private slots:
    void everyCodeIsTheFrameworks_data();
    void everyCodeIsTheFrameworks();
    void aCodeInsideOfTheRangeIsNotSaturated();
    void exactAgreesOnOrdinaryLayers();
    void theTraceEndsInTheTablesCode_data();
    void theTraceEndsInTheTablesCode();
    void namesCanBeListed();
};

void TestGoldenCodes::everyCodeIsTheFrameworks_data()
{
    QTest::addColumn<QString>("backend");
    QTest::addColumn<int>("expectedCodes");
    QTest::newRow("PyTorch's fused operator") << "pytorch" << 472320;
    QTest::newRow("PyTorch's reference pattern") << "pytorch-reference" << 442112;
    QTest::newRow("ONNX Runtime") << "onnxruntime" << 400896;
    QTest::newRow("PyTorch's fused operator without FMA") << "pytorch-nofma" << 143616;
    QTest::newRow("oneDNN's operator with AVX2") << "pytorch-onednn" << 81920;
    QTest::newRow("oneDNN's operator with AVX-512") << "pytorch-onednn-avx512" << 81920;
    QTest::newRow("NumPy in binary64") << "textbook" << 147456;
    QTest::newRow("the reference pattern of the wheels") << "pytorch-wheel-reference" << 430592;
    QTest::newRow("the reference pattern of 2.13.0") << "pytorch-2.13-reference" << 430592;
    QTest::newRow("PT2E's decomposed pattern") << "pytorch-decomposed" << 430592;
    QTest::newRow("OpenVINO") << "openvino" << 400896;
    QTest::newRow("OpenVINO, shape known") << "openvino-static" << 400896;
    QTest::newRow("LiteRT's reference kernels") << "litert" << 406016;
    QTest::newRow("ONNX Runtime's QLinearMul and QLinearAdd") << "onnxruntime-qlinear" << 3584;
    QTest::newRow("LiteRT's MUL and ADD") << "litert-mul-add" << 3584;
    QTest::newRow("MUL and ADD with XNNPACK") << "litert-mul-add-xnnpack" << 3584;
    QTest::newRow("LiteRT with XNNPACK") << "litert-xnnpack" << 400384;
}

void TestGoldenCodes::everyCodeIsTheFrameworks()
{
    QFETCH(QString, backend);
    const Backend* const ours = find_backend(backend.toStdString());
    QVERIFY(ours);
    int compared = 0;
    QStringList different;
    for (const QString& session : goldenSessions()) {
        const Model model = goldenModel(session);
        for (std::size_t i = 0; i < model.layers.size(); ++i) {
            const BatchNormLayer& layer = *model.layers[i];
            const auto golden = goldenCodes(session, i, ours->id);
            if (!golden)
                continue; // the framework was not run on this layer: expectedCodes counts where it
                    // was
            auto want = golden->values.begin();
            for (int channel = 0; channel < layer.channels(); ++channel) {
                for (const std::int32_t code : codes(*ours, layer, channel)) {
                    if (static_cast<double>(code) != static_cast<double>(*want))
                        different << QStringLiteral("%1 layer %2 channel %3")
                                         .arg(session)
                                         .arg(i)
                                         .arg(channel);
                    ++want;
                    ++compared;
                }
            }
        }
    }
    QCOMPARE(different.join(u'\n'), QString());
    if (allGoldenSessions)
        QTEST(compared, "expectedCodes");
}

void TestGoldenCodes::aCodeInsideOfTheRangeIsNotSaturated()
{
    for (const auto& layer : goldenModel(QStringLiteral("ocr_cls")).layers) {
        const CodeType type = layer->output.type;
        for (const Backend& backend : all_backends()) {
            BoundBackend bound(backend, *layer);
            for (int channel = 0; channel < layer->channels(); channel += 7) {
                for (const Requantized& result : bound.requantize_all(channel)) {
                    const bool inside
                        = result.output_code > type.qmin() && result.output_code < type.qmax();
                    QVERIFY2(!inside || result.saturation == Saturation::none, backend.id.data());
                }
            }
        }
    }
}

void TestGoldenCodes::exactAgreesOnOrdinaryLayers()
{
    // On trained layers no sound implementation is far from a code's boundary: all differ from
    // exact in a handful at most.
    int different = 0;
    const Model model = goldenModel(QStringLiteral("ocr_cls"));
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const auto golden = goldenCodes(QStringLiteral("ocr_cls"), i, "onnxruntime");
        QVERIFY(golden);
        auto want = golden->values.begin();
        for (int channel = 0; channel < model.layers[i]->channels(); ++channel) {
            for (const std::int32_t code : codes(all_backends().front(), *model.layers[i], channel))
                different += static_cast<double>(code) == static_cast<double>(*want++) ? 0 : 1;
        }
    }
    QVERIFY2(different < 5, qPrintable(QString::number(different)));
}

void TestGoldenCodes::theTraceEndsInTheTablesCode_data()
{
    QTest::addColumn<QString>("session");
    QTest::newRow("the thread's layer") << "forum";
    QTest::newRow("ties and degenerate layers") << "hard";
}

void TestGoldenCodes::theTraceEndsInTheTablesCode()
{
    QFETCH(QString, session);
    for (const auto& layer : goldenModel(session).layers) {
        for (const Backend& backend : all_backends()) {
            BoundBackend bound(backend, *layer);
            for (int channel = 0; channel < layer->channels(); ++channel) {
                std::int32_t inputCode = layer->input.type.qmin();
                for (const Requantized& table : bound.requantize_all(channel)) {
                    const Trace traced = bound.trace(channel, inputCode++);
                    QCOMPARE(traced.result.output_code, table.output_code);
                    QCOMPARE(traced.result.saturation, table.saturation);
                }
            }
        }
    }
}

/// "A, B and C" must not read as other backends than these three.
void TestGoldenCodes::namesCanBeListed()
{
    for (const Backend& backend : all_backends())
        QVERIFY2(backend.title.find(',') == std::string_view::npos, backend.title.data());
}

QBN_TEST(TestGoldenCodes)
#include "tst_golden_codes.moc"
