#include "core/arithmetic/exact.h"
#include "core/compare/tie_map.h"
#include "tests/support/golden.h"
#include "tests/support/room.h"

#include <QTest>

#include <random>

using namespace qbn;
using namespace qbn::test;

namespace {

/// steps = 0.5 * x_q: odd codes are ties.
BatchNormLayer halves()
{
    BatchNormLayer layer = identity_layer("halves", 1);
    layer.input.scale = 0.5;
    layer.eps = 0;
    return layer;
}

const Backend& pytorch()
{
    return *find_backend("pytorch");
}

BatchNormLayer randomLayer(std::mt19937& random)
{
    std::uniform_real_distribution<double> unit(0, 1);
    const auto between = [&](double low, double high) { return low + (high - low) * unit(random); };
    const auto magnitude = [&] { return std::exp2(between(-8, 6)); };
    BatchNormLayer layer = identity_layer("random", 9);
    layer.input = {quint8_type, magnitude(), static_cast<int>(between(0, 256))};
    layer.output = {quint8_type, magnitude(), static_cast<int>(between(0, 256))};
    for (int channel = 0; channel < 9; ++channel) {
        layer.mean[channel] = between(-2, 2) * magnitude();
        layer.var[channel] = magnitude();
        layer.gamma[channel] = between(-2, 2) * magnitude();
        layer.beta[channel] = between(-2, 2) * magnitude();
    }
    return layer;
}

} // namespace

class TestTieMap : public QObject
{
    Q_OBJECT

private slots:
    void everyOtherCodeIsATie();
    void clampedCodesAreFarFromTheLastBoundary();
    void aReluHidesTheBoundariesBelowTheZeroPoint();
    void aMarginIsInTheBackendsOwnUlp();
    void theMarginOfTheThreadsCode();
    void withoutARealAnswerNothingIsCertified();
    void theBoundHoldsForEveryBackend_data();
    void theBoundHoldsForEveryBackend();
    void aCertifiedChannelHasOneSetOfCodes();
    void tiesAreCountedAsTheMapHasThem();
};

void TestTieMap::everyOtherCodeIsATie()
{
    const ChannelTieMap map = tie_map(pytorch(), halves(), 0);
    QCOMPARE(map.ties, 128);
    QCOMPARE(map.near, 0);
    QVERIFY(!map.certified());
    QVERIFY(map.codes[7].tie);
    QVERIFY(map.codes[7].steps == 0);
    QVERIFY(!map.codes[8].tie);
    QVERIFY(map.codes[8].steps == 0.5);
}

void TestTieMap::clampedCodesAreFarFromTheLastBoundary()
{
    BatchNormLayer layer = halves();
    layer.input.scale = 4; // steps 0, 4, .. 1020: the last boundary is 254.5
    const ChannelTieMap map = tie_map(pytorch(), layer, 0);
    QVERIFY(map.codes[63].steps == 0.5);
    QVERIFY(map.codes[64].steps == 1.5);
    QVERIFY(map.codes[255].steps == 765.5);
    QCOMPARE(map.ties, 0);
}

void TestTieMap::aReluHidesTheBoundariesBelowTheZeroPoint()
{
    BatchNormLayer layer = halves();
    layer.beta[0] = -10;
    layer.output.zero_point = 100;
    QCOMPARE(tie_map(pytorch(), layer, 0).ties, 128);
    layer.relu = true;
    // steps -10, -9.5, .. 117.5: of the ties those from 0.5 on are left.
    const ChannelTieMap map = tie_map(pytorch(), layer, 0);
    QCOMPARE(map.ties, 118);
    QVERIFY(map.codes[0].steps == 10.5);
}

void TestTieMap::aMarginIsInTheBackendsOwnUlp()
{
    BatchNormLayer layer = halves();
    layer.beta[0] = 0.25; // code 15: 7.75, from 7.5 a quarter step; binary32 has 2^-21 there
    QVERIFY(tie_map(pytorch(), layer, 0).codes[15].ulp == 0x1p19);
    QVERIFY(tie_map(*find_backend("textbook"), layer, 0).codes[15].ulp == 0x1p48);
    QVERIFY(tie_map(*find_backend("fixed-point:10"), layer, 0).codes[15].ulp == 256);
}

void TestTieMap::theMarginOfTheThreadsCode()
{
    // -21.013209564766612 lies 0.486790435233388 above the boundary -21.5.
    const Model model = goldenModel(QStringLiteral("forum"));
    const Boundary boundary = ExactChannel(*model.layers[0], 0).boundary(38);
    QVERIFY(boundary.nearest == -21.5);
    QVERIFY(std::abs(boundary.distance - 0.486790435233388) < 1e-14);
}

void TestTieMap::withoutARealAnswerNothingIsCertified()
{
    BatchNormLayer layer = halves();
    layer.var[0] = -1;
    const ChannelTieMap map = tie_map(pytorch(), layer, 0);
    QVERIFY(std::isnan(map.codes[0].steps));
    QCOMPARE(map.near, 256);
    BatchNormLayer wild = halves();
    wild.output.zero_point = 300; // operators differ on it
    QVERIFY(!tie_map(pytorch(), wild, 0).certified());
}

void TestTieMap::theBoundHoldsForEveryBackend_data()
{
    QTest::addColumn<QString>("backend");
    for (const char* backend :
         {"pytorch", "pytorch-nofma", "pytorch-reference", "onnxruntime", "textbook"})
        QTest::newRow(backend) << backend;
}

void TestTieMap::theBoundHoldsForEveryBackend()
{
    QFETCH(QString, backend);
    std::mt19937 random(11);
    double largest = 0;
    for (int round = 0; round < 500; ++round) {
        const BatchNormLayer layer = randomLayer(random);
        for (int channel = 0; channel < layer.channels(); ++channel) {
            const ExactChannel exact(layer, channel);
            const auto results
                = requantize_all(*find_backend(backend.toStdString()), layer, channel);
            for (std::int32_t code = 0; code < 256; ++code) {
                const double steps = results[static_cast<std::size_t>(code)].steps;
                const double error = std::abs(steps - exact.boundary(code).steps);
                const double bound = rounding_error_bound(layer, channel, code);
                QVERIFY(error <= bound);
                largest = std::max(largest, error / bound);
            }
        }
    }
    // A bound a thousand times too wide would certify nothing; textbook is far below any.
    QVERIFY(largest > (backend == QLatin1String("textbook") ? 0 : 0.1));
}

void TestTieMap::aCertifiedChannelHasOneSetOfCodes()
{
    int certified = 0;
    int nearCodes = 0;
    std::vector<const Backend*> sound;
    for (const Backend& backend : all_backends()) {
        if (backend.is_sound())
            sound.push_back(&backend);
    }
    QCOMPARE(sound.size(), std::size_t{11}); // exact, the textbook, PyTorch's and ONNX Runtime
    for (const QString& session : goldenSessions()) {
        for (const auto& layer : goldenModel(session).layers) {
            for (int channel = 0; channel < layer->channels(); ++channel) {
                const ChannelTieMap map = tie_map(pytorch(), *layer, channel);
                nearCodes += map.near + map.ties;
                certified += map.certified() ? 1 : 0;
                const auto expected = codes(*sound.front(), *layer, channel);
                for (const Backend* backend : sound) {
                    const auto other = codes(*backend, *layer, channel);
                    for (std::size_t i = 0; i < other.size(); ++i) {
                        const CodeMargin& margin = map.codes[i];
                        QVERIFY2(other[i] == expected[i] || margin.tie || margin.near,
                                 qPrintable(session));
                    }
                }
            }
        }
    }
    QVERIFY(certified > (allGoldenSessions ? 1000 : 0));
    QVERIFY(nearCodes > 0);
}

void TestTieMap::tiesAreCountedAsTheMapHasThem()
{
    std::vector<BatchNormLayer> layers{halves(), halves(), halves(), halves()};
    layers[1].var[0] = -1;
    layers[2].output.zero_point = 300;
    layers[3].gamma[0] = 1e30;
    std::mt19937 random(3);
    for (int round = 0; round < 100; ++round)
        layers.push_back(randomLayer(random));
    for (const QString& session : goldenSessions()) {
        for (const auto& layer : goldenModel(session).layers)
            layers.push_back(*layer);
    }
    TieCounts all;
    for (const BatchNormLayer& layer : layers) {
        for (int channel = 0; channel < layer.channels(); ++channel) {
            const TieCounts counts = count_ties(layer, channel);
            const TieCounts expected = counts_of(tie_map(pytorch(), layer, channel));
            QCOMPARE(counts.ties, expected.ties);
            QCOMPARE(counts.near, expected.near);
            QCOMPARE(counts.uncertain, expected.uncertain);
            all.ties += counts.ties;
            all.near += counts.near;
            all.uncertain += counts.uncertain;
        }
    }
    QVERIFY(all.ties > 128);
    QVERIFY(all.near > 100);
    QVERIFY(all.uncertain > 700);
}

QBN_TEST(TestTieMap)
#include "tst_tie_map.moc"
