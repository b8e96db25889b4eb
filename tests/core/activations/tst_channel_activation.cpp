#include "core/activations/channel_activation.h"
#include "core/activations/count_codes.h"
#include "tests/support/golden.h"
#include "tests/support/room.h"

#include <QTest>

#include <cmath>

using namespace qbn;
using namespace qbn::test;
using namespace Qt::StringLiterals;

namespace {

/// Code i of channel c occurs i * (c + 1) % 7 times.
std::vector<std::uint8_t> made(const BatchNormLayer& layer, std::size_t plane)
{
    std::vector<std::uint8_t> bytes;
    for (int channel = 0; channel < layer.channels(); ++channel) {
        std::size_t written = 0;
        for (int i = 0; i < layer.input.type.count(); ++i) {
            for (int k = 0; k < i * (channel + 1) % 7; ++k, ++written)
                bytes.push_back(static_cast<std::uint8_t>(i + layer.input.type.qmin()));
        }
        bytes.resize(bytes.size() + plane - written, bytes.back());
    }
    return bytes;
}

CodeCounts counted(const BatchNormLayer& layer)
{
    constexpr std::int64_t plane = 800;
    const auto bytes = made(layer, plane);
    return std::get<CodeCounts>(count_codes(
        {.layout = *find_layout({1, layer.channels(), plane}, layer.channels(), ChannelOrder::nchw),
         .input_type = layer.input.type,
         .output_type = layer.output.type,
         .input = bytes,
         .output = std::nullopt}));
}

bool isNear(double a, double b)
{
    return a == b || std::abs(a - b) <= 1e-9 * std::abs(b);
}

} // namespace

class TestChannelActivation : public QObject
{
    Q_OBJECT

private slots:
    void figuresAreThoseOfALoopOverElements_data()
    {
        QTest::addColumn<QString>("session");
        QTest::addColumn<QString>("backend");
        for (const auto* const session : {"forum", "ocr_cls", "ocr_quantized"}) {
            for (const auto* const backend : {"pytorch", "litert"})
                QTest::addRow("%s, %s", session, backend)
                    << QString::fromLatin1(session) << QString::fromLatin1(backend);
        }
    }

    void figuresAreThoseOfALoopOverElements()
    {
        QFETCH(QString, session);
        QFETCH(QString, backend);
        const BatchNormLayer layer = *goldenModel(session).layers.front();
        const auto golden = goldenCodes(session, 0, backend.toStdString());
        if (!golden)
            QSKIP("the framework has not run this layer");
        const CodeCounts counts = counted(layer);
        const auto channels
            = channel_activations(counts, layer, *find_backend(backend.toStdString()));
        QCOMPARE(channels.size(), layer.mean.size());
        double signal = 0;
        double noise = 0;
        for (int channel = 0; channel < layer.channels(); ++channel) {
            const ChannelActivation& found = channels[static_cast<std::size_t>(channel)];
            std::uint64_t elements = 0;
            std::uint64_t low = 0;
            std::uint64_t high = 0;
            double codeSum = 0;
            double ownSignal = 0;
            double ownNoise = 0;
            for (int i = 0; i < layer.input.type.count(); ++i) {
                const auto code = static_cast<std::int32_t>(
                    golden
                        ->values[static_cast<std::size_t>(channel * layer.input.type.count() + i)]);
                const double x
                    = layer.input.scale * (i + layer.input.type.qmin() - layer.input.zero_point);
                double y = (x - layer.mean[channel]) / std::sqrt(layer.var[channel] + layer.eps)
                        * layer.gamma[channel]
                    + layer.beta[channel];
                y = layer.relu ? std::max(y, 0.0) : y;
                const double error = layer.output.scale * (code - layer.output.zero_point) - y;
                const std::uint64_t count = counts.inputs_of(channel)[static_cast<std::size_t>(i)];
                for (std::uint64_t k = 0; k < count; ++k) {
                    ++elements;
                    low += code == layer.output.type.qmin() ? 1 : 0;
                    high += code == layer.output.type.qmax() ? 1 : 0;
                    codeSum += code;
                    ownSignal += y * y;
                    ownNoise += error * error;
                }
            }
            QCOMPARE(found.input.elements, elements);
            QCOMPARE(found.output.at_qmin, low);
            QCOMPARE(found.output.at_qmax, high);
            QVERIFY(found.clamped_low <= low && found.clamped_high <= high);
            QVERIFY(isNear(found.output.mean, codeSum / static_cast<double>(elements)));
            QVERIFY(isNear(found.sqnr(), 10 * std::log10(ownSignal / ownNoise)));
            signal += ownSignal;
            noise += ownNoise;
        }
        QVERIFY(isNear(whole(channels).sqnr(), 10 * std::log10(signal / noise)));
    }

    // numpy.bincount, min, max and mean of the same codes.
    void theUseOfCodesIsNumPys()
    {
        const std::vector<std::uint64_t> counts{3, 0, 2, 0, 0, 1, 0, 4, 0, 0, 0, 0, 0, 0, 0, 5};
        const CodeUse use = code_use(counts, CodeType{true, 4}); // -8 to 7
        QCOMPARE(use.elements, std::uint64_t{15});
        QCOMPARE(use.at_qmin, std::uint64_t{3});
        QCOMPARE(use.at_qmax, std::uint64_t{5});
        QCOMPARE(use.unused, 11);
        QVERIFY(isNear(use.mean, (3 * -8 + 2 * -6 + -3 + 4 * -1 + 5 * 7) / 15.0));
        QVERIFY(std::isnan(code_use(std::vector<std::uint64_t>(16), CodeType{true, 4}).mean));
    }

    void aReluIsNoClamp()
    {
        BatchNormLayer layer = identity_layer("l", 1);
        layer.input = {quint8_type, 1.0 / 16, 128};
        layer.output = {quint8_type, 1.0 / 32, 0};
        layer.relu = true;
        const CodeCounts counts = counted(layer);
        const auto channel = channel_activations(counts, layer, *find_backend("pytorch")).front();
        std::uint64_t negative = 0;
        for (std::size_t i = 0; i <= 128; ++i)
            negative += counts.inputs_of(0)[i];
        QCOMPARE(channel.output.at_qmin, negative);
        QCOMPARE(channel.clamped_low, std::uint64_t{0});
        QCOMPARE(channel.clamped_high, std::uint64_t{0}); // 127 / 16 * 32 is 254
    }

    void aChannelWithoutARealAnswerHasNone()
    {
        BatchNormLayer layer = identity_layer("l", 2);
        layer.input = layer.output = {quint8_type, 0.1, 128};
        layer.var[0] = -1;
        const auto channels = channel_activations(counted(layer), layer, *find_backend("pytorch"));
        QVERIFY(std::isnan(channels[0].sqnr()));
        QVERIFY(isNear(whole(channels).signal, channels[1].signal));
    }
};

QBN_TEST(TestChannelActivation)
#include "tst_channel_activation.moc"
