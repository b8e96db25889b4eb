#include "core/compare/code_comparison.h"
#include "core/compare/fraction_bits.h"
#include "tests/support/golden.h"
#include "tests/support/room.h"

#include <QTest>

using namespace qbn;
using namespace qbn::test;

namespace {

const Backend* backend(const char* id)
{
    return find_backend(id);
}

} // namespace

class TestCodeComparison : public QObject
{
    Q_OBJECT

private slots:
    void eachBackendMeetsEachAfterIt();
    void countsAreThoseOfTheFrameworksCodes();
    void theFirstPlacesAreInOrder();
    void everyPairIsCountedCodeByCode_data();
    void everyPairIsCountedCodeByCode();
    void howManyThreadsIsNotSeen();
    void aLayerOfTiesIsNotCertified();
    void hopelessCodesAreNoNearTies();
    void differingCodesAreCountedByChannel();
    void fractionBitsAreTheLayers();
    void theAccumulatorLimitsTheBits();
    void whyNoNumberOfBitsIsExact_data();
    void whyNoNumberOfBitsIsExact();
};

void TestCodeComparison::eachBackendMeetsEachAfterIt()
{
    const std::vector<const Backend*> three{backend("exact"), backend("pytorch"),
                                            backend("onnxruntime")};
    const Model model = goldenModel(QStringLiteral("forum"));
    const LayerComparison comparison = compare(*model.layers[0], three);
    QCOMPARE(comparison.codes, std::int64_t{768});
    QCOMPARE(comparison.pairs.size(), std::size_t{3});
    QVERIFY(comparison.pairs[1].first == three[0] && comparison.pairs[1].second == three[2]);
    QVERIFY(comparison.pairs[2].first == three[1] && comparison.pairs[2].second == three[2]);
    QVERIFY(!comparison.differs());
}

/// The counts of the files that the frameworks wrote, not of our own codes.
void TestCodeComparison::countsAreThoseOfTheFrameworksCodes()
{
    const std::vector<const Backend*> both{backend("pytorch"), backend("pytorch-reference")};
    std::int64_t differing = 0;
    for (const QString& session : goldenSessions()) {
        const Model model = goldenModel(session);
        for (std::size_t i = 0; i < model.layers.size(); ++i) {
            const auto fused = goldenCodes(session, i, "pytorch");
            const auto reference = goldenCodes(session, i, "pytorch-reference");
            QVERIFY(fused);
            if (!reference)
                continue; // refused: a zero point outside of the code's type
            std::int64_t expected = 0;
            for (std::size_t k = 0; k < fused->values.size(); ++k)
                expected += fused->values[k] != reference->values[k] ? 1 : 0;
            const PairComparison pair = compare(*model.layers[i], both).pairs.front();
            QCOMPARE(pair.differing, expected);
            std::int64_t counted = 0;
            for (const auto& [difference, count] : pair.by_difference)
                counted += difference == 0 ? 0 : count;
            QCOMPARE(counted, expected);
            differing += expected;
        }
    }
    QVERIFY(differing > 1000);
}

void TestCodeComparison::theFirstPlacesAreInOrder()
{
    // Half away from zero would be another rule; here fixed point rounds halves up and exact to
    // even: steps = x_q / 2 differs at 1, 5, 9, ..
    BatchNormLayer layer = identity_layer("halves", 2);
    layer.input.scale = 0.5;
    layer.eps = 0;
    const std::vector<const Backend*> both{backend("exact"), backend("fixed-point")};
    const PairComparison pair = compare(layer, both, 3).pairs.front();
    QCOMPARE(pair.differing, std::int64_t{128});
    QCOMPARE(pair.places.size(), std::size_t{3});
    QCOMPARE(pair.places[1].channel, 0);
    QCOMPARE(pair.places[1].input_code, 5);
    QCOMPARE(pair.places[1].first, 2);
    QCOMPARE(pair.places[1].second, 3);
    QCOMPARE(pair.by_difference.size(), std::size_t{1});
    QCOMPARE(pair.by_difference.at(1), std::int64_t{128});
}

void TestCodeComparison::everyPairIsCountedCodeByCode_data()
{
    QTest::addColumn<CodeType>("input");
    QTest::addColumn<CodeType>("output");
    QTest::newRow("quint8 to quint8") << quint8_type << quint8_type;
    QTest::newRow("qint8 to qint8") << qint8_type << qint8_type;
    QTest::newRow("qint5 to quint8") << CodeType{true, 5} << quint8_type;
    QTest::newRow("quint8 to qint4") << quint8_type << CodeType{true, 4};
}

void TestCodeComparison::everyPairIsCountedCodeByCode()
{
    QFETCH(CodeType, input);
    QFETCH(CodeType, output);
    BatchNormLayer layer = identity_layer("pairs", 20);
    layer.input = {input, 4.0 / input.count(), 3};
    layer.output = {output, 5.0 / output.count(), 1};
    for (int channel = 0; channel < layer.channels(); ++channel) {
        layer.gamma[channel] = 0.3 + 0.1 * channel;
        layer.beta[channel] = channel % 3 == 0 ? 1e5 : 0.02 * channel; // all of one code
    }
    std::vector<const Backend*> all;
    for (const Backend& one : all_backends())
        all.push_back(&one);
    const LayerComparison comparison = compare(layer, all, 4);
    std::int64_t differing = 0;
    for (const PairComparison& pair : comparison.pairs) {
        std::map<std::int32_t, std::int64_t> counts;
        std::vector<DifferingCode> places;
        for (int channel = 0; channel < layer.channels(); ++channel) {
            const auto first = codes(*pair.first, layer, channel);
            const auto second = codes(*pair.second, layer, channel);
            for (std::size_t i = 0; i < first.size(); ++i) {
                if (first[i] == second[i])
                    continue;
                ++counts[second[i] - first[i]];
                if (places.size() < 4)
                    places.push_back({channel, input.qmin() + static_cast<std::int32_t>(i),
                                      first[i], second[i]});
                ++differing;
            }
        }
        QVERIFY(pair.by_difference == counts);
        QCOMPARE(pair.places.size(), places.size());
        for (std::size_t i = 0; i < places.size(); ++i) {
            QCOMPARE(pair.places[i].channel, places[i].channel);
            QCOMPARE(pair.places[i].input_code, places[i].input_code);
            QCOMPARE(pair.places[i].first, places[i].first);
            QCOMPARE(pair.places[i].second, places[i].second);
        }
    }
    QVERIFY(differing > 100);
}

void TestCodeComparison::howManyThreadsIsNotSeen()
{
    BatchNormLayer layer = identity_layer("many", 300);
    layer.input.scale = 0.5;
    for (std::size_t channel = 0; channel < 300; ++channel) {
        layer.gamma[channel] = 1 + 0.01 * static_cast<double>(channel);
        layer.beta[channel] = channel % 3 == 0 ? 0.25 : 0;
    }
    std::vector<const Backend*> all;
    for (const Backend& one : all_backends())
        all.push_back(&one);
    const LayerComparison alone = compare(layer, all, 40, 1);
    const LayerComparison shared = compare(layer, all, 40, 4);
    QVERIFY(alone.differs());
    QCOMPARE(shared.codes, alone.codes);
    QCOMPARE(shared.pairs.size(), alone.pairs.size());
    for (std::size_t i = 0; i < alone.pairs.size(); ++i) {
        const PairComparison& one = alone.pairs[i];
        const PairComparison& other = shared.pairs[i];
        QCOMPARE(other.differing, one.differing);
        QVERIFY(other.by_difference == one.by_difference);
        QCOMPARE(other.places.size(), one.places.size());
        for (std::size_t place = 0; place < one.places.size(); ++place) {
            QCOMPARE(other.places[place].channel, one.places[place].channel);
            QCOMPARE(other.places[place].input_code, one.places[place].input_code);
            QCOMPARE(other.places[place].second, one.places[place].second);
        }
    }
    QCOMPARE(shared.channels.size(), std::size_t{300});
    for (std::size_t channel = 0; channel < 300; ++channel) {
        QCOMPARE(shared.channels[channel].differing, alone.channels[channel].differing);
        QCOMPARE(shared.channels[channel].ties, alone.channels[channel].ties);
        QCOMPARE(shared.channels[channel].near, alone.channels[channel].near);
    }
}

void TestCodeComparison::aLayerOfTiesIsNotCertified()
{
    BatchNormLayer layer = identity_layer("halves", 2);
    layer.input.scale = 0.5;
    layer.eps = 0;
    layer.beta[1] = 0.25; // the second channel misses every tie by a quarter step
    const std::vector<const Backend*> both{backend("exact"), backend("pytorch")};
    const LayerComparison comparison = compare(layer, both);
    QCOMPARE(comparison.all().ties, std::int64_t{128});
    QCOMPARE(comparison.channels[0].ties, std::int64_t{128});
    QCOMPARE(comparison.channels[1].ties, std::int64_t{0});
    QCOMPARE(comparison.all().near, std::int64_t{0});
    QCOMPARE(comparison.certified_channels(), std::int64_t{1});
    QVERIFY(!comparison.certified());
}

void TestCodeComparison::fractionBitsAreTheLayers()
{
    // Multipliers 1 and 2^-10 leave room for 23 and 30 bits; the second needs 9 bits at least to be
    // right to half a step at code 255 and is exact with 10.
    BatchNormLayer layer = identity_layer("bits", 2);
    layer.eps = 0;
    layer.gamma[1] = 0x1p-10;
    layer.beta[1] = 0.3;
    const FractionBits bits = fraction_bits_for(layer);
    QCOMPARE(bits.largest_safe.value_or(0), 23);
    QVERIFY(bits.smallest_exact.has_value());
    for (int n = 4; n <= *bits.smallest_exact; ++n) {
        const std::string id = "fixed-point:" + std::to_string(n);
        const std::vector<const Backend*> both{backend("exact"), find_backend(id)};
        QCOMPARE(compare(layer, both).differs(), n < *bits.smallest_exact);
    }
}

/// Without a real root every order of operations has its own nonsense.
void TestCodeComparison::hopelessCodesAreNoNearTies()
{
    BatchNormLayer layer = identity_layer("hopeless", 3);
    layer.output.scale = 0.3;
    layer.var[0] = -1;
    layer.gamma[1] = 1e30;
    const std::vector<const Backend*> both{backend("exact"), backend("pytorch")};
    const LayerComparison comparison = compare(layer, both);
    for (const int channel : {0, 1}) {
        QCOMPARE(comparison.channels[static_cast<std::size_t>(channel)].near, std::int64_t{0});
        QCOMPARE(comparison.channels[static_cast<std::size_t>(channel)].uncertain,
                 std::int64_t{256});
    }
    QCOMPARE(comparison.channels[2].uncertain, std::int64_t{0});
    QVERIFY(!comparison.channels[0].certified());
}

void TestCodeComparison::differingCodesAreCountedByChannel()
{
    BatchNormLayer layer = identity_layer("halves", 2);
    layer.input.scale = 0.5;
    layer.eps = 0;
    layer.beta[1] = 0.25;
    const std::vector<const Backend*> three{backend("exact"), backend("pytorch"),
                                            backend("fixed-point")};
    const LayerComparison comparison = compare(layer, three);
    QCOMPARE(comparison.channels[0].differing, std::int64_t{64}); // 1, 5, 9, .., 253
    QCOMPARE(comparison.channels[1].differing, std::int64_t{0});
}

void TestCodeComparison::theAccumulatorLimitsTheBits()
{
    // Multiplier 1: 255 * 2^23 fits into int32, 255 * 2^30 into int64 with room for more than the
    // 30 bits that there are. Multiplier 2^30: 255 * 2^(30 + n) fits below 2^63 up to n = 25.
    BatchNormLayer layer = identity_layer("room", 1);
    layer.eps = 0;
    QCOMPARE(fraction_bits_for(layer, Accumulator::int32).largest_safe.value_or(0), 23);
    QCOMPARE(fraction_bits_for(layer, Accumulator::int64).largest_safe.value_or(0), 30);
    layer.gamma[0] = 0x1p30;
    QVERIFY(!fraction_bits_for(layer, Accumulator::int32).largest_safe);
    QCOMPARE(fraction_bits_for(layer, Accumulator::int64).largest_safe.value_or(0), 25);
}

void TestCodeComparison::whyNoNumberOfBitsIsExact_data()
{
    using Obstacle = FractionBits::Obstacle;
    QTest::addColumn<BatchNormLayer>("layer");
    QTest::addColumn<int>("obstacle");
    QTest::addColumn<int>("channel");
    BatchNormLayer layer = identity_layer("obstacle", 2);
    layer.eps = 0;
    QTest::newRow("nothing") << layer << static_cast<int>(Obstacle::none) << 0;
    layer.input.scale = 0.5;
    QTest::newRow("halves go up") << layer << static_cast<int>(Obstacle::ties) << 0;
    layer.var[1] = -1;
    layer.output.zero_point = 9; // exact mathematics gives qmin, integers the zero point
    QTest::newRow("no root") << layer << static_cast<int>(Obstacle::unfit) << 1;
    layer.var[1] = 1;
    layer.input.scale = 1;
    layer.gamma[1] = 1e9;
    layer.beta[1] = -1e9 * 100 + 0.7;
    layer.mean[1] = 0;
    QTest::newRow("int32 has no room for the code 100 of a steep channel")
        << layer << static_cast<int>(Obstacle::room) << 1;
}

void TestCodeComparison::whyNoNumberOfBitsIsExact()
{
    QFETCH(BatchNormLayer, layer);
    const FractionBits bits = fraction_bits_for(layer);
    QTEST(static_cast<int>(bits.obstacle), "obstacle");
    QTEST(bits.obstacle_channel, "channel");
    QCOMPARE(bits.smallest_exact.has_value(), bits.obstacle == FractionBits::Obstacle::none);
}

QBN_TEST(TestCodeComparison)
#include "tst_code_comparison.moc"
