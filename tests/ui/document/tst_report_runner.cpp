#include "ui/document/report_runner.h"

#include "core/backends/backend.h"
#include "tests/support/room.h"

#include <QSignalSpy>
#include <QtTest>

#include <memory>
#include <set>

using namespace qbn;
using namespace qbn::ui;

namespace {

ReportRunner::LayerPointer observedLayer(int observations, double gamma)
{
    BatchNormLayer layer = identity_layer("observed", 2);
    layer.input = {quint8_type, 0.02, 100};
    layer.output = {quint8_type, 0.03, 90};
    layer.gamma.assign(layer.gamma.size(), gamma);
    layer.provenance.set_all({.origin = Origin::typed, .note = {}});
    for (int i = 0; i < observations; ++i)
        layer.observations.push_back({.channel = i % 2,
                                      .input_code = i * 7 % 256,
                                      .output_code = (i * 97 + i * i * 31) % 256});
    return std::make_shared<const BatchNormLayer>(std::move(layer));
}

ReportRunner::Subject subjectOf(ReportRunner::LayerPointer layer)
{
    return {.layer = std::move(layer),
            .chosen = find_backend("exact"),
            .unknowns = {Field::gamma, Field::beta},
            .channel = 0,
            .also = {}};
}

/// What a report says that depends on gamma.
int firstPredicted(const Result<Report>* report)
{
    return (*report)->diagnosis.observations.front().predicted;
}

int predictedAtOnce(const ReportRunner::Subject& subject)
{
    const auto report = make_report(*subject.layer, *subject.chosen, {});
    return report->diagnosis.observations.front().predicted;
}

} // namespace

class TestReportRunner : public QObject
{
    Q_OBJECT

private slots:
    void fewObservationsAreExplainedAtOnce();
    void manyAreExplainedByATask();
    void theNewestSubjectWins();
    void goingBackWhileATaskRunsKeepsTheAnswer();
    void aShortOneIsNotReplacedByALateTask();
    void anotherChannelHasItsOwnRegion_data();
    void anotherChannelHasItsOwnRegion();
    void aRunnerMayGoWithItsTaskInFlight();
};

void TestReportRunner::fewObservationsAreExplainedAtOnce()
{
    ReportRunner runner;
    const auto subject = subjectOf(observedLayer(200, 1));
    const Result<Report>* report = runner.report(subject);
    QVERIFY(report);
    QCOMPARE(firstPredicted(report), predictedAtOnce(subject));
}

void TestReportRunner::manyAreExplainedByATask()
{
    ReportRunner runner;
    QSignalSpy ready(&runner, &ReportRunner::ready);
    const auto subject = subjectOf(observedLayer(5000, 1));
    QVERIFY(!runner.report(subject));
    QVERIFY(ready.wait(60'000));
    QVERIFY(runner.report(subject));
    QCOMPARE((**runner.report(subject)).diagnosis.observations.size(), std::size_t{5000});
}

// Each edit asks for a report of other values: what comes is of the last.
void TestReportRunner::theNewestSubjectWins()
{
    ReportRunner runner;
    ReportRunner::Subject last;
    int answers = 0;
    int stale = 0;
    connect(&runner, &ReportRunner::ready, this, [&] {
        ++answers;
        const Result<Report>* report = runner.report(last);
        stale += !report || firstPredicted(report) != predictedAtOnce(last) ? 1 : 0;
    });
    std::set<int> predicted;
    for (int edit = 0; edit < 20; ++edit) {
        last = subjectOf(observedLayer(3000, 1 + 0.015 * edit));
        predicted.insert(predictedAtOnce(last));
        QVERIFY(!runner.report(last));
        QCoreApplication::processEvents();
    }
    QCOMPARE(predicted.size(), std::size_t{20}); // so that a stale one is told
    QTRY_VERIFY_WITH_TIMEOUT(runner.report(last), 60'000);
    QCOMPARE(firstPredicted(runner.report(last)), predictedAtOnce(last));
    QVERIFY(answers > 0);
    QCOMPARE(stale, 0);
}

void TestReportRunner::goingBackWhileATaskRunsKeepsTheAnswer()
{
    ReportRunner runner;
    QSignalSpy ready(&runner, &ReportRunner::ready);
    const auto first = subjectOf(observedLayer(3000, 1));
    QVERIFY(!runner.report(first));
    QVERIFY(ready.wait(60'000));
    QVERIFY(!runner.report(subjectOf(observedLayer(3000, 2))));
    QVERIFY(runner.report(first));
    QVERIFY(!ready.wait(500));
    QVERIFY(runner.report(first));
    QCOMPARE(firstPredicted(runner.report(first)), predictedAtOnce(first));
}

void TestReportRunner::aShortOneIsNotReplacedByALateTask()
{
    ReportRunner runner;
    QSignalSpy ready(&runner, &ReportRunner::ready);
    QVERIFY(!runner.report(subjectOf(observedLayer(3000, 2))));
    const auto few = subjectOf(observedLayer(3, 1));
    QVERIFY(runner.report(few));
    QVERIFY(!ready.wait(500));
    QCOMPARE((**runner.report(few)).diagnosis.observations.size(), std::size_t{3});
}

void TestReportRunner::anotherChannelHasItsOwnRegion_data()
{
    QTest::addColumn<int>("observations");
    QTest::newRow("of few observations") << 20;
    QTest::newRow("of many observations") << 3000;
}

void TestReportRunner::anotherChannelHasItsOwnRegion()
{
    QFETCH(int, observations);
    ReportRunner runner;
    auto subject = subjectOf(observedLayer(observations, 1));
    QTRY_VERIFY_WITH_TIMEOUT(runner.report(subject), 60'000);
    subject.channel = 1;
    const Result<Report>* of_other = nullptr;
    QTRY_VERIFY_WITH_TIMEOUT((of_other = runner.report(subject)) != nullptr, 60'000);
    QCOMPARE((*of_other)->region_channel, 1);
    QCOMPARE(firstPredicted(of_other), predictedAtOnce(subject));
}

void TestReportRunner::aRunnerMayGoWithItsTaskInFlight()
{
    auto runner = std::make_unique<ReportRunner>();
    QSignalSpy ready(runner.get(), &ReportRunner::ready);
    QVERIFY(!runner->report(subjectOf(observedLayer(5000, 1))));
    runner.reset();
    QVERIFY(!ready.wait(200));
}

QBN_TEST(TestReportRunner)
#include "tst_report_runner.moc"
