#include "core/evaluate/audit.h"
#include "core/evaluate/output_search.h"
#include "tests/support/golden.h"
#include "tests/support/room.h"

#include <QTest>

#include <cmath>

using namespace qbn;
using namespace qbn::test;

namespace {

/// The output is the input code itself, 0 to 255, in output steps of `scale`.
BatchNormLayer passing(double scale)
{
    BatchNormLayer layer = identity_layer("passing", 1);
    layer.output.scale = scale;
    layer.eps = 0;
    return layer;
}

bool near(double a, double b)
{
    return std::abs(a - b) <= 1e-9 * std::max(1.0, std::abs(b));
}

} // namespace

/// Numbers worked by hand.
class TestAudit : public QObject
{
    Q_OBJECT

private slots:
    void aLayerThatPassesItsInputHasNoNoise();
    void halfTheStepsMergesCodes();
    void clampedInputsAreCounted();
    void unusedCodesAreWorthALook();
    void aReluIsPartOfTheSignal();
    void theNormalDistributionIsTheStatistics();
    void countsAreMadeShares();
    void channelsWithoutAnAnswerDoNotCount();
    void channelsWithoutSamplesDoNotCount();
    void withoutAnySampleThereIsNoMean();
    void aBetterOutputIsFound();
    void nothingIsProposedWhereNothingIsBetter();
    void proposalsNeverRaiseTheNoise();
    void aStopEndsItAtOnce();
};

void TestAudit::aLayerThatPassesItsInputHasNoNoise()
{
    const BatchNormLayer layer = passing(1);
    const LayerAudit result = audit(layer, CodeDistribution::even(layer));
    QCOMPARE(result.channels[0].used_codes, 256);
    QCOMPARE(result.channels[0].dead_codes, 0);
    QCOMPARE(result.channels[0].merged_codes, 0);
    QVERIFY(result.noise == 0);
    QVERIFY(std::isinf(result.sqnr()));
    QVERIFY(near(result.signal, 255 * 511 / 6.0)); // the mean of the squares 0 to 255^2
}

void TestAudit::halfTheStepsMergesCodes()
{
    // Odd codes are ties and miss by 1: half of them, so the noise is 0.5. 255 goes to 127.5, 128.
    const BatchNormLayer layer = passing(2);
    const LayerAudit result = audit(layer, CodeDistribution::even(layer));
    QCOMPARE(result.channels[0].used_codes, 129);
    QCOMPARE(result.channels[0].dead_codes, 127);
    QCOMPARE(result.channels[0].merged_codes, 127);
    QVERIFY(near(result.noise, 0.5));
    QVERIFY(near(result.sqnr(), 10 * std::log10(255 * 511 / 6.0 / 0.5)));
    QVERIFY(result.saturation == 0);
}

void TestAudit::clampedInputsAreCounted()
{
    // 2 * 128 is the first above 255.
    const BatchNormLayer layer = passing(0.5);
    const LayerAudit result = audit(layer, CodeDistribution::even(layer));
    QVERIFY(near(result.saturation, 0.5));
    QVERIFY(result.channels[0].saturates());
    QCOMPARE(result.channels[0].used_codes, 129);
}

void TestAudit::unusedCodesAreWorthALook()
{
    // 0 to 255 in steps of 17 are the codes 0 to 15, and 16 of 256 are just enough.
    for (const auto& [scale, used, wasted] : {std::tuple{17.0, 16, false}, {18.0, 15, true}}) {
        const BatchNormLayer layer = passing(scale);
        const ChannelAudit channel = audit(layer, CodeDistribution::even(layer)).channels[0];
        QCOMPARE(channel.used_codes, used);
        QCOMPARE(channel.wastes_codes(), wasted);
        QVERIFY(!channel.saturates());
    }
}

void TestAudit::aReluIsPartOfTheSignal()
{
    BatchNormLayer layer = passing(1);
    layer.beta[0] = -128; // -128 to 127, of which 1 to 127 are left
    layer.relu = true;
    const LayerAudit result = audit(layer, CodeDistribution::even(layer));
    QVERIFY(near(result.signal, 127.0 * 128 * 255 / 6 / 256));
    QVERIFY(result.noise == 0);
    QCOMPARE(result.channels[0].used_codes, 128);
}

void TestAudit::theNormalDistributionIsTheStatistics()
{
    BatchNormLayer layer = passing(1);
    layer.input.zero_point = 100;
    const CodeDistribution normal = CodeDistribution::normal(layer); // N(0, 1)
    QVERIFY(near(normal.weight(0, 100), 0.38292492254802624)); // P(|X| < 1/2)
    QVERIFY(near(normal.weight(0, 101), 0.24173033745712885)); // P(1/2 < X < 3/2)
    double sum = 0;
    for (int i = 0; i < 256; ++i)
        sum += normal.weight(0, i);
    QVERIFY(near(sum, 1));
    layer.var[0] = -1;
    QVERIFY(near(CodeDistribution::normal(layer).weight(0, 7), 1 / 256.0));
}

void TestAudit::countsAreMadeShares()
{
    std::vector<double> counts(512);
    counts[3] = 1;
    counts[5] = 3;
    const CodeDistribution distribution(256, counts);
    QVERIFY(near(distribution.weight(0, 5), 0.75));
    QVERIFY(distribution.weight(1, 5) == 0); // nothing was counted there
}

void TestAudit::channelsWithoutAnAnswerDoNotCount()
{
    BatchNormLayer layer = identity_layer("two", 2);
    layer.eps = 0;
    layer.output.scale = 2;
    layer.var[1] = -1;
    const LayerAudit result = audit(layer, CodeDistribution::even(layer));
    QVERIFY(std::isnan(result.channels[1].noise));
    QVERIFY(near(result.noise, 0.5));
}

void TestAudit::channelsWithoutSamplesDoNotCount()
{
    // Code 3 in steps of 2 is a tie and misses by 1.
    BatchNormLayer layer = identity_layer("two", 2);
    layer.eps = 0;
    layer.output.scale = 2;
    std::vector<double> counts(512);
    counts[3] = 5;
    const LayerAudit result = audit(layer, CodeDistribution(256, counts));
    QVERIFY(result.channels[0].is_sampled);
    QVERIFY(!result.channels[1].is_sampled);
    QVERIFY(std::isnan(result.channels[1].saturation));
    QVERIFY(std::isnan(result.channels[1].sqnr()));
    QVERIFY(!result.channels[1].saturates());
    QCOMPARE(result.channels[1].used_codes, 129);
    QVERIFY(near(result.noise, 1));
    QVERIFY(near(result.signal, 9));
    QVERIFY(result.saturation == 0);
}

void TestAudit::withoutAnySampleThereIsNoMean()
{
    const BatchNormLayer layer = passing(2);
    const LayerAudit result = audit(layer, CodeDistribution(256, std::vector<double>(256)));
    QVERIFY(std::isnan(result.saturation));
    QVERIFY(std::isnan(result.sqnr()));
    QVERIFY(result.proposal.gain == 0);
}

void TestAudit::aBetterOutputIsFound()
{
    // 0 to 255 fit into 256 codes without any error, at scale 1.
    const BatchNormLayer layer = passing(0.5);
    const OutputProposal proposal = audit(layer, CodeDistribution::even(layer)).proposal;
    QVERIFY(near(proposal.output.scale, 1));
    QCOMPARE(proposal.output.zero_point, 0);
    QVERIFY(proposal.noise == 0);
    QVERIFY(proposal.saturation == 0);
    QVERIFY(std::isinf(proposal.gain));
}

void TestAudit::nothingIsProposedWhereNothingIsBetter()
{
    const BatchNormLayer layer = passing(1);
    const OutputProposal proposal = audit(layer, CodeDistribution::even(layer)).proposal;
    QVERIFY(proposal.gain == 0);
    QVERIFY(proposal.output == layer.output);
}

void TestAudit::proposalsNeverRaiseTheNoise()
{
    for (const QString& session : goldenSessions()) {
        for (const auto& layer : goldenModel(session).layers) {
            const LayerAudit result = audit(*layer, CodeDistribution::normal(*layer));
            BatchNormLayer better = *layer;
            better.output = result.proposal.output;
            const double noise = audit(better, CodeDistribution::normal(better)).noise;
            QVERIFY2(!(noise > result.noise), qPrintable(session));
        }
    }
}

void TestAudit::aStopEndsItAtOnce()
{
    std::stop_source stop;
    stop.request_stop();
    const BatchNormLayer layer = passing(1);
    QVERIFY(audit(layer, CodeDistribution::even(layer), stop.get_token()).channels.empty());
}

QBN_TEST(TestAudit)
#include "tst_audit.moc"
