#include "core/explain/next_measurement.h"
#include "tests/support/room.h"

#include <QTest>

using namespace qbn;

namespace {

/// y_q = round_half_even(gamma * x_q / 4) in each channel.
BatchNormLayer quarterLayer(std::initializer_list<double> gamma)
{
    BatchNormLayer layer = identity_layer("a quarter", static_cast<int>(gamma.size()));
    layer.input = {quint8_type, 1.0, 0};
    layer.output = {quint8_type, 4.0, 0};
    layer.eps = 0;
    std::copy(gamma.begin(), gamma.end(), layer.gamma.begin());
    return layer;
}

/// These recipes, as if they had explained the one observation.
Diagnosis remaining(const Observation& observation, const std::vector<std::string>& ids)
{
    Diagnosis diagnosis;
    diagnosis.observations.push_back({.observation = observation});
    for (const std::string& id : ids) {
        Explanation explanation{.recipe = find_recipe(id), .explains = 1, .of = 1};
        if (id == "wrong-channel")
            explanation.channel = 1;
        if (id == "batch-norm")
            explanation.backend = find_backend("exact");
        diagnosis.explanations.push_back(explanation);
    }
    return diagnosis;
}

} // namespace

class TestNextMeasurement : public QObject
{
    Q_OBJECT

private slots:
    void codesFarthestApartAreChosen();
    void moreDifferentCodesGoBeforeFartherOnes();
    void theObservedChannelGoesFirst();
    void anotherChannelIsChosenWhereItTellsMore();
    void aChannelBehindManyEqualOnesIsFound();
    void nothingWhereTheSameIsAlwaysGiven();
    void nothingWhereOneExplanationRemains();
    void explanationsThatFailAreNotAsked();
    void anExplainedObservationLeadsToTheNext();
};

void TestNextMeasurement::codesFarthestApartAreChosen()
{
    // x_q / 2 or, without gamma, x_q / 4: at 255 it is 127.5 (128) or 63.75 (64), 64 apart; at 254
    // it is 127 or 63.5 (64), 63 apart.
    const auto next
        = next_measurement(quarterLayer({2.0}), remaining({0, 0, 0}, {"batch-norm", "no-affine"}));
    QVERIFY(next);
    QCOMPARE(next->channel, 0);
    QCOMPARE(next->input_code, 255);
    QCOMPARE(next->distinct, 2);
    QCOMPARE(next->predictions.size(), std::size_t{2});
    QCOMPARE(next->predictions[0].explanation, std::size_t{0});
    QCOMPARE(next->predictions[0].code, 128.0);
    QCOMPARE(next->predictions[1].code, 64.0);
}

void TestNextMeasurement::moreDifferentCodesGoBeforeFartherOnes()
{
    // Only on a half do the two roundings part, by 1 and so no farther for greater codes. The
    // lowest half that goes down is 0.5, at 1: 0, 1 and, without gamma, 0.25 (0). The next is 2.5,
    // at 5: 2, 3 and 1.25 (1).
    const auto next = next_measurement(
        quarterLayer({2.0}),
        remaining({0, 0, 0}, {"batch-norm", "half-away-from-zero", "no-affine"}));
    QVERIFY(next);
    QCOMPARE(next->distinct, 3);
    QCOMPARE(next->predictions[1].code - next->predictions[0].code, 1.0);
    QCOMPARE(next->input_code, 5);
}

void TestNextMeasurement::theObservedChannelGoesFirst()
{
    const auto next = next_measurement(quarterLayer({2.0, 2.0, 2.0}),
                                       remaining({2, 0, 0}, {"batch-norm", "no-affine"}));
    QVERIFY(next);
    QCOMPARE(next->channel, 2);
}

void TestNextMeasurement::anotherChannelIsChosenWhereItTellsMore()
{
    // In channel 0 gamma is 1 and leaving it out changes nothing.
    const auto next = next_measurement(quarterLayer({1.0, 2.0}),
                                       remaining({0, 0, 0}, {"batch-norm", "no-affine"}));
    QVERIFY(next);
    QCOMPARE(next->channel, 1);
}

void TestNextMeasurement::aChannelBehindManyEqualOnesIsFound()
{
    BatchNormLayer layer = identity_layer("many", 50'000);
    layer.gamma[49'000] = 2;
    const auto next = next_measurement(layer, remaining({0, 0, 0}, {"batch-norm", "no-affine"}));
    QVERIFY(next);
    QCOMPARE(next->channel, 49'000);
}

void TestNextMeasurement::nothingWhereTheSameIsAlwaysGiven()
{
    // Nothing is negative here, so rounding down and towards 0 are the same.
    QVERIFY(!next_measurement(quarterLayer({2.0}), remaining({0, 0, 0}, {"truncated", "floored"})));
}

void TestNextMeasurement::nothingWhereOneExplanationRemains()
{
    QVERIFY(!next_measurement(quarterLayer({2.0}), remaining({0, 0, 0}, {"batch-norm"})));
    QVERIFY(!next_measurement(quarterLayer({2.0}), {}));
}

void TestNextMeasurement::explanationsThatFailAreNotAsked()
{
    Diagnosis diagnosis = remaining({0, 0, 0}, {"batch-norm", "no-affine"});
    diagnosis.explanations[1].explains = 0;
    QVERIFY(!next_measurement(quarterLayer({2.0}), diagnosis));
}

void TestNextMeasurement::anExplainedObservationLeadsToTheNext()
{
    // 40 / 4 = 10 whatever the rounding; measuring what is proposed leaves fewer explanations.
    const BatchNormLayer layer = quarterLayer({1.0});
    const Backend& exact = *find_backend("exact");
    std::vector<Observation> observations{{0, 40, 10}};
    const auto count = [](const Diagnosis& diagnosis) {
        return std::count_if(diagnosis.explanations.begin(), diagnosis.explanations.end(),
                             [](const Explanation& e) { return e.explains_all(); });
    };
    Diagnosis diagnosis = *explain(layer, exact, observations);
    auto before = count(diagnosis);
    QVERIFY(before > 1);
    while (const auto next = next_measurement(layer, diagnosis)) {
        const auto truth = codes(exact, layer, next->channel);
        observations.push_back(
            {next->channel, next->input_code, truth[static_cast<std::size_t>(next->input_code)]});
        diagnosis = *explain(layer, exact, observations);
        QVERIFY(count(diagnosis) < before);
        before = count(diagnosis);
    }
    QCOMPARE(before, 1);
    QCOMPARE(id_of(diagnosis.explanations[0]), std::string("batch-norm"));
}

QBN_TEST(TestNextMeasurement)
#include "tst_next_measurement.moc"
