#include "core/evaluate/audit_run.h"
#include "core/evaluate/output_search.h"
#include "tests/support/golden.h"
#include "tests/support/room.h"

#include <QTest>

#include <bit>
#include <cmath>
#include <stop_token>

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
    void aScaleThatIsNoneHasNoProposalAndSaysWhy_data();
    void aScaleThatIsNoneHasNoProposalAndSaysWhy();
    void outputsBeyondBinary32HaveAZeroPoint();
    void anyThreadsGiveTheSameBits();
    void progressRisesToAllChannels();
    void aStopEndsTheRun();
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
    QVERIFY(near(normal.weights(0)[100], 0.38292492254802624)); // P(|X| < 1/2)
    QVERIFY(near(normal.weights(0)[101], 0.24173033745712885)); // P(1/2 < X < 3/2)
    double sum = 0;
    for (const double weight : normal.weights(0))
        sum += weight;
    QVERIFY(near(sum, 1));
    layer.var[0] = -1;
    QVERIFY(near(CodeDistribution::normal(layer).weights(0)[7], 1 / 256.0));
}

void TestAudit::countsAreMadeShares()
{
    std::vector<double> counts(512);
    counts[3] = 1;
    counts[5] = 3;
    const CodeDistribution distribution(256, counts);
    QVERIFY(near(distribution.weights(0)[5], 0.75));
    QVERIFY(distribution.weights(1)[5] == 0); // nothing was counted there
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

void TestAudit::aScaleThatIsNoneHasNoProposalAndSaysWhy_data()
{
    QTest::addColumn<double>("outputScale");
    QTest::addColumn<double>("inputScale");
    QTest::addColumn<QByteArray>("reason");
    QTest::newRow("an infinite output scale")
        << HUGE_VAL << 1.0 << QByteArray("the present output scale is infinite");
    QTest::newRow("a negative one of them")
        << -HUGE_VAL << 1.0 << QByteArray("the present output scale is infinite");
    QTest::newRow("no number") << std::nan("") << 1.0
                               << QByteArray("the present output scale is not a number");
    QTest::newRow("zero") << 0.0 << 1.0 << QByteArray("the present output scale is 0");
    QTest::newRow("an infinite input scale")
        << 1.0 << HUGE_VAL << QByteArray("the exact outputs span no range of numbers");
    QTest::newRow("outputs of which a bin has no width")
        << 1.0 << 5e-324 << QByteArray("the exact outputs span no range of numbers");
    QTest::newRow("a better one that does not exist")
        << 1.0 << 1.0 << QByteArray("none was found with a smaller mean squared error");
    QTest::newRow("a better one that does") << 0.5 << 1.0 << QByteArray();
}

void TestAudit::aScaleThatIsNoneHasNoProposalAndSaysWhy()
{
    QFETCH(double, outputScale);
    QFETCH(double, inputScale);
    BatchNormLayer layer = passing(outputScale);
    layer.input.scale = inputScale;
    const OutputProposal proposal = audit(layer, CodeDistribution::even(layer)).proposal;
    QTEST(QByteArray(proposal.none_as.data(), static_cast<qsizetype>(proposal.none_as.size())),
          "reason");
    QCOMPARE(proposal.gain > 0, proposal.none_as.empty());
    QCOMPARE(proposal.output.zero_point == layer.output.zero_point
                 && std::isnan(proposal.output.scale) == std::isnan(outputScale),
             true);
}

void TestAudit::outputsBeyondBinary32HaveAZeroPoint()
{
    BatchNormLayer layer = passing(1e300);
    layer.gamma[0] = 1e300;
    layer.beta[0] = -3e301;
    const OutputProposal proposal = audit(layer, CodeDistribution::even(layer)).proposal;
    QVERIFY(proposal.output.zero_point >= 0 && proposal.output.zero_point <= 255);
    QVERIFY(std::isfinite(proposal.output.scale));
}

namespace {

std::vector<AuditTask> tasksOf(const Model& model)
{
    std::vector<AuditTask> tasks;
    for (const auto& layer : model.layers)
        tasks.push_back({.layer = layer.get()});
    return tasks;
}

bool sameBits(double a, double b)
{
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

} // namespace

void TestAudit::anyThreadsGiveTheSameBits()
{
    const Model model = goldenModel(QStringLiteral("hard"));
    const std::vector<AuditTask> tasks = tasksOf(model);
    for (const int threads : {1, 2, 7}) {
        const auto audits = audit_all(tasks, {.progress = {}, .stop = {}, .threads = threads});
        QVERIFY(audits);
        QCOMPARE(audits->size(), tasks.size());
        for (std::size_t i = 0; i < tasks.size(); ++i) {
            const BatchNormLayer& layer = *tasks[i].layer;
            const LayerAudit alone = audit(layer, CodeDistribution::normal(layer));
            const LayerAudit& together = (*audits)[i];
            QVERIFY(sameBits(together.noise, alone.noise));
            QVERIFY(sameBits(together.signal, alone.signal));
            QVERIFY(sameBits(together.proposal.output.scale, alone.proposal.output.scale));
            QVERIFY(sameBits(together.proposal.noise, alone.proposal.noise));
            QCOMPARE(together.channels.size(), alone.channels.size());
            for (std::size_t channel = 0; channel < alone.channels.size(); ++channel) {
                QVERIFY(sameBits(together.channels[channel].noise, alone.channels[channel].noise));
                QCOMPARE(together.channels[channel].used_codes, alone.channels[channel].used_codes);
            }
        }
    }
}

void TestAudit::progressRisesToAllChannels()
{
    const Model model = goldenModel(QStringLiteral("hard"));
    int channels = 0;
    for (const auto& layer : model.layers)
        channels += layer->channels();
    int last = 0;
    int calls = 0;
    bool rises = true;
    const auto progress = [&](int done) {
        rises = rises && done > last;
        last = done;
        ++calls;
    };
    QVERIFY(audit_all(tasksOf(model), {.progress = progress, .stop = {}, .threads = 3}));
    QVERIFY(rises);
    QVERIFY(calls > 3);
    QCOMPARE(last, channels);
}

void TestAudit::aStopEndsTheRun()
{
    const BatchNormLayer layer = identity_layer("many", 4096);
    const AuditTask task{.layer = &layer};
    std::stop_source stop;
    int last = 0;
    const auto progress = [&](int done) {
        last = done;
        stop.request_stop();
    };
    QVERIFY(!audit_all({&task, 1}, {.progress = progress, .stop = stop.get_token(), .threads = 2}));
    QVERIFY(last > 0);
    QVERIFY(last < 200);
}

QBN_TEST(TestAudit)
#include "tst_audit.moc"
