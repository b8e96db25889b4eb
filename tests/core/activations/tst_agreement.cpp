#include "core/activations/agreement.h"
#include "core/activations/count_codes.h"
#include "tests/support/golden.h"
#include "tests/support/room.h"

#include <QTest>

#include <map>
#include <random>
#include <tuple>

using namespace qbn;
using namespace qbn::test;
using namespace Qt::StringLiterals;

namespace {

using Bytes = std::vector<std::uint8_t>;

/// A dump (2, C, 23, 29) of random input codes, and what a framework's golden codes make of them, as numpy.take does.
struct GoldenDump
{
    GoldenDump(const BatchNormLayer& layer, const GoldenCodes& codes)
        : layout(*find_layout({2, layer.channels(), 23, 29}, layer.channels(), ChannelOrder::nchw))
        , input(layout.count)
        , output(layout.count)
    {
        std::mt19937 random(15);
        for (std::size_t i = 0; i < input.size(); ++i) {
            const auto lane
                = static_cast<unsigned>(random() % static_cast<unsigned>(layer.input.type.count()));
            input[i] = static_cast<std::uint8_t>(static_cast<int>(lane) + layer.input.type.qmin());
            output[i] = static_cast<std::uint8_t>(
                static_cast<int>(at(codes, layer, layout.channel_of(i), lane)));
        }
    }

    static double at(const GoldenCodes& codes, const BatchNormLayer& layer, int channel,
                     unsigned lane)
    {
        return codes.values[static_cast<std::size_t>(channel)
                                * static_cast<std::size_t>(layer.input.type.count())
                            + lane];
    }

    CodeCounts counts(const BatchNormLayer& layer) const
    {
        return std::get<CodeCounts>(count_codes({.layout = layout,
                                                 .input_type = layer.input.type,
                                                 .output_type = layer.output.type,
                                                 .input = input,
                                                 .output = output}));
    }

    TensorLayout layout;
    Bytes input, output;
};

std::map<std::string, GoldenCodes> goldenOf(const QString& session, std::size_t layer)
{
    std::map<std::string, GoldenCodes> golden;
    for (const Backend& backend : all_backends()) {
        if (auto codes = goldenCodes(session, layer, backend.id))
            golden.emplace(backend.id, *std::move(codes));
    }
    return golden;
}

} // namespace

class TestAgreement : public QObject
{
    Q_OBJECT

private slots:
    void aFrameworksOutputAgreesWithItsBackendAndNotWhereAnotherFrameworkGaveOthers_data()
    {
        QTest::addColumn<QString>("session");
        for (const QString& session : goldenSessions())
            QTest::newRow(qPrintable(session)) << session;
    }

    void aFrameworksOutputAgreesWithItsBackendAndNotWhereAnotherFrameworkGaveOthers()
    {
        QFETCH(QString, session);
        const Model model = goldenModel(session);
        std::uint64_t parted = 0;
        for (std::size_t i = 0; i < std::min<std::size_t>(model.layers.size(), 6); ++i) {
            const auto golden = goldenOf(session, i);
            QVERIFY(!golden.empty());
            for (const auto& [id, codes] : golden) {
                const GoldenDump dump(*model.layers[i], codes);
                const CodeCounts counts = dump.counts(*model.layers[i]);
                for (const auto& [otherId, otherCodes] : golden)
                    parted += compare(*model.layers[i], dump, counts, *find_backend(otherId),
                                      otherCodes, otherId == id);
            }
        }
        QVERIFY2(parted > 0 || session == u"ocr_cls"_s, "the frameworks gave the same codes");
    }

    void whoAgreesMostComesFirst()
    {
        const Model model = goldenModel(u"forum"_s);
        const auto golden = goldenOf(u"forum"_s, 0);
        const GoldenDump dump(*model.layers[0], golden.at("litert"));
        std::vector<const Backend*> backends;
        for (const auto& [id, codes] : golden)
            backends.push_back(find_backend(id));
        const auto all = agreements(dump.counts(*model.layers[0]), *model.layers[0], backends);
        QCOMPARE(all.size(), backends.size());
        QCOMPARE(all.front().backend->id, std::string_view("litert"));
        QVERIFY(std::is_sorted(all.begin(), all.end(), [](const auto& a, const auto& b) {
            return a.agreeing > b.agreeing;
        }));
        QVERIFY(all.back().agreeing < all.front().agreeing);
    }

    void severalOutputsOfOneCodeAreNamed()
    {
        const Model model = goldenModel(u"forum"_s);
        const BatchNormLayer& layer = *model.layers[0];
        GoldenDump dump(layer, goldenOf(u"forum"_s, 0).at("pytorch"));
        QVERIFY(!several_outputs(dump.counts(layer)));
        const std::size_t place = 23 * 29 + 100; // of channel 1
        const std::int32_t code = dump.output[place];
        dump.output[place] ^= 1U;
        const CodeCounts counts = dump.counts(layer);
        const auto several = several_outputs(counts);
        QVERIFY(several);
        QCOMPARE(several->codes, 1);
        QCOMPARE(several->channel, 1);
        QCOMPARE(several->input, std::int32_t{dump.input[place]});
        QCOMPARE(several->pairs.size(), std::size_t{2});
        const BackendAgreement agreed = agreement(counts, layer, *find_backend("pytorch"));
        QCOMPARE(agreed.agreeing, dump.layout.count - 1);
        QCOMPARE(agreed.never, 0);
        QCOMPARE(agreed.partly, 1);
        QCOMPARE(agreed.worst_channel, 1);
        QCOMPARE(agreed.first,
                 std::optional(Disagreement{.channel = 1,
                                            .input = dump.input[place],
                                            .expected = code,
                                            .got = code ^ 1,
                                            .count = 1,
                                            .first = place}));
    }

private:
    /// Element by element; how many differ.
    static std::uint64_t compare(const BatchNormLayer& layer, const GoldenDump& dump,
                                 const CodeCounts& counts, const Backend& backend,
                                 const GoldenCodes& codes, bool isItself)
    {
        std::map<std::tuple<int, std::int32_t, std::int32_t>, Disagreement> expected;
        std::uint64_t differing = 0;
        for (std::size_t i = 0; i < dump.input.size(); ++i) {
            const int channel = dump.layout.channel_of(i);
            const auto code = [](CodeType type, std::uint8_t byte) {
                return type.is_signed ? static_cast<std::int8_t>(byte)
                                      : static_cast<std::int32_t>(byte);
            };
            const std::int32_t from = code(layer.input.type, dump.input[i]);
            const std::int32_t got = code(layer.output.type, dump.output[i]);
            const auto given = static_cast<std::int32_t>(GoldenDump::at(
                codes, layer, channel, static_cast<unsigned>(from - layer.input.type.qmin())));
            if (given == got)
                continue;
            ++differing;
            Disagreement& other = expected[{channel, from, got}];
            if (other.count++ == 0)
                other = {.channel = channel,
                         .input = from,
                         .expected = given,
                         .got = got,
                         .count = 1,
                         .first = i};
        }
        const BackendAgreement agreed = agreement(counts, layer, backend);
        const auto found = disagreements(counts, layer, backend);
        bool isSame = agreed.elements == dump.layout.count
            && agreed.agreeing == dump.layout.count - differing && found.size() == expected.size()
            && (!isItself || differing == 0) && agreed.first.has_value() == (differing > 0)
            && (agreed.worst_channel >= 0) == (differing > 0) && agreed.never == int(found.size())
            && agreed.partly == 0;
        auto next = expected.begin();
        for (const Disagreement& other : found)
            isSame = isSame && next != expected.end() && other == (next++)->second;
        const auto first = std::min_element(
            found.begin(), found.end(),
            [](const Disagreement& a, const Disagreement& b) { return a.first < b.first; });
        isSame = isSame && (found.empty() || *first == *agreed.first);
        if (!isSame)
            QTest::qFail(layer.name.c_str(), __FILE__, __LINE__);
        return differing;
    }
};

QBN_TEST(TestAgreement)
#include "tst_agreement.moc"
