#include "core/evaluate/layer_summary.h"
#include "tests/support/parting_layer.h"
#include "tests/support/room.h"

#include <QtTest>

#include <algorithm>

using namespace qbn;
using namespace qbn::test;

class TestLayerSummary : public QObject
{
    Q_OBJECT

private slots:
    void differencesAreVisitedInOrder_data();
    void differencesAreVisitedInOrder();
    void theOnlyDifferenceIsItsOwnNext();
    void withoutDifferencesThereIsNone();
    void codesAreThoseOfTheBackends();
    void outsideOfTheLayerNothingDiffers();
    void aStopEndsItAtOnce();
    void whatAStoppedRunHasDoneIsTakenOver();
    void howManyThreadsIsNotSeen();
    void oneChangedChannelIsComputedAndTheOthersAreTaken_data();
    void oneChangedChannelIsComputedAndTheOthersAreTaken();
};

namespace {

std::shared_ptr<const LayerSummary> summaryOf(const BatchNormLayer& layer)
{
    return summarize(std::make_shared<const BatchNormLayer>(layer), *find_backend("pytorch"),
                     {find_backend("exact"), find_backend("onnxruntime")});
}

/// Two channels that part on one code each, and one on which PyTorch's vector code gives qmax for
/// NaN and the others qmin.
BatchNormLayer manyDifferences()
{
    BatchNormLayer layer = partingLayer(12, 3);
    const BatchNormLayer other = partingLayer(12, 9);
    for (const auto& [mine, its] :
         {std::pair{&layer.mean, &other.mean}, std::pair{&layer.var, &other.var},
          std::pair{&layer.gamma, &other.gamma}, std::pair{&layer.beta, &other.beta}})
        (*mine)[9] = (*its)[9];
    layer.var[5] = -1;
    return layer;
}

/// By the codes themselves.
std::vector<CodePlace> differingPlaces(const LayerSummary& summary)
{
    std::vector<CodePlace> places;
    for (int channel = 0; channel < summary.layer->channels(); ++channel) {
        const auto chosen = codes(*summary.chosen, *summary.layer, channel);
        for (std::int32_t i = 0; i < std::ssize(chosen); ++i) {
            const auto differs = [&](const Backend* backend) {
                return codes(*backend, *summary.layer, channel)[static_cast<std::size_t>(i)]
                    != chosen[static_cast<std::size_t>(i)];
            };
            if (std::any_of(summary.compared.begin(), summary.compared.end(), differs))
                places.push_back({channel, summary.layer->input.type.qmin() + i});
        }
    }
    return places;
}

} // namespace

void TestLayerSummary::differencesAreVisitedInOrder_data()
{
    QTest::addColumn<bool>("forward");
    QTest::newRow("forward, around the end") << true;
    QTest::newRow("backward, around the start") << false;
}

void TestLayerSummary::differencesAreVisitedInOrder()
{
    QFETCH(bool, forward);
    const auto summary = summaryOf(manyDifferences());
    std::vector<CodePlace> expected = differingPlaces(*summary);
    QCOMPARE(expected.size(), std::size_t{258});
    QCOMPARE(first_difference(*summary), expected.front());
    if (!forward)
        std::reverse(expected.begin(), expected.end());
    CodePlace at = expected.back();
    for (const CodePlace& place : expected) {
        const auto next
            = next_difference(*summary, at, forward ? Direction::forward : Direction::backward);
        QVERIFY(next);
        QCOMPARE(next->channel, place.channel);
        QCOMPARE(next->input_code, place.input_code);
        at = *next;
    }
}

void TestLayerSummary::theOnlyDifferenceIsItsOwnNext()
{
    const auto summary = summaryOf(partingLayer(5, 4));
    const CodePlace only{4, partingCode};
    for (const Direction direction : {Direction::forward, Direction::backward}) {
        QCOMPARE(next_difference(*summary, only, direction), only);
        QCOMPARE(next_difference(*summary, {0, 0}, direction), only);
        QCOMPARE(next_difference(*summary, {4, partingCode + 1}, direction), only);
    }
}

void TestLayerSummary::withoutDifferencesThereIsNone()
{
    const auto summary = summaryOf(identity_layer("calm", 3));
    QVERIFY(!next_difference(*summary, {1, 7}));
    QVERIFY(!first_difference(*summary));
}

void TestLayerSummary::codesAreThoseOfTheBackends()
{
    const auto summary = summaryOf(partingLayer(5, 2));
    const auto given = codes_at(*summary, {2, partingCode});
    QCOMPARE(given.size(), std::size_t{3});
    QCOMPARE(given[0].backend, find_backend("pytorch"));
    QCOMPARE(given[2].backend, find_backend("onnxruntime"));
    for (const BackendCode& one : given)
        QCOMPARE(one.output_code, codes(*one.backend, *summary->layer, 2)[partingCode]);
    QCOMPARE(given[2].output_code - given[0].output_code, summary->difference_at({2, partingCode}));
    QVERIFY(given[2].output_code != given[0].output_code);
}

void TestLayerSummary::outsideOfTheLayerNothingDiffers()
{
    const auto summary = summaryOf(partingLayer(2, 1));
    QCOMPARE(summary->difference_at({-1, partingCode}), 0);
    QCOMPARE(summary->difference_at({2, partingCode}), 0);
    QCOMPARE(summary->difference_at({1, 256}), 0);
}

void TestLayerSummary::aStopEndsItAtOnce()
{
    std::stop_source stop;
    stop.request_stop();
    const auto layer = std::make_shared<const BatchNormLayer>(partingLayer(2, 1));
    const auto summary = summarize(layer, *find_backend("pytorch"), {}, {.stop = stop.get_token()});
    QVERIFY(summary->channels.empty());
}

void TestLayerSummary::whatAStoppedRunHasDoneIsTakenOver()
{
    const Backend& chosen = *find_backend("pytorch");
    const auto layer = std::make_shared<const BatchNormLayer>(partingLayer(40, 1));
    std::stop_source stop;
    const auto stopped
        = summarize(layer, chosen, {}, {.stop = stop.get_token(), .progress = [&stop](int done) {
                                            if (done == 10)
                                                stop.request_stop();
                                        }});
    QVERIFY(!stopped->is_complete());
    QCOMPARE(stopped->channels.size(), std::size_t{10});
    QVERIFY(!summarize(layer, chosen, {}, {.previous = stopped.get(), .most = 29}));
    const auto whole = summarize(layer, chosen, {}, {.previous = stopped.get(), .most = 30});
    QVERIFY(whole && whole->is_complete());
    for (std::size_t i = 0; i < 10; ++i)
        QCOMPARE(whole->channels[i], stopped->channels[i]);
}

void TestLayerSummary::howManyThreadsIsNotSeen()
{
    BatchNormLayer many = identity_layer("many", 400);
    for (int channel = 0; channel < many.channels(); ++channel) {
        many.gamma[channel] = 0.02 * channel - 1;
        many.beta[channel] = 0.3 * channel;
    }
    const auto layer = std::make_shared<const BatchNormLayer>(many);
    const Backend& chosen = *find_backend("pytorch");
    const std::vector<const Backend*> compared{find_backend("exact"), find_backend("openvino"),
                                               find_backend("litert-mul-add")};
    std::vector<int> told;
    const auto alone = summarize(layer, chosen, compared, {.threads = 1});
    const auto shared
        = summarize(layer, chosen, compared,
                    {.progress = [&told](int done) { told.push_back(done); }, .threads = 4});
    QVERIFY(alone->differing() > 100);
    QVERIFY(shared->is_complete());
    for (std::size_t i = 0; i < alone->channels.size(); ++i) {
        const ChannelSummary& one = *alone->channels[i];
        const ChannelSummary& other = *shared->channels[i];
        QVERIFY(other.differences == one.differences);
        QCOMPARE(other.saturated_low, one.saturated_low);
        QCOMPARE(other.saturated_high, one.saturated_high);
        QCOMPARE(other.used_codes, one.used_codes);
        QCOMPARE(other.ties, one.ties);
        QCOMPARE(other.findings.size(), one.findings.size());
    }
    QCOMPARE(told.size(), std::size_t{400});
    QVERIFY(std::is_sorted(told.begin(), told.end()));
    QCOMPARE(told.back(), 400);
}

void TestLayerSummary::oneChangedChannelIsComputedAndTheOthersAreTaken_data()
{
    QTest::addColumn<double>("gamma");
    QTest::addColumn<int>("computed");
    QTest::newRow("a gain that OpenVINO folds as before") << 0.8 << 1;
    QTest::newRow("the first gain below 0 changes OpenVINO's form for all") << -0.8 << 40;
    QTest::newRow("the first gain of 0 does so too") << 0.0 << 40;
}

void TestLayerSummary::oneChangedChannelIsComputedAndTheOthersAreTaken()
{
    QFETCH(double, gamma);
    QFETCH(int, computed);
    const Backend& chosen = *find_backend("pytorch");
    const std::vector<const Backend*> compared{find_backend("openvino"),
                                               find_backend("onnxruntime")};
    BatchNormLayer edited = partingLayer(40, 1);
    std::fill(edited.gamma.begin(), edited.gamma.end(), 0.5);
    const auto layer = std::make_shared<const BatchNormLayer>(edited);
    const auto before = summarize(layer, chosen, compared);
    edited.gamma[7] = gamma;
    const auto after = std::make_shared<const BatchNormLayer>(edited);
    QVERIFY(!summarize(after, chosen, compared, {.previous = before.get(), .most = computed - 1}));
    const auto updated
        = summarize(after, chosen, compared, {.previous = before.get(), .most = computed});
    QVERIFY(updated);
    const auto fresh = summarize(after, chosen, compared);
    QCOMPARE(updated->channels.size(), fresh->channels.size());
    for (std::size_t i = 0; i < fresh->channels.size(); ++i) {
        QVERIFY(updated->channels[i]->differences == fresh->channels[i]->differences);
        QCOMPARE(updated->channels[i]->used_codes, fresh->channels[i]->used_codes);
        QCOMPARE(updated->channels[i]->near, fresh->channels[i]->near);
    }
}

QBN_TEST(TestLayerSummary)
#include "tst_layer_summary.moc"
