#include "core/evaluate/layer_digest.h"
#include "tests/support/parting_layer.h"
#include "tests/support/room.h"
#include "ui/document/difference_search.h"
#include "ui/document/document.h"
#include "ui/document/model_survey.h"

#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <tuple>

using namespace qbn;
using namespace qbn::ui;

namespace {

using Place = std::tuple<int, int, int>; ///< layer, channel, code

std::shared_ptr<const BatchNormLayer> agreeing(const char* name, int channels)
{
    BatchNormLayer layer = identity_layer(name, channels);
    layer.input.scale = layer.output.scale = 1;
    return std::make_shared<const BatchNormLayer>(std::move(layer));
}

/// Differs on one code of channel 1 and one of channel 3.
std::shared_ptr<const BatchNormLayer> differing()
{
    BatchNormLayer layer = test::partingLayer(4, 1);
    for (auto* values : {&layer.mean, &layer.var, &layer.gamma, &layer.beta})
        (*values)[3] = (*values)[1];
    return std::make_shared<const BatchNormLayer>(std::move(layer));
}

/// Layers 0 and 2 have differences, 1 and 3 none.
Experiment fourLayers(int channels)
{
    Experiment experiment = example_experiment();
    experiment.model.layers
        = {differing(), agreeing("second", channels), differing(), agreeing("fourth", channels)};
    return experiment;
}

std::vector<Place> allDifferences(const Document& document)
{
    std::vector<Place> places;
    const auto& layers = document.experiment().model.layers;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const auto summary
            = summarize(layers[i], *document.evaluation().chosen, document.evaluation().compared());
        for (int channel = 0; channel < layers[i]->channels(); ++channel)
            for (int code = 0; code < 256; ++code)
                if (summary->difference_at({channel, code}) != 0)
                    places.emplace_back(static_cast<int>(i), channel, code);
    }
    return places;
}

Place placeOf(const Document& document)
{
    const Selection& at = document.selection().current();
    return {at.layer, at.channel, at.code};
}

} // namespace

class TestDifferenceSearch : public QObject
{
    Q_OBJECT

private slots:
    void goesThroughAllLayersAndAround_data();
    void goesThroughAllLayersAndAround();
    void saysThatThereIsNone();
    void goingElsewhereEndsTheSearch();
    void aCancelledSearchStaysWhereItIs();
    void theSurveyKnowsEachLayerAndKeepsWhatStands();
    void aCancelledSurveyGoesOnWithTheNextModel();
};

void TestDifferenceSearch::goesThroughAllLayersAndAround_data()
{
    QTest::addColumn<int>("channels");
    QTest::addColumn<bool>("forward");
    QTest::newRow("forward in small layers") << 3 << true;
    QTest::newRow("backward in small layers") << 3 << false;
    QTest::newRow("forward over layers that are compared in a task") << 300 << true;
}

void TestDifferenceSearch::goesThroughAllLayersAndAround()
{
    QFETCH(int, channels);
    QFETCH(bool, forward);
    Document document;
    document.open(fourLayers(channels), {});
    std::vector<Place> wanted = allDifferences(document);
    QVERIFY(wanted.size() >= 4);
    if (!forward)
        std::reverse(wanted.begin(), wanted.end());
    DifferenceSearch search(document);
    QSignalSpy said(&search, &DifferenceSearch::said);
    document.selection().set(forward ? Selection{} : Selection{.layer = 3, .channel = 0});
    for (int around = 0; around < 2; ++around) {
        for (const Place& place : wanted) {
            search.start(forward ? Direction::forward : Direction::backward);
            QTRY_VERIFY(!search.isRunning());
            QCOMPARE(placeOf(document), place);
        }
    }
    QVERIFY2(said.last()[0].toString().contains(QStringLiteral(" gives ")),
             qPrintable(said.last()[0].toString()));
    QVERIFY(!document.isModified());
}

void TestDifferenceSearch::saysThatThereIsNone()
{
    Document document;
    Experiment experiment = fourLayers(3);
    experiment.model.layers = {experiment.model.layers[1], experiment.model.layers[3]};
    document.open(experiment, {}, {.layer = 1, .channel = 2, .code = 9});
    DifferenceSearch search(document);
    QSignalSpy said(&search, &DifferenceSearch::said);
    search.start(Direction::forward);
    QTRY_VERIFY(!search.isRunning());
    QCOMPARE(placeOf(document), Place(1, 2, 9));
    QCOMPARE(said.last()[0].toString(),
             QStringLiteral("The compared backends agree on all codes of all 2 layers"));
}

void TestDifferenceSearch::goingElsewhereEndsTheSearch()
{
    Document document;
    document.open(fourLayers(4000), {}, {.layer = 1});
    DifferenceSearch search(document);
    search.start(Direction::forward);
    QVERIFY(search.isRunning());
    document.selection().setCode(5);
    QVERIFY(!search.isRunning());
    QTest::qWait(50);
    QCOMPARE(placeOf(document), Place(1, 0, 5));
}

void TestDifferenceSearch::aCancelledSearchStaysWhereItIs()
{
    Document document;
    document.open(fourLayers(4000), {}, {.layer = 1});
    DifferenceSearch search(document);
    QSignalSpy said(&search, &DifferenceSearch::said);
    search.start(Direction::forward);
    QCOMPARE(document.works().works().size(), std::size_t{1});
    document.works().cancel(document.works().works().front().id);
    QTRY_VERIFY(document.works().works().empty());
    QTRY_VERIFY(!search.isRunning());
    QCOMPARE(said.last()[0].toString(),
             QStringLiteral("The search for a difference was cancelled"));
    QCOMPARE(placeOf(document), Place(1, 0, 0));
    // It can be begun again.
    search.start(Direction::forward);
    QTRY_VERIFY_WITH_TIMEOUT(!search.isRunning(), 60000);
    QCOMPARE(std::get<0>(placeOf(document)), 2);
}

void TestDifferenceSearch::theSurveyKnowsEachLayerAndKeepsWhatStands()
{
    Document document;
    document.open(fourLayers(3), {});
    ModelSurvey& survey = document.survey();
    const auto known = [&survey] { return survey.differences().known; };
    QVERIFY(survey.digest(0)); // the document has it
    QTRY_COMPARE(known(), 4);
    const auto places = allDifferences(document);
    for (int layer = 0; layer < 4; ++layer)
        QCOMPARE(survey.digest(layer)->differing,
                 static_cast<int>(
                     std::count_if(places.begin(), places.end(), [layer](const Place& place) {
                         return std::get<0>(place) == layer;
                     })));
    const LayerDigest* kept = survey.digest(2);
    document.setValue(Field::gamma, 0, 5);
    QCOMPARE(survey.digest(2), kept);
    QTRY_COMPARE(known(), 4);
    QCOMPARE(survey.digest(0)->layer->gamma[0], 5.0);
    // Of other backends nothing is known.
    document.chooseBackend(*find_backend("onnxruntime"));
    QVERIFY(known() < 4);
    QTRY_COMPARE(known(), 4);
    QVERIFY(survey.differences().complete());
    std::int64_t codes = 0;
    for (const auto& layer : document.experiment().model.layers)
        codes += std::int64_t{256} * layer->channels();
    QCOMPARE(survey.differences().codes, codes);
    QCOMPARE(survey.digest(3)->chosen, find_backend("onnxruntime"));
    QVERIFY(document.works().works().empty());
}

void TestDifferenceSearch::aCancelledSurveyGoesOnWithTheNextModel()
{
    Document document;
    document.open(fourLayers(3), {});
    ModelSurvey& survey = document.survey();
    survey.cancel();
    QVERIFY(survey.isCancelled());
    document.setValue(Field::gamma, 0, 5);
    document.setSaved(QStringLiteral("saved.json"));
    QTest::qWait(20);
    QVERIFY(survey.isCancelled());
    QVERIFY(!survey.differences().complete());
    document.open(fourLayers(4), {});
    QVERIFY(!survey.isCancelled());
    QTRY_VERIFY(survey.differences().complete());
}

QBN_TEST(TestDifferenceSearch)
#include "tst_difference_search.moc"
