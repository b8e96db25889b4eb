#include "core/evaluate/experiment.h"
#include "core/explain/report.h"
#include "tests/support/room.h"

#include <QTest>

using namespace qbn;

namespace {

BatchNormLayer threadsLayer(std::vector<Observation> observations)
{
    BatchNormLayer layer = *example_experiment().model.layers.front();
    layer.observations = std::move(observations);
    return layer;
}

QString sentenceOf(const Report& report)
{
    return QString::fromStdString(report.sentence);
}

Report reportOf(const BatchNormLayer& layer)
{
    return *make_report(layer, *find_backend("pytorch"), {});
}

} // namespace

class TestReport : public QObject
{
    Q_OBJECT

private slots:
    void theThreadsObservationIsExplained();
    void nothingObservedIsNoVerdict();
    void aMistakeIsNamed();
    void mostOfSeveralAreSaid();
    void aSmallPartIsNoExplanation();
    void whatChanceGivesAsWellIsSaid_data();
    void whatChanceGivesAsWellIsSaid();
    void theZeroPointMovedWithTheTypeIsFound();
    void whatNobodyGaveIsSolvedFor();
    void nothingFollowsFromPlaceholders();
    void otherUnknownsAreChosenWhereTheyAreMissing();
    void anObservationThatCannotBeIsRefused();
    void aStopEndsItAtOnce();
};

void TestReport::theThreadsObservationIsExplained()
{
    const Report report = reportOf(threadsLayer({{0, 38, 52}}));
    QCOMPARE(report.verdict, Verdict::explained);
    QCOMPARE(sentenceOf(report),
             QStringLiteral("38 -> 52 explained: PyTorch fused gives this code"));
    QVERIFY(report.region && report.region->kind == FeasibleRegion::Kind::strip);
    QVERIFY(report.next);
    QVERIFY(!report.outside_causes);
}

void TestReport::nothingObservedIsNoVerdict()
{
    const Report report = reportOf(threadsLayer({}));
    QCOMPARE(report.verdict, Verdict::nothing_observed);
    QVERIFY(!report.region);
    QVERIFY(!report.next);
}

void TestReport::aMistakeIsNamed()
{
    // Without the output zero point: 52 - 73 is clamped to 0, and 200 - 73 = 127 beyond that.
    BatchNormLayer layer = threadsLayer({});
    for (const int code : {38, 160, 200, 240}) {
        const int predicted
            = codes(*find_backend("textbook"), layer, 0)[static_cast<std::size_t>(code)];
        layer.observations.push_back({0, code, std::max(predicted - 73, 0)});
    }
    const Report report = reportOf(layer);
    QCOMPARE(report.verdict, Verdict::explained_by_recipe);
    QCOMPARE(QString::fromStdString(id_of(report.diagnosis.explanations.front())),
             QStringLiteral("no-output-zero-point"));
    QVERIFY(sentenceOf(report).startsWith(QStringLiteral("4 observations explained by a diff")));
}

void TestReport::mostOfSeveralAreSaid()
{
    // 80: (0.62961 - 0.56535) / 0.28199 = 0.2279, 117.5 * 0.2279 / 5.2803 = 5.07, 5 + 73 = 78.
    const Report report = reportOf(threadsLayer({{0, 38, 52}, {0, 80, 78}, {0, 39, 255}}));
    QCOMPARE(report.verdict, Verdict::partly_explained);
    QCOMPARE(sentenceOf(report), QStringLiteral("2 of 3 observations explained, by batch norm"));
    QVERIFY(report.outside_causes);
    QVERIFY(report.region && report.region->kind == FeasibleRegion::Kind::empty);
    QVERIFY(!report.region->contradiction.empty());
}

void TestReport::aSmallPartIsNoExplanation()
{
    // 38 gives 52, which is one of three.
    const Report few = reportOf(threadsLayer({{0, 38, 52}, {0, 39, 255}, {0, 40, 1}}));
    QCOMPARE(few.verdict, Verdict::unexplained);
    QVERIFY2(sentenceOf(few).startsWith(
                 QStringLiteral("3 observations not explained: no backend and no known mistake "
                                "gives more than 1 of them")),
             qPrintable(sentenceOf(few)));
    QVERIFY(few.outside_causes);

    // Codes that have nothing to do with the layer: a linear congruential sequence.
    std::vector<Observation> unrelated;
    std::uint32_t state = 1;
    const auto next = [&state](std::uint32_t below) {
        state = state * 1664525 + 1013904223;
        return static_cast<int>((state >> 16) % below);
    };
    for (int i = 0; i < 2000; ++i)
        unrelated.push_back({next(3), next(256), next(256)});
    const Report many = reportOf(threadsLayer(std::move(unrelated)));
    QCOMPARE(many.verdict, Verdict::unexplained);
    QVERIFY2(sentenceOf(many).endsWith(QStringLiteral("of them, as many as chance does")),
             qPrintable(sentenceOf(many)));
    for (const Explanation& one : many.diagnosis.explanations)
        QVERIFY2(one.coincidence > 0.01, id_of(one).c_str());
}

void TestReport::whatChanceGivesAsWellIsSaid_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("id");
    // Not dequantized, nearly every input code is far above 255 steps. Multiplied by a small
    // variance, many inputs stay near real 0 and so at the zero point.
    QTest::newRow("a saturated code") << 255 << QStringLiteral("input-scale-missing");
    QTest::newRow("the zero point") << 73 << QStringLiteral("inverse-std-as-variance");
}

void TestReport::whatChanceGivesAsWellIsSaid()
{
    QFETCH(int, code);
    QFETCH(QString, id);
    const Report report = reportOf(threadsLayer({{0, 38, code}}));
    QCOMPARE(report.verdict, Verdict::explained_by_chance);
    QCOMPARE(QString::fromStdString(id_of(report.diagnosis.explanations.front())), id);
    QVERIFY2(sentenceOf(report).contains(QStringLiteral("but as likely by chance")),
             qPrintable(sentenceOf(report)));
    QVERIFY(report.outside_causes);
}

void TestReport::theZeroPointMovedWithTheTypeIsFound()
{
    // 52 of quint8 with the zero point 73 is -76 of qint8 with -55.
    const Report report = reportOf(threadsLayer({{0, 38, 52 - 128}, {0, 80, 78 - 128}}));
    QCOMPARE(report.verdict, Verdict::explained_by_recipe);
    QCOMPARE(QString::fromStdString(id_of(report.diagnosis.explanations.front())),
             QStringLiteral("other-type-shifted"));
}

void TestReport::whatNobodyGaveIsSolvedFor()
{
    BatchNormLayer layer = threadsLayer({{0, 38, 52}});
    for (const Field field : {Field::gamma, Field::beta})
        layer.provenance.set(field, {.origin = Origin::unknown, .note = {}});
    const Report report = reportOf(layer);
    QCOMPARE(report.verdict, Verdict::parameters_missing);
    QCOMPARE(sentenceOf(report),
             QStringLiteral("gamma and beta are missing, so that 38 -> 52 leaves a region of them "
                            "and no single value"));
    QVERIFY(!report.next);
    QVERIFY(report.region && report.region->kind == FeasibleRegion::Kind::strip);
}

void TestReport::nothingFollowsFromPlaceholders()
{
    // 55 is what the placeholders 1 and 0 give with two mistakes.
    BatchNormLayer layer = threadsLayer({{0, 38, 55}, {0, 39, 73}});
    for (const Field field : {Field::gamma, Field::beta})
        layer.provenance.set(field, {.origin = Origin::unknown, .note = {}});
    const Report report = reportOf(layer);
    QVERIFY(report.diagnosis.explanations.empty());
    QCOMPARE(report.diagnosis.observations.size(), std::size_t{2});
    for (const ExplainedObservation& one : report.diagnosis.observations) {
        QVERIFY(one.explained_by.empty());
        QVERIFY(one.backends.empty());
    }
}

void TestReport::otherUnknownsAreChosenWhereTheyAreMissing()
{
    BatchNormLayer layer = threadsLayer({{0, 38, 52}});
    QVERIFY(default_unknowns(layer) == (UnknownPair{Field::gamma, Field::beta}));
    for (const Field field : {Field::output_scale, Field::beta})
        layer.provenance.set(field, {.origin = Origin::unknown, .note = {}});
    QVERIFY(default_unknowns(layer) == (UnknownPair{Field::output_scale, Field::beta}));
}

void TestReport::anObservationThatCannotBeIsRefused()
{
    const BatchNormLayer layer = threadsLayer({{7, 38, 52}});
    QVERIFY(!make_report(layer, *find_backend("pytorch"), {}));
}

void TestReport::aStopEndsItAtOnce()
{
    const BatchNormLayer layer = threadsLayer({{0, 38, 52}});
    QVERIFY(!reportOf(layer).diagnosis.explanations.empty());
    std::stop_source stop;
    stop.request_stop();
    ReportOptions options;
    options.stop = stop.get_token();
    const auto report = make_report(layer, *find_backend("pytorch"), options);
    QVERIFY(report);
    QVERIFY(report->diagnosis.explanations.empty());
    QVERIFY(!report->next);
}

QBN_TEST(TestReport)
#include "tst_report.moc"
