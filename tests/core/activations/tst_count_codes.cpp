#include "core/activations/count_codes.h"
#include "tests/support/room.h"

#include <QTest>

#include <map>
#include <random>
#include <tuple>

using namespace qbn;
using namespace Qt::StringLiterals;

namespace {

using Bytes = std::vector<std::uint8_t>;

std::int32_t codeOf(CodeType type, std::uint8_t byte)
{
    return type.is_signed ? static_cast<std::int8_t>(byte) : byte;
}

/// An element after the other, with nothing of what is tested but the channel's place.
struct Plain
{
    Plain(const CodeTensors& tensors, const Bytes& input, const Bytes& output)
    {
        inputs.resize(static_cast<std::size_t>(tensors.layout.channels) * 256);
        outputs.resize(inputs.size());
        for (std::size_t i = 0; i < input.size(); ++i) {
            const int channel = static_cast<int>(
                i / tensors.layout.plane % static_cast<std::uint64_t>(tensors.layout.channels));
            const std::int32_t from = codeOf(tensors.input_type, input[i]);
            const std::int32_t to = codeOf(tensors.output_type, output[i]);
            ++inputs[static_cast<std::size_t>(256 * channel + from - tensors.input_type.qmin())];
            ++outputs[static_cast<std::size_t>(256 * channel + to - tensors.output_type.qmin())];
            CodePair& pair = pairs[{channel, from, to}];
            if (pair.count++ == 0)
                pair.first = i;
        }
    }

    std::vector<std::uint64_t> inputs, outputs;
    std::map<std::tuple<int, std::int32_t, std::int32_t>, CodePair> pairs;
};

Bytes made(std::size_t size, const QString& kind, unsigned seed)
{
    std::mt19937 random(seed);
    Bytes bytes(size);
    for (std::uint8_t& byte : bytes) {
        const auto number = static_cast<unsigned>(random());
        byte = static_cast<std::uint8_t>(
            kind == u"constant"_s || (kind == u"mostly zero"_s && number % 10 < 6) ? 77
                                                                                   : number >> 8U);
    }
    return bytes;
}

/// What a layer does, but for some elements where it is something else.
Bytes answered(const Bytes& input, int otherwise)
{
    std::mt19937 random(9);
    Bytes output(input);
    for (std::uint8_t& byte : output) {
        byte = static_cast<std::uint8_t>(byte * 3 + 11);
        if (otherwise > 0 && random() % static_cast<unsigned>(otherwise) == 0)
            byte ^= 1U;
    }
    return output;
}

} // namespace

class TestCountCodes : public QObject
{
    Q_OBJECT

private slots:
    void countsAreThoseOfAPlainLoop_data()
    {
        QTest::addColumn<QList<qint64>>("shape");
        QTest::addColumn<bool>("isLast");
        QTest::addColumn<QString>("kind");
        const std::vector<std::tuple<const char*, QList<qint64>, bool>> shapes{
            {"planes longer than a counter of 16 bits holds", {1, 2, 300, 301}, false},
            {"a plane longer than a tile", {1, 1, 700, 701}, false},
            {"planes of thousands", {3, 5, 61, 67}, false},
            {"planes of 49", {40, 19, 7, 7}, false},
            {"planes of 49, more than a tile", {12, 101, 7, 7}, false},
            {"planes of 256, the longest of those counted together", {9, 11, 16, 16}, false},
            {"few planes of 49", {2, 19, 7, 7}, false},
            {"planes of 4, which are columns", {300, 5, 2, 2}, false},
            {"one byte a channel", {70001, 3}, false},
            {"pixels of three channels", {3, 101, 103, 3}, true},
            {"pixels of one channel", {2, 7, 11, 1}, true},
            {"pixels of 100 channels", {2, 17, 19, 100}, true},
            {"pixels of more channels than a tile", {2, 3, 5, 1500}, true},
            {"pixels of more channels than a tile, more than its parts have",
             {1, 13, 17, 1100},
             true},
            {"a picture without a batch", {3, 33, 35}, false},
            {"flat, channel by channel", {3 * 70000}, false},
            {"flat, pixel by pixel", {3 * 70000}, true}};
        for (const auto& [name, shape, isLast] : shapes) {
            for (const auto* const kind : {"random", "mostly zero", "constant"})
                QTest::addRow("%s, %s", name, kind) << shape << isLast << QString::fromLatin1(kind);
        }
    }

    void countsAreThoseOfAPlainLoop()
    {
        QFETCH(QList<qint64>, shape);
        QFETCH(bool, isLast);
        QFETCH(QString, kind);
        const int channels = shape.size() == 1 ? 3
            : isLast                           ? static_cast<int>(shape.back())
            : shape.size() == 3                ? static_cast<int>(shape[0])
                                               : static_cast<int>(shape[1]);
        const auto layout = find_layout({shape.begin(), shape.end()}, channels,
                                        isLast ? ChannelOrder::nhwc : ChannelOrder::nchw);
        QVERIFY(layout);
        const Bytes input = made(layout->count, kind, 1);
        for (const int otherwise : {0, 500}) {
            const Bytes output = answered(input, otherwise);
            for (const CodeType type : {quint8_type, qint8_type}) {
                const CodeTensors tensors{.layout = *layout,
                                          .input_type = type,
                                          .output_type = quint8_type,
                                          .input = input,
                                          .output = output};
                const Plain plain(tensors, input, output);
                for (const int threads : {1, 3})
                    compare(tensors, plain, threads);
            }
        }
    }

    void oneSideAloneIsCounted()
    {
        const auto layout = find_layout({2, 3, 50, 50}, 3, ChannelOrder::nchw);
        const Bytes input = made(layout->count, u"random"_s, 3);
        const Bytes output = answered(input, 0);
        CodeTensors tensors{.layout = *layout,
                            .input_type = quint8_type,
                            .output_type = qint8_type,
                            .input = input,
                            .output = std::nullopt};
        const Plain plain(tensors, input, output);
        const auto inputs = std::get<CodeCounts>(count_codes(tensors));
        QCOMPARE(inputs.inputs, plain.inputs);
        QVERIFY(!inputs.has_outputs() && !inputs.has_pairs());
        tensors.input.reset();
        tensors.output = output;
        const auto outputs = std::get<CodeCounts>(count_codes(tensors));
        QCOMPARE(outputs.outputs, plain.outputs);
        QVERIFY(!outputs.has_inputs() && !outputs.has_pairs());
    }

    void progressRisesToAllElements()
    {
        const auto layout = find_layout({9, 3, 300, 300}, 3, ChannelOrder::nchw);
        const Bytes input(layout->count, 5);
        std::uint64_t last = 0;
        bool rises = true;
        const CountRun run{.progress =
                               [&](std::uint64_t done, std::uint64_t all) {
                                   rises = rises && done > last && all == layout->count;
                                   last = done;
                               },
                           .stop = {},
                           .threads = 2};
        const auto counts = count_codes({.layout = *layout,
                                         .input_type = quint8_type,
                                         .output_type = quint8_type,
                                         .input = input,
                                         .output = std::nullopt},
                                        run);
        QVERIFY(std::holds_alternative<CodeCounts>(counts));
        QVERIFY(rises);
        QCOMPARE(last, layout->count);
    }

    void aStopEndsIt()
    {
        const auto layout = find_layout({9, 3, 300, 300}, 3, ChannelOrder::nchw);
        const Bytes input(layout->count, 5);
        std::stop_source stop;
        std::uint64_t last = 0;
        const CountRun run{.progress =
                               [&](std::uint64_t done, std::uint64_t) {
                                   last = done;
                                   stop.request_stop();
                               },
                           .stop = stop.get_token(),
                           .threads = 1};
        const auto counts = count_codes({.layout = *layout,
                                         .input_type = quint8_type,
                                         .output_type = quint8_type,
                                         .input = input,
                                         .output = std::nullopt},
                                        run);
        QVERIFY(std::holds_alternative<CountError>(counts));
        QVERIFY(last < layout->count);
    }

    void aByteThatIsNoCodeIsTold_data()
    {
        QTest::addColumn<bool>("isInput");
        QTest::newRow("of the input") << true;
        QTest::newRow("of the output") << false;
    }

    void aByteThatIsNoCodeIsTold()
    {
        QFETCH(bool, isInput);
        const auto layout = find_layout({1, 2, 4}, 2, ChannelOrder::nchw);
        const Bytes good{0, 7, 0xf8, 1, 2, 3, 4, 5};
        const Bytes bad{0, 7, 0xf8, 1, 2, 8, 4, 9};
        const CodeType type{true, 4};
        const auto counts = count_codes({.layout = *layout,
                                         .input_type = type,
                                         .output_type = type,
                                         .input = isInput ? bad : good,
                                         .output = isInput ? good : bad});
        QVERIFY(std::holds_alternative<CountError>(counts));
        const auto& error = std::get<CountError>(counts);
        QCOMPARE(error.message, std::string("element 5 is no code of qint4"));
        QCOMPARE(error.about_output, !isInput);
        const auto fine = count_codes({.layout = *layout,
                                       .input_type = type,
                                       .output_type = type,
                                       .input = good,
                                       .output = good});
        QCOMPARE(std::get<CodeCounts>(fine).inputs_of(0)[0], std::uint64_t{1}); // -8
        QCOMPARE(std::get<CodeCounts>(fine).inputs.size(), std::size_t{32});
    }

    // 100 channels of 256 codes, each with many outputs.
    void anOutputOfSomethingElseIsRefused()
    {
        const auto layout = find_layout({20, 100, 60, 10}, 100, ChannelOrder::nchw);
        const auto counts = count_codes({.layout = *layout,
                                         .input_type = quint8_type,
                                         .output_type = quint8_type,
                                         .input = made(layout->count, u"random"_s, 4),
                                         .output = made(layout->count, u"random"_s, 5)});
        QVERIFY(std::holds_alternative<CountError>(counts));
        const auto& error = std::get<CountError>(counts);
        QVERIFY(error.about_output);
        QVERIFY2(error.message.find("16384 input codes have several output codes each")
                     != std::string::npos,
                 error.message.c_str());
    }

private:
    static void compare(const CodeTensors& tensors, const Plain& plain, int threads)
    {
        const auto result = count_codes(tensors, {.progress = {}, .stop = {}, .threads = threads});
        QVERIFY(std::holds_alternative<CodeCounts>(result));
        const auto& counts = std::get<CodeCounts>(result);
        QCOMPARE(counts.inputs, plain.inputs);
        QCOMPARE(counts.outputs, plain.outputs);
        QCOMPARE(counts.pairs.size(), plain.pairs.size());
        auto next = plain.pairs.begin();
        for (int channel = 0; channel < tensors.layout.channels; ++channel) {
            for (const CodePair& pair : counts.pairs_of(channel)) {
                QCOMPARE(std::tuple(channel, pair.input, pair.output), next->first);
                QCOMPARE(pair.count, next->second.count);
                QCOMPARE(pair.first, next->second.first);
                ++next;
            }
        }
    }
};

QBN_TEST(TestCountCodes)
#include "tst_count_codes.moc"
