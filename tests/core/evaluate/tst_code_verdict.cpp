#include "core/evaluate/code_verdict.h"
#include "tests/support/parting_layer.h"
#include "tests/support/room.h"

#include <QTest>

using namespace qbn;
using namespace qbn::test;

Q_DECLARE_METATYPE(ModelDifferences)

namespace {

Experiment changed(Experiment experiment, const std::function<void(BatchNormLayer&)>& change)
{
    BatchNormLayer layer = *experiment.model.layers.front();
    change(layer);
    experiment.model.layers.front() = std::make_shared<const BatchNormLayer>(std::move(layer));
    return experiment;
}

QString text(const std::string& sentence)
{
    return QString::fromStdString(sentence);
}

} // namespace

class TestCodeVerdict : public QObject
{
    Q_OBJECT

private slots:
    void theExampleAgrees();
    void whoGivesAnotherCodeIsNamed();
    void whoDiffersElsewhereIsCounted();
    void theWholeModelIsCounted_data();
    void theWholeModelIsCounted();
    void aChangeIsToldFromNone();
    void codesBeforeAreOfThatChannel();
    void whatNobodyGaveIsNoResult();
    void stagesDependOnWhatIsBeforeThem();
};

void TestCodeVerdict::theExampleAgrees()
{
    const CodeVerdict found
        = verdict_of(evaluate(example_experiment(), {.code = example_input_code}));
    QVERIFY(found.agrees());
    QCOMPARE(text(found.sentence()),
             QStringLiteral("Code 38 (0.29906651) becomes 52 (-110.886795). All 6 compared "
                            "backends agree on the 256 codes of this channel."));
}

void TestCodeVerdict::whoGivesAnotherCodeIsNamed()
{
    const Evaluation evaluation
        = evaluate(partingExperiment(3, 1), {.channel = 1, .code = partingCode});
    const CodeVerdict found = verdict_of(evaluation);
    QVERIFY(!found.agrees());
    const auto here = std::ranges::find_if(
        found.parting, [](const Parting& other) { return other.here.has_value(); });
    QVERIFY(here != found.parting.end());
    QVERIFY(*here->here != found.output_code);
    const QString sentence = text(found.agreement());
    QVERIFY2(sentence.contains(QString::fromStdString(std::string(here->backend->title)))
                 && sentence.contains(QStringLiteral(" differ")),
             qPrintable(sentence));
    QVERIFY2(text(found.nearness()).contains(QStringLiteral("from a tie"))
                 || text(found.nearness()).contains(QStringLiteral("It is a tie")),
             qPrintable(text(found.nearness())));
}

void TestCodeVerdict::whoDiffersElsewhereIsCounted()
{
    const std::int32_t other = partingCode == 0 ? 1 : 0;
    const CodeVerdict found
        = verdict_of(evaluate(partingExperiment(3, 1), {.channel = 1, .code = other}));
    QVERIFY(!found.agrees());
    QVERIFY(std::ranges::none_of(found.parting,
                                 [](const Parting& parting) { return parting.here.has_value(); }));
    QVERIFY2(text(found.agreement()).contains(QStringLiteral(" of this channel.")),
             qPrintable(text(found.agreement())));
    QVERIFY(verdict_of(evaluate(partingExperiment(3, 1), {.channel = 0})).agrees());
}

void TestCodeVerdict::theWholeModelIsCounted_data()
{
    QTest::addColumn<int>("channel");
    QTest::addColumn<ModelDifferences>("model");
    QTest::addColumn<QString>("end");
    const auto row
        = [](const char* name, int channel, const ModelDifferences& model, const char* end) {
              QTest::newRow(name) << channel << model << QString::fromLatin1(end);
          };
    row("nothing is known of it", 0, {.layers = 18}, "agree on the 256 codes of this channel.");
    row("one layer agrees", 0, {1, 1, 768, 0}, "agree on all 768 codes of the layer.");
    row("all layers agree", 0, {18, 18, 230400, 0}, "agree on all 230400 codes of the model.");
    row("those that are known agree", 0, {18, 5, 4096, 0},
        "agree on the 256 codes of this channel and on all of 5 of 18 layers so far.");
    row("another channel differs", 0, {1, 1, 768, 28},
        "agree on the 256 codes of this channel; they differ on 28 of the layer.");
    row("another layer differs", 0, {18, 18, 230400, 28},
        "agree on the 256 codes of this channel; they differ on 28 of the model.");
    row("another layer differs, not all are known", 0, {18, 5, 4096, 28},
        "; they differ on 28 of the model so far (5 of 18 layers).");
    row("this channel differs", 1, {18, 18, 230400, 28}, " of this channel, 28 of the model.");
    row("this channel differs, not all layers are known", 1, {18, 5, 4096, 28},
        " of this channel, 28 of the model so far (5 of 18 layers).");
    row("this channel differs, no layer is known", 1, {.layers = 18}, " of this channel.");
}

void TestCodeVerdict::theWholeModelIsCounted()
{
    QFETCH(int, channel);
    QFETCH(ModelDifferences, model);
    QFETCH(QString, end);
    const Evaluation evaluation = evaluate(partingExperiment(3, 1), {.channel = channel});
    const QString sentence = text(verdict_of(evaluation, model).agreement());
    QVERIFY2(sentence.endsWith(end), qPrintable(sentence));
}

void TestCodeVerdict::aChangeIsToldFromNone()
{
    const Experiment before = example_experiment();
    const Experiment after = changed(before, [](BatchNormLayer& layer) { layer.gamma[0] = 1; });
    const Evaluation now = evaluate(after, {.code = 38});
    const std::vector<std::int32_t> codes = codes_before(before, now);
    QCOMPARE(codes.size(), std::size_t(256));
    QCOMPARE(codes[38], 52);
    QCOMPARE(text(verdict_of(now, {}, codes).change()), QStringLiteral("73, was 52"));
    QVERIFY(verdict_of(now).change().empty());
    QVERIFY(codes_before(after, now).empty());
}

void TestCodeVerdict::codesBeforeAreOfThatChannel()
{
    const Experiment before = example_experiment();
    const Experiment after = changed(before, [](BatchNormLayer& layer) { layer.gamma[0] = 1; });
    const Evaluation second = evaluate(after, {.channel = 1, .code = 38});
    QCOMPARE(codes_before(before, second), second.result().codes);
    const Experiment narrow
        = changed(before, [](BatchNormLayer& layer) { layer.input.type = qint8_type; });
    QVERIFY(codes_before(before, evaluate(narrow, {.code = 38})).empty());
    Experiment small = before;
    small.model.layers.front() = std::make_shared<const BatchNormLayer>(identity_layer("", 1));
    QVERIFY(codes_before(small, evaluate(after, {.channel = 2, .code = 38})).empty());
    const Experiment another
        = changed(before, [](BatchNormLayer& layer) { layer.name = "another"; });
    QVERIFY(codes_before(another, evaluate(after, {.code = 38})).empty());
}

void TestCodeVerdict::whatNobodyGaveIsNoResult()
{
    const Experiment unknown = changed(example_experiment(), [](BatchNormLayer& layer) {
        layer.provenance.set(Field::gamma, {});
        layer.provenance.set(Field::beta, {});
    });
    const CodeVerdict found = verdict_of(evaluate(unknown, {.code = 38}));
    QCOMPARE(found.unknown, (std::vector<Field>{Field::gamma, Field::beta}));
    QVERIFY2(text(found.transition()).endsWith(QStringLiteral(", but nobody gave gamma and beta.")),
             qPrintable(text(found.transition())));
    QVERIFY2(text(found.agreement()).startsWith(QStringLiteral("With placeholders all ")),
             qPrintable(text(found.agreement())));
}

void TestCodeVerdict::stagesDependOnWhatIsBeforeThem()
{
    BatchNormLayer layer = *example_experiment().model.layers.front();
    layer.provenance.set(Field::gamma, {});
    layer.provenance.set_channel(Field::mean, 1, {});
    QVERIFY(unknown_fields(layer, 0, Stage::normalize).empty());
    QCOMPARE(unknown_fields(layer, 1, Stage::normalize), std::vector<Field>{Field::mean});
    QCOMPARE(unknown_fields(layer, 1), (std::vector<Field>{Field::mean, Field::gamma}));
    for (const Field field : all_fields)
        QVERIFY(stage_of(field) <= Stage::output_code);
    QCOMPARE(joined_names({Field::mean, Field::var, Field::input_scale}),
             std::string("mean, var and input scale"));
    QCOMPARE(joined_names({all_fields.begin(), all_fields.end()}),
             std::string("input type, input scale and 10 more"));
}

QBN_TEST(TestCodeVerdict)
#include "tst_code_verdict.moc"
