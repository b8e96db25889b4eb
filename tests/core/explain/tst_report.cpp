#include "core/experiment.h"
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
    return *make_report(layer, *find_backend("pytorch"), default_unknowns(layer));
}

} // namespace

class TestReport : public QObject
{
    Q_OBJECT

private slots:
    void theThreadsObservationIsExplained();
    void nothingObservedIsNoVerdict();
    void aMistakeIsNamed();
    void someOfSeveralAreSaid();
    void whatNobodyGaveIsSolvedFor();
    void otherUnknownsAreChosenWhereTheyAreMissing();
    void anObservationThatCannotBeIsRefused();
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

void TestReport::someOfSeveralAreSaid()
{
    const Report report = reportOf(threadsLayer({{0, 38, 52}, {0, 39, 255}, {0, 40, 1}}));
    QCOMPARE(report.verdict, Verdict::partly_explained);
    QVERIFY(sentenceOf(report).startsWith(QStringLiteral("1 of 3 observations explained, by ")));
    QVERIFY(report.outside_causes);
    QVERIFY(report.region && report.region->kind == FeasibleRegion::Kind::empty);
    QVERIFY(!report.region->contradiction.empty());
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

QBN_TEST(TestReport)
#include "tst_report.moc"
