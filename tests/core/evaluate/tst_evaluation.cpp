#include "core/evaluate/evaluation.h"
#include "tests/support/room.h"

#include <QTest>

using namespace qbn;

namespace {

const std::vector<const Backend*> all{find_backend("exact"), find_backend("pytorch"),
                                      find_backend("pytorch-reference"),
                                      find_backend("onnxruntime")};

Experiment edited(Experiment experiment, const std::function<void(BatchNormLayer&)>& change)
{
    BatchNormLayer layer = *experiment.model.layers.front();
    change(layer);
    experiment.model.layers.front() = std::make_shared<const BatchNormLayer>(layer);
    return experiment;
}

} // namespace

class TestEvaluation : public QObject
{
    Q_OBJECT

private slots:
    void theThreadsCodeIsExplained();
    void rowsAreTheChosenBackendsCodes_data();
    void rowsAreTheChosenBackendsCodes();
    void differencesAreMarkedWhereABackendDiffers();
    void movingTheCodeKeepsTheRows();
    void anEditIsNotMistakenForThePrevious();
    void aSummaryCountsEveryChannel();
    void aSummaryIsUpdatedLikeANewOne();
};

void TestEvaluation::theThreadsCodeIsExplained()
{
    const Evaluation evaluation = evaluate(example_experiment(), {0, 0, example_input_code});
    QCOMPARE(evaluation.rows.size(), std::size_t{256});
    QCOMPARE(evaluation.row().input_code, 38);
    QCOMPARE(evaluation.row().output_code, 52);
    QCOMPARE(evaluation.result().trace.result.output_code, 52);
    QCOMPARE(evaluation.exact().trace.result.output_code, 52);
    QCOMPARE(evaluation.backends.size(), all_backends().size());
    QCOMPARE(evaluation.compared().size(), std::size_t{5}); // no fixed point unless asked for
    QVERIFY(!evaluation.summary);
}

void TestEvaluation::rowsAreTheChosenBackendsCodes_data()
{
    QTest::addColumn<QString>("backend");
    for (const Backend& backend : all_backends()) {
        const QString id = QString::fromStdString(std::string(backend.id));
        QTest::newRow(qPrintable(id)) << id;
    }
}

void TestEvaluation::rowsAreTheChosenBackendsCodes()
{
    QFETCH(QString, backend);
    Experiment experiment = example_experiment();
    experiment.backend = backend.toStdString();
    const Evaluation evaluation = evaluate(experiment, {0, 2, 0});
    const auto expected = codes(*find_backend(experiment.backend), *evaluation.layer, 2);
    for (std::size_t i = 0; i < expected.size(); ++i)
        QCOMPARE(evaluation.rows[i].output_code, expected[i]);
}

void TestEvaluation::differencesAreMarkedWhereABackendDiffers()
{
    // A negative variance: PyTorch's fused operator makes qmin of NaN in the scalar lane; so do all
    // here. Zero point 200 and 8 channels put it in the SIMD lane, where NaN is capped, wraps and
    // gives qmin; with zero point 0 it gives qmax.
    Experiment experiment = example_experiment();
    BatchNormLayer layer = identity_layer("nan", 8);
    layer.var[3] = -1;
    experiment.model.layers = {std::make_shared<const BatchNormLayer>(layer)};
    const Evaluation evaluation = evaluate(experiment, {0, 3, 0});
    QCOMPARE(evaluation.row().output_code, 255);
    QVERIFY(evaluation.row().differs);
    // Fixed point makes 0 of parameters that are no numbers, as textbook does of NaN. LiteRT refuses such a layer, which no code can
    // say, and the wheels cap NaN as the fused operator does.
    for (const BackendResult& result : evaluation.backends) {
        const bool capped = result.backend == evaluation.chosen
            || result.backend->id == "pytorch-wheel-reference"
            || result.backend->id == "pytorch-2.13-reference";
        if (result.backend->group != "LiteRT")
            QVERIFY2(result.differing == (capped ? 0 : 256), result.backend->id.data());
    }
    QVERIFY(!evaluate(experiment, {0, 2, 0}).row().differs);
}

void TestEvaluation::movingTheCodeKeepsTheRows()
{
    const Experiment experiment = example_experiment();
    const Evaluation before = evaluate(experiment, {0, 1, 10});
    const Evaluation after = evaluate(experiment, {0, 1, 11}, &before);
    const Evaluation fresh = evaluate(experiment, {0, 1, 11});
    // Taken over, not computed again, and yet what a new evaluation gives.
    QCOMPARE(after.channel_summary.get(), before.channel_summary.get());
    QVERIFY(fresh.channel_summary != before.channel_summary);
    QCOMPARE(after.rows.size(), fresh.rows.size());
    for (std::size_t i = 0; i < fresh.rows.size(); ++i) {
        QCOMPARE(after.rows[i].output_code, fresh.rows[i].output_code);
        QCOMPARE(after.rows[i].differs, fresh.rows[i].differs);
        QVERIFY(after.rows[i].exact.requantized == fresh.rows[i].exact.requantized);
    }
    QCOMPARE(after.row().input_code, 11);
    QCOMPARE(after.backends.size(), fresh.backends.size());
    for (std::size_t i = 0; i < fresh.backends.size(); ++i) {
        QVERIFY(after.backends[i].codes == fresh.backends[i].codes);
        QCOMPARE(after.backends[i].differing, fresh.backends[i].differing);
        const double steps = after.backends[i].trace.result.steps;
        QVERIFY(steps == fresh.backends[i].trace.result.steps);
        QVERIFY(steps != before.backends[i].trace.result.steps);
    }
    // Another channel has nothing to take over.
    QVERIFY(evaluate(experiment, {0, 2, 11}, &before).channel_summary != before.channel_summary);
}

void TestEvaluation::anEditIsNotMistakenForThePrevious()
{
    const Experiment experiment = example_experiment();
    const Evaluation before = evaluate(experiment, {0, 0, 38});
    const Experiment changed
        = edited(experiment, [](BatchNormLayer& layer) { layer.gamma[0] = 1; });
    QCOMPARE(evaluate(changed, {0, 0, 38}, &before).row().output_code, 73);
    Experiment other = experiment;
    other.backend = "exact";
    QCOMPARE(evaluate(other, {0, 0, 38}, &before).chosen->id, std::string_view("exact"));
}

void TestEvaluation::aSummaryCountsEveryChannel()
{
    const auto layer = example_experiment().model.layers.front();
    const auto summary = summarize(layer, *find_backend("pytorch"), all);
    QCOMPARE(summary->channels.size(), std::size_t{3});
    for (int channel = 0; channel < 3; ++channel) {
        const ChannelSummary& one = *summary->channels[static_cast<std::size_t>(channel)];
        int low = 0;
        int high = 0;
        for (const Requantized& result :
             requantize_all(*find_backend("pytorch"), *layer, channel)) {
            low += result.saturation == Saturation::low ? 1 : 0;
            high += result.saturation == Saturation::high ? 1 : 0;
        }
        QCOMPARE(one.saturated_low, low);
        QCOMPARE(one.saturated_high, high);
        QCOMPARE(one.differing, 0);
    }
    // Channel 0 rises by 0.62 output steps a code and never saturates: codes 28 to 187.
    QCOMPARE(summary->channels[0]->saturated_low + summary->channels[0]->saturated_high, 0);
    QCOMPARE(summary->channels[0]->used_codes, 160);
}

void TestEvaluation::aSummaryIsUpdatedLikeANewOne()
{
    const Experiment experiment = example_experiment();
    const Backend& chosen = *find_backend("pytorch");
    const auto before = summarize(experiment.model.layers.front(), chosen, all);
    for (const auto& change : std::initializer_list<std::function<void(BatchNormLayer&)>>{
             [](BatchNormLayer& layer) { layer.gamma[1] = 1000; },
             [](BatchNormLayer& layer) { layer.eps = 1; },
             [](BatchNormLayer& layer) { layer.output.zero_point = 250; }}) {
        const auto layer = edited(experiment, change).model.layers.front();
        const auto updated = summarize(layer, chosen, all, {.previous = before.get()});
        const auto fresh = summarize(layer, chosen, all);
        for (std::size_t i = 0; i < 3; ++i) {
            QCOMPARE(updated->channels[i]->saturated_high, fresh->channels[i]->saturated_high);
            QCOMPARE(updated->channels[i]->used_codes, fresh->channels[i]->used_codes);
            QVERIFY(updated->channels[i]->findings == fresh->channels[i]->findings);
        }
    }
}

QBN_TEST(TestEvaluation)
#include "tst_evaluation.moc"
