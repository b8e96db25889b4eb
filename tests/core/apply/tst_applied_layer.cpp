#include "core/apply/applied_layer.h"
#include "core/backends/bound_backend.h"
#include "tests/support/golden.h"
#include "tests/support/room.h"

#include <QTest>

#include <map>
#include <random>
#include <thread>

using namespace qbn;
using namespace qbn::test;

namespace {

using Bytes = std::vector<std::uint8_t>;

struct Kernels
{
    const char* name;
    apply::Kernel kernel;
};

std::vector<Kernels> kernels()
{
    std::vector<Kernels> all{{"tables", {}},
                             {"plain", {apply::run_plain}},
                             {"the best of this machine", apply::best_kernel()}};
#ifdef QBN_HAS_AVX2_KERNELS
    if (__builtin_cpu_supports("avx2"))
        all.push_back({"AVX2", {apply::run_avx2}});
#endif
    return all;
}

// What the tables of qbn codes give, element by element.
Bytes expected(const std::vector<std::vector<std::int32_t>>& tables, CodeType type, const Bytes& in,
               std::uint64_t first, std::uint64_t plane)
{
    Bytes out;
    for (std::size_t i = 0; i < in.size(); ++i) {
        const std::int32_t code = type.is_signed ? static_cast<std::int8_t>(in[i]) : in[i];
        const std::size_t channel = (first + i) / plane % tables.size();
        out.push_back(static_cast<std::uint8_t>(
            tables[channel][static_cast<std::size_t>(code - type.qmin())]));
    }
    return out;
}

// All codes again and again, so that each meets each channel: 256 and 257 have no common divisor.
Bytes everyCode(CodeType type, std::size_t size)
{
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<std::uint8_t>(
            type.qmin()
            + static_cast<std::int32_t>((i + i / 256 * 3)
                                        % static_cast<std::size_t>(type.count())));
    return bytes;
}

QString firstDifference(const Bytes& a, const Bytes& b)
{
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] != b[i])
            return QStringLiteral("element %1: %2, not %3").arg(i).arg(a[i]).arg(b[i]);
    }
    return {};
}

} // namespace

class TestAppliedLayer : public QObject
{
    Q_OBJECT

private slots:
    void everyCodeOfEveryBackendIsItsTables_data()
    {
        QTest::addColumn<QString>("session");
        for (const QString& session : goldenSessions())
            QTest::newRow(qPrintable(session)) << session;
    }

    // Planes, in channels first, that no vector divides; all 256 codes in every channel.
    void everyCodeOfEveryBackendIsItsTables()
    {
        QFETCH(QString, session);
        const Model model = goldenModel(session);
        for (const auto& layer : model.layers) {
            for (const Backend& backend : all_backends()) {
                AppliedLayer applied(backend, *layer);
                BoundBackend bound(backend, *layer);
                std::vector<std::vector<std::int32_t>> tables;
                for (int channel = 0; channel < layer->channels(); ++channel)
                    tables.push_back(bound.codes(channel));
                const CodeType type = layer->input.type;
                const std::size_t count = tables.size();
                // In either layout each channel meets all codes.
                const auto codesOf = [&](std::uint64_t plane) {
                    Bytes in(plane == 1 ? count * 256 + 5 : count * plane);
                    for (std::size_t i = 0; i < in.size(); ++i)
                        in[i] = static_cast<std::uint8_t>(
                            type.qmin()
                            + static_cast<std::int32_t>((plane == 1 ? i / count : i % plane)
                                                        % static_cast<std::size_t>(type.count())));
                    return in;
                };
                for (const Kernels& way : kernels()) {
                    applied.use_kernel(way.kernel);
                    for (const std::uint64_t plane : {1, 297}) {
                        const Bytes in = codesOf(plane);
                        const Bytes want = expected(tables, type, in, 0, plane);
                        Bytes out(in.size());
                        applied.run(in, out, 0, plane, 1);
                        QVERIFY2(out == want,
                                 qPrintable(QStringLiteral("%1, %2, plane %3, %4: %5")
                                                .arg(QString::fromStdString(layer->name))
                                                .arg(QString::fromUtf8(
                                                    backend.id.data(),
                                                    static_cast<qsizetype>(backend.id.size())))
                                                .arg(plane)
                                                .arg(QLatin1String(way.name),
                                                     firstDifference(out, want))));
                    }
                }
            }
        }
    }

    // Output codes of fewer bits, signed ones and a fused ReLU are clamped before the end of a byte.
    void codesOfFewBitsAndReluAreClamped_data()
    {
        QTest::addColumn<bool>("isSigned");
        QTest::addColumn<int>("bits");
        QTest::addColumn<bool>("relu");
        for (const bool isSigned : {false, true}) {
            for (const int bits : {2, 4, 7, 8}) {
                for (const bool relu : {false, true})
                    QTest::newRow(qPrintable(
                        QStringLiteral("%1 %2 bits%3")
                            .arg(isSigned ? QLatin1String("signed") : QLatin1String("unsigned"))
                            .arg(bits)
                            .arg(relu ? QLatin1String(", ReLU") : QLatin1String())))
                        << isSigned << bits << relu;
            }
        }
    }

    void codesOfFewBitsAndReluAreClamped()
    {
        QFETCH(bool, isSigned);
        QFETCH(int, bits);
        QFETCH(bool, relu);
        BatchNormLayer layer = identity_layer("l", 5);
        layer.input = {isSigned ? quint8_type : qint8_type, 0.03, 7};
        layer.output = {CodeType{isSigned, static_cast<std::uint8_t>(bits)}, 0.3, 1};
        layer.gamma = {1, -1, 0.1, 3, 0};
        layer.relu = relu;
        const Backend& backend = *find_backend("onnxruntime");
        std::vector<std::vector<std::int32_t>> tables;
        for (int channel = 0; channel < layer.channels(); ++channel)
            tables.push_back(codes(backend, layer, channel));
        AppliedLayer applied(backend, layer);
        const Bytes in = everyCode(layer.input.type, 5 * 256 * 5);
        for (const std::uint64_t plane : {1, 8, 9, 256}) {
            const Bytes want = expected(tables, layer.input.type, in, 0, plane);
            for (const Kernels& way : kernels()) {
                applied.use_kernel(way.kernel);
                QCOMPARE(applied.arithmetic_channels(), 5);
                Bytes out(in.size());
                applied.run(in, out, 0, plane, 1);
                QVERIFY2(out == want, way.name);
            }
        }
    }

    void anySizeAndStartGiveTheSame_data()
    {
        QTest::addColumn<int>("channels");
        for (const int channels : {1, 2, 3, 7, 31, 32, 33, 64, 100})
            QTest::newRow(qPrintable(QStringLiteral("%1 channels").arg(channels))) << channels;
    }

    void anySizeAndStartGiveTheSame()
    {
        QFETCH(int, channels);
        std::mt19937 random(static_cast<unsigned>(channels));
        std::normal_distribution<double> normal;
        BatchNormLayer layer = identity_layer("l", channels);
        layer.input = {qint8_type, 0.03, -7};
        layer.output = {quint8_type, 0.025, 121};
        for (int channel = 0; channel < channels; ++channel) {
            layer.mean[channel] = normal(random);
            layer.gamma[channel] = normal(random);
            layer.beta[channel] = normal(random);
        }
        const Backend& backend = *find_backend("pytorch");
        AppliedLayer applied(backend, layer);
        QCOMPARE(applied.arithmetic_channels(), channels);
        std::vector<std::vector<std::int32_t>> tables;
        for (int channel = 0; channel < channels; ++channel)
            tables.push_back(codes(backend, layer, channel));
        for (const Kernels& way : kernels()) {
            applied.use_kernel(way.kernel);
            for (const std::uint64_t plane : {1, 2, 3, 4, 5, 16, 38, 49, 63, 64, 1000}) {
                for (const std::uint64_t first : {0, 1, 31, 1234567}) {
                    for (const std::size_t size : {0, 1, 31, 32, 33, 63, 64, 65, 1023, 70001}) {
                        const Bytes in = everyCode(layer.input.type, size);
                        Bytes out(in.size());
                        applied.run(in, out, first, plane, 1);
                        QVERIFY2(out == expected(tables, layer.input.type, in, first, plane),
                                 way.name);
                    }
                }
            }
        }
    }

    void threadsShareTheWorkAndChangeNothing()
    {
        const Model model = goldenModel(QStringLiteral("ocr_cls"));
        const BatchNormLayer& layer = *model.layers.front();
        const AppliedLayer applied(*find_backend("onnxruntime"), layer);
        const Bytes in = everyCode(layer.input.type, 5'000'003); // a share for each
        for (const std::uint64_t plane : {1, 777}) {
            Bytes one(in.size());
            applied.run(in, one, 3, plane, 1);
            for (const int threads : {2, 3, 8}) {
                Bytes several(in.size());
                applied.run(in, several, 3, plane, threads);
                QVERIFY(several == one);
            }
        }
    }

    void oneLayerIsAppliedByManyThreadsAtOnce()
    {
        const Model model = goldenModel(QStringLiteral("ocr_cls"));
        const BatchNormLayer& layer = *model.layers.front();
        const AppliedLayer applied(*find_backend("onnxruntime"), layer);
        const Bytes in = everyCode(layer.input.type, 2'000'003);
        Bytes want(in.size());
        applied.run(in, want, 0, 1, 1);
        std::vector<Bytes> outs(4, Bytes(in.size()));
        {
            std::vector<std::jthread> callers;
            for (Bytes& out : outs)
                callers.emplace_back([&] { applied.run(in, out, 0, 1, 3); });
        }
        for (const Bytes& out : outs)
            QVERIFY(out == want);
    }

    // Beyond what caches keep the output is written past them, from the first multiple of a vector on.
    void whatNoCacheHoldsIsTheSame_data()
    {
        QTest::addColumn<quint64>("plane");
        QTest::newRow("channels last") << quint64{1};
        QTest::newRow("planes shorter than a page") << quint64{1000};
        QTest::newRow("long planes that no vector divides") << quint64{100'003};
    }

    void whatNoCacheHoldsIsTheSame()
    {
        QFETCH(quint64, plane);
        const Model model = goldenModel(QStringLiteral("ocr_cls"));
        const BatchNormLayer& layer = *model.layers.front();
        AppliedLayer applied(*find_backend("onnxruntime"), layer);
        const Bytes in = everyCode(layer.input.type, (16 << 20) + 12'345);
        Bytes want(in.size());
        applied.use_kernel({});
        applied.run(in, want, 3, plane, 1);
        for (const Kernels& way : kernels()) {
            for (const std::size_t begin : {0, 1, 63}) {
                applied.use_kernel(way.kernel);
                Bytes out(in.size() + begin);
                applied.run(in, std::span(out).subspan(begin), 3, plane, 2);
                QVERIFY2(std::equal(want.begin(), want.end(),
                                    out.begin() + static_cast<std::ptrdiff_t>(begin)),
                         way.name);
            }
        }
    }

    void trainedLayersRunAsArithmetic()
    {
        for (const auto& layer : goldenModel(QStringLiteral("ocr_cls")).layers) {
            for (const Backend& backend : all_backends()) {
                const bool rounds_twice = backend.id == "litert"
                    || (backend.program && backend.program->find("product_code"));
                if (!rounds_twice)
                    QCOMPARE(AppliedLayer(backend, *layer).arithmetic_channels(),
                             layer->channels());
            }
        }
    }

    void codesThatAreNoLineAreNotFitted()
    {
        std::vector<std::int32_t> codes(256);
        for (std::size_t i = 0; i < 256; ++i)
            codes[i] = static_cast<std::int32_t>(i % 7);
        QVERIFY(!fit_affine(codes, 1));
    }

    // The steepest line, from one end to the other within a code, and the others that have no slope to start from.
    void aLineIsFoundWithoutItsNumbers_data()
    {
        QTest::addColumn<double>("slope");
        for (const double slope :
             {1.0, -1.0, 0.013, -0.37, 2.718, 31.9, -31.9, 255.0, -400.0, 1e-9})
            QTest::newRow(qPrintable(QString::number(slope))) << slope;
    }

    void aLineIsFoundWithoutItsNumbers()
    {
        QFETCH(double, slope);
        std::vector<std::int32_t> codes(256);
        for (int i = 0; i < 256; ++i)
            codes[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(
                std::clamp(std::nearbyint(slope * (i - 101.3) + 77.0), 0.0, 255.0));
        const auto fit = fit_affine(codes, std::nan(""));
        QCOMPARE(fit.has_value(), std::abs(slope) < 32); // beyond it a has more than 16 bits
        for (int i = 0; fit && i < 256; ++i)
            QCOMPARE(affine_code(*fit, i), codes[static_cast<std::size_t>(i)]);
    }

    void aNarrowTypesForeignBytesAreFound()
    {
        BatchNormLayer layer = identity_layer("l", 1);
        layer.input = {CodeType{true, 4}, 0.1, 0};
        const AppliedLayer applied(*find_backend("exact"), layer);
        const Bytes good{0, 7, 0xf8};
        QVERIFY(!applied.first_foreign(good));
        const Bytes bad{0, 7, 0xf8, 8};
        QCOMPARE(applied.first_foreign(bad), std::optional<std::size_t>(3));
    }
};

QBN_TEST(TestAppliedLayer)
#include "tst_applied_layer.moc"
