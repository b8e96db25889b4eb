#include "core/backends/backend.h"
#include "core/formula/program.h"
#include "tests/support/room.h"
#include "ui/document/document.h"

#include <QCoreApplication>
#include <QSignalSpy>
#include <QtTest>

#include <cmath>
#include <limits>

using namespace qbn;
using namespace qbn::ui;

namespace {

constexpr double oldMean = 0.5653476119041443;

Experiment wideExperiment(int channels)
{
    Experiment experiment = example_experiment();
    BatchNormLayer layer = identity_layer("wide", channels);
    layer.input = experiment.model.layers.front()->input;
    layer.output = {.type = qbn::quint8_type, .scale = 0.01, .zero_point = 0};
    experiment.model.layers.push_back(std::make_shared<const BatchNormLayer>(std::move(layer)));
    return experiment;
}

} // namespace

class TestDocument : public QObject
{
    Q_OBJECT

private slots:
    void startsWithTheExample();
    void oneEditIsOneChanged_data();
    void oneEditIsOneChanged();
    void anEditIsSeenEvaluated();
    void anEqualEditIsNone();
    void editsOfOneGestureAreOneStep();
    void editsOutsideOfAGestureAreStepsOfTheirOwn();
    void twoDragsAreTwoSteps();
    void anotherFieldInTheSameGestureIsAnotherStep();
    void draggingBackLeavesNoStep();
    void draggingBackKeepsTheLastChange();
    void draggingBackAfterSavingIsAStep();
    void lookingAtABackendIsNoEdit();
    void undoKeepsTheBackendThatIsLookedAt();
    void aFormulaThatUndoTakesIsNotLookedAt();
    void aValueIsResetToTheOpenedOne();
    void allChannelsAreSetInOneStep();
    void undoAndRedoRestoreEveryBit();
    void undoGoesToWhereTheEditWas();
    void theSelectionIsClampedToTheNewLayer();
    void openingForgetsTheHistory();
    void savingIsTheCleanState();
    void aSmallLayerIsSummarizedAtOnce();
    void aLargeLayerIsSummarizedByATask();
    void theNewestSummaryWins_data();
    void theNewestSummaryWins();
    void aDocumentMayGoWithItsTaskInFlight();
};

void TestDocument::startsWithTheExample()
{
    const Document document;
    QCOMPARE(document.selection().code(), 38);
    QCOMPARE(document.evaluation().row().output_code, 52);
    QVERIFY(document.evaluation().summary);
    QVERIFY(!document.isModified());
    QVERIFY(document.path().isEmpty());
}

void TestDocument::oneEditIsOneChanged_data()
{
    QTest::addColumn<int>("field");
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("text");

    const auto row = [](const char* name, Field field, double value, const char* text) {
        QTest::newRow(name) << static_cast<int>(field) << value << QString::fromUtf8(text);
    };
    row("a mean", Field::mean, 0.5, "Change mean of channel 0");
    row("a var", Field::var, -1, "Change var of channel 0");
    row("a gamma", Field::gamma, 0, "Change gamma of channel 0");
    row("a beta", Field::beta, std::numeric_limits<double>::infinity(), "Change beta of channel 0");
    row("eps", Field::eps, 1e-3, "Change eps");
    row("the input scale", Field::input_scale, 0.01, "Change input scale");
    row("the input zero point", Field::input_zero_point, 3, "Change input zero point");
    row("the output scale", Field::output_scale, 0, "Change output scale");
    row("the output zero point", Field::output_zero_point, -5, "Change output zero point");
    row("the ReLU", Field::relu, 1, "Switch fused ReLU on");
}

void TestDocument::oneEditIsOneChanged()
{
    QFETCH(int, field);
    QFETCH(double, value);
    QFETCH(QString, text);
    Document document;
    QSignalSpy changed(&document, &Document::changed);
    QSignalSpy selected(&document.selection(), &SelectionModel::changed);

    const auto which = static_cast<Field>(field);
    document.setValue(which, 0, value);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(selected.count(), 0);
    QCOMPARE(value_of(document.layer(), which, 0), value);
    QCOMPARE(document.layer().provenance.of(which, 0).origin, Origin::typed);
    QCOMPARE(document.undoStack().count(), 1);
    QCOMPARE(document.undoStack().undoText(), text);
    QVERIFY(document.isModified());

    document.undo();
    QCOMPARE(changed.count(), 2);
    QVERIFY(document.experiment().model == example_experiment().model);
    QVERIFY(!document.isModified());
}

void TestDocument::anEditIsSeenEvaluated()
{
    Document document;
    int seen = -1;
    connect(&document, &Document::changed, this,
            [&] { seen = document.evaluation().row().output_code; });
    document.setValue(Field::output_zero_point, 0, 83);
    QCOMPARE(seen, 62);
}

void TestDocument::anEqualEditIsNone()
{
    Document document;
    QSignalSpy changed(&document, &Document::changed);
    document.setValue(Field::mean, 0, oldMean);
    document.edit(QStringLiteral("nothing"), {}, [](Experiment&) { });
    document.editLayer(QStringLiteral("nothing"), {},
                       [](BatchNormLayer& layer) { layer.eps = 1e-5; });
    QCOMPARE(changed.count(), 0);
    QCOMPARE(document.undoStack().count(), 0);

    document.setValue(Field::beta, 0, -0.0);
    QVERIFY2(changed.count() == 1, "-0 is another number than 0");
    document.setValue(Field::mean, 0, std::nan(""));
    document.setValue(Field::mean, 0, std::nan(""));
    QCOMPARE(changed.count(), 2);
}

void TestDocument::editsOfOneGestureAreOneStep()
{
    Document document;
    QSignalSpy changed(&document, &Document::changed);
    document.beginGesture();
    for (const double mean : {0.6, 0.7, 0.8})
        document.setValue(Field::mean, 0, mean);
    document.endGesture();
    QCOMPARE(changed.count(), 3);
    QCOMPARE(document.undoStack().count(), 1);
    document.undo();
    QCOMPARE(document.layer().mean[0], oldMean);
    document.redo();
    QCOMPARE(document.layer().mean[0], 0.8);
}

void TestDocument::editsOutsideOfAGestureAreStepsOfTheirOwn()
{
    Document document;
    for (const double mean : {0.6, 0.7, 0.8})
        document.setValue(Field::mean, 0, mean);
    QCOMPARE(document.undoStack().count(), 3);
    document.undo();
    QCOMPARE(document.layer().mean[0], 0.7);
}

void TestDocument::twoDragsAreTwoSteps()
{
    Document document;
    for (const double mean : {0.6, 0.7}) {
        document.beginGesture();
        document.setValue(Field::mean, 0, mean);
        document.setValue(Field::mean, 0, mean + 0.01);
        document.endGesture();
    }
    QCOMPARE(document.undoStack().count(), 2);
    document.undo();
    QCOMPARE(document.layer().mean[0], 0.61);
}

void TestDocument::anotherFieldInTheSameGestureIsAnotherStep()
{
    Document document;
    document.beginGesture();
    document.setValue(Field::mean, 0, 0.6);
    document.setValue(Field::mean, 1, 0.6);
    document.setValue(Field::var, 1, 0.6);
    document.endGesture();
    QCOMPARE(document.undoStack().count(), 3);
}

void TestDocument::draggingBackLeavesNoStep()
{
    Document document;
    document.setValue(Field::eps, 0, 1e-3);
    document.setSaved(QStringLiteral("saved.json"));
    QSignalSpy changed(&document, &Document::changed);
    const Experiment before = document.experiment();

    document.beginGesture();
    document.setValue(Field::mean, 0, 0.6);
    QVERIFY(document.isModified());
    document.setValue(Field::mean, 0, oldMean);
    document.endGesture();

    QCOMPARE(changed.count(), 2);
    QCOMPARE(document.undoStack().count(), 1);
    QVERIFY(!document.isModified());
    QVERIFY2(document.experiment() == before, "the provenance is what it was, too");
}

/// What is drawn as before is as before the last edit that changed something.
void TestDocument::draggingBackKeepsTheLastChange()
{
    Document document;
    const auto first = document.evaluation().row().output_code;
    document.setValue(Field::gamma, 0, 10);
    const std::vector<std::int32_t> before = document.codesBefore();
    QVERIFY(!before.empty());
    QCOMPARE(before[38], first);
    document.beginGesture();
    document.setValue(Field::beta, 0, 300);
    QVERIFY(document.codesBefore() != before);
    document.setValue(Field::beta, 0, 0);
    QCOMPARE(document.codesBefore(), before);
    document.setValue(Field::beta, 0, -300); // and on from there
    QVERIFY(document.codesBefore() != before);
    document.setValue(Field::beta, 0, 0);
    document.endGesture();
    QCOMPARE(document.codesBefore(), before);
    QCOMPARE(document.undoStack().count(), 1);
}

void TestDocument::draggingBackAfterSavingIsAStep()
{
    Document document;
    document.beginGesture();
    document.setValue(Field::mean, 0, 0.6);
    document.setSaved(QStringLiteral("saved.json"));
    document.setValue(Field::mean, 0, oldMean);
    document.endGesture();
    QVERIFY2(document.isModified(), "the file holds 0.6");
    document.undo();
    QCOMPARE(document.layer().mean[0], 0.6);
    QVERIFY(!document.isModified());
}

void TestDocument::lookingAtABackendIsNoEdit()
{
    Document document;
    QSignalSpy changed(&document, &Document::changed);
    document.chooseBackend(*find_backend("onnxruntime"));
    QCOMPARE(document.experiment().backend, std::string("onnxruntime"));
    QCOMPARE(document.evaluation().chosen->id, std::string_view("onnxruntime"));
    QCOMPARE(changed.count(), 1);
    document.edit(QStringLiteral("compare"), {}, [](Experiment& experiment) {
        experiment.backends[3].compared = !experiment.backends[3].compared;
    });
    QCOMPARE(changed.count(), 2);
    QCOMPARE(document.undoStack().count(), 0);
    QVERIFY(!document.isModified());
}

void TestDocument::undoKeepsTheBackendThatIsLookedAt()
{
    Document document;
    document.setValue(Field::mean, 0, 0.5);
    document.chooseBackend(*find_backend("textbook"));
    document.undo();
    QCOMPARE(document.experiment().backend, std::string("textbook"));
    document.chooseBackend(*find_backend("exact"));
    document.redo();
    QCOMPARE(document.layer().mean[0], 0.5);
    QCOMPARE(document.experiment().backend, std::string("exact"));
}

void TestDocument::aFormulaThatUndoTakesIsNotLookedAt()
{
    Document document;
    const std::size_t backends = document.experiment().backends.size();
    document.edit(QStringLiteral("formula"), {}, [](Experiment& experiment) {
        qbn::set_formula(experiment,
                         {"undone", std::string(find_backend("pytorch")->program->text())});
        qbn::choose_backend(experiment, "undone");
    });
    QCOMPARE(document.experiment().backend, std::string("undone"));
    QCOMPARE(document.experiment().backends.size(), backends + 1);
    document.undo();
    QCOMPARE(document.experiment().backend, std::string("pytorch"));
    QCOMPARE(document.experiment().backends.size(), backends);
    document.redo();
    QCOMPARE(document.experiment().backends.size(), backends + 1);
}

void TestDocument::aValueIsResetToTheOpenedOne()
{
    Document document;
    const auto original = document.originalValue(Field::gamma, 1);
    QVERIFY(original);
    const qbn::Provenance origin = document.layer().provenance.of(Field::gamma, 1);
    document.setValue(Field::gamma, 1, 3);
    document.setValue(Field::gamma, 1, 4);
    QCOMPARE(document.originalValue(Field::gamma, 1), original);
    document.resetValue(Field::gamma, 1);
    QCOMPARE(document.layer().gamma[1], *original);
    QVERIFY(document.layer().provenance.of(Field::gamma, 1) == origin);
    QCOMPARE(document.undoStack().undoText(), QStringLiteral("Reset gamma of channel 1"));
    document.resetValue(Field::gamma, 1);
    QCOMPARE(document.undoStack().count(), 3);
    document.undo();
    QCOMPARE(document.layer().gamma[1], 4.0);
    // A paste has its own values, and undoing it brings the former ones back.
    document.edit(QStringLiteral("paste"), {}, [](Experiment& experiment) {
        qbn::Model model;
        model.layers.push_back(
            std::make_shared<const BatchNormLayer>(qbn::identity_layer("pasted", 2)));
        qbn::replace_model(experiment, std::move(model));
    });
    QCOMPARE(document.originalValue(Field::gamma, 1), std::optional(1.0));
    document.undo();
    QCOMPARE(document.originalValue(Field::gamma, 1), original);
}

void TestDocument::allChannelsAreSetInOneStep()
{
    Document document;
    const auto before = document.layer().gamma;
    document.setValues(Field::gamma, {1, 2, 3});
    QCOMPARE(document.layer().gamma, (std::vector<double>{1, 2, 3}));
    QCOMPARE(document.layer().provenance.of(Field::gamma, 2).origin, qbn::Origin::typed);
    QCOMPARE(document.undoStack().undoText(), QStringLiteral("Change gamma of all channels"));
    QCOMPARE(document.undoStack().count(), 1);
    document.undo();
    QCOMPARE(document.layer().gamma, before);
}

void TestDocument::undoAndRedoRestoreEveryBit()
{
    Document document;
    std::vector<Experiment> states{document.experiment()};
    const auto keep = [&] { states.push_back(document.experiment()); };
    document.setValue(Field::var, 2, std::nan(""));
    keep();
    document.setValue(Field::input_scale, 0, 1.0 / 255);
    keep();
    document.editLayer(QStringLiteral("type"), {},
                       [](BatchNormLayer& layer) { layer.input.type = qbn::qint8_type; });
    keep();

    for (std::size_t i = states.size() - 1; i-- > 0;) {
        document.undo();
        QVERIFY(document.experiment() == states[i]);
    }
    for (std::size_t i = 1; i < states.size(); ++i) {
        document.redo();
        QVERIFY(document.experiment() == states[i]);
        QCOMPARE(document.evaluation().chosen->id, std::string_view(states[i].backend));
    }
}

void TestDocument::undoGoesToWhereTheEditWas()
{
    Document document;
    document.open(wideExperiment(5), {}, {.layer = 1, .channel = 4, .code = 7});
    document.setValue(Field::gamma, 4, 2);
    document.selection().set({.layer = 0, .channel = 1, .code = 9});
    QSignalSpy selected(&document.selection(), &SelectionModel::changed);
    QSignalSpy changed(&document, &Document::changed);

    document.undo();
    QCOMPARE(document.selection().current(), (Selection{.layer = 1, .channel = 4, .code = 9}));
    QCOMPARE(document.layer().name, std::string("wide"));
    QCOMPARE(document.evaluation().selection, document.selection().current());
    QCOMPARE(selected.count(), 1);
    QCOMPARE(selected.front().front().toBool(), false);
    QCOMPARE(changed.count(), 1);

    document.selection().setLayer(0);
    document.redo();
    QCOMPARE(document.selection().layer(), 1);
    QCOMPARE(document.layer().gamma[4], 2.0);
}

void TestDocument::theSelectionIsClampedToTheNewLayer()
{
    Document document;
    document.open(wideExperiment(9), {}, {.layer = 1, .channel = 8, .code = 255});
    QCOMPARE(document.selection().channel(), 8);
    document.selection().setLayer(0);
    QCOMPARE(document.selection().channel(), 2);
    document.editLayer(QStringLiteral("narrow"), {},
                       [](BatchNormLayer& layer) { layer.input.type = {false, 4}; });
    QCOMPARE(document.selection().code(), 15);
    QCOMPARE(document.evaluation().rows.size(), std::size_t{16});
    QCOMPARE(document.evaluation().selection, document.selection().current());
}

void TestDocument::openingForgetsTheHistory()
{
    Document document;
    document.setValue(Field::eps, 0, 1);
    QSignalSpy changed(&document, &Document::changed);
    QSignalSpy path(&document, &Document::pathChanged);
    document.open(wideExperiment(2), QStringLiteral("/tmp/a.json"), {.layer = 7});
    QCOMPARE(changed.count(), 1);
    QCOMPARE(path.count(), 1);
    QCOMPARE(document.path(), QStringLiteral("/tmp/a.json"));
    QCOMPARE(document.selection().layer(), 1);
    QCOMPARE(document.undoStack().count(), 0);
    QVERIFY(!document.isModified());
}

void TestDocument::savingIsTheCleanState()
{
    Document document;
    document.setValue(Field::eps, 0, 1);
    QVERIFY(document.isModified());
    document.setSaved(QStringLiteral("a.json"));
    QVERIFY(!document.isModified());
    document.undo();
    QVERIFY(document.isModified());
}

void TestDocument::aSmallLayerIsSummarizedAtOnce()
{
    Document document;
    document.open(wideExperiment(256), {}, {.layer = 1});
    QSignalSpy arrived(&document, &Document::summaryChanged);
    QVERIFY(document.evaluation().summary);
    QCOMPARE(document.evaluation().summary->channels.size(), std::size_t{256});
    document.setValue(Field::gamma, 17, 0);
    QVERIFY(document.evaluation().summary);
    QCOMPARE(document.evaluation().summary->layer.get(), document.evaluation().layer.get());
    QCOMPARE(document.evaluation().summary->channels[17]->used_codes, 1);
    QCOMPARE(arrived.count(), 0);
}

void TestDocument::aLargeLayerIsSummarizedByATask()
{
    Document document;
    QSignalSpy arrived(&document, &Document::summaryChanged);
    document.open(wideExperiment(300), {}, {.layer = 1});
    QVERIFY(!document.evaluation().summary);
    QVERIFY(arrived.wait(60'000));
    QVERIFY(document.evaluation().summary);
    QCOMPARE(document.evaluation().summary->channels.size(), std::size_t{300});
    document.selection().setCode(100);
    QVERIFY2(document.evaluation().summary, "another code needs no other summary");
    document.setValue(Field::gamma, 299, 0.5);
    QVERIFY2(document.evaluation().summary, "one channel is summarized at once");
    document.setValue(Field::eps, 0, 0.5);
    QVERIFY2(!document.evaluation().summary, "eps changes all of them");
}

void TestDocument::theNewestSummaryWins_data()
{
    QTest::addColumn<Field>("field");
    QTest::addColumn<bool>("isStarted");
    QTest::newRow("one channel is changed before a task has begun") << Field::gamma << false;
    QTest::newRow("one channel is changed while a task runs") << Field::gamma << true;
    QTest::newRow("all channels are changed before a task has begun") << Field::eps << false;
    QTest::newRow("all channels are changed while a task runs") << Field::eps << true;
}

void TestDocument::theNewestSummaryWins()
{
    QFETCH(Field, field);
    QFETCH(bool, isStarted);
    Document document;
    QSignalSpy arrived(&document, &Document::summaryChanged);
    document.open(wideExperiment(2000), {}, {.layer = 1, .channel = 299});
    for (const double value : {3.0, 2.0, 1.5}) {
        document.setValue(field, 299, value);
        if (isStarted)
            QCoreApplication::processEvents();
        QVERIFY(!document.evaluation().summary);
        QVERIFY(!document.works().works().empty());
    }
    document.setValue(Field::gamma, 299, 0);
    QVERIFY(arrived.wait(60'000));
    QTRY_VERIFY(document.works().works().empty());
    QTest::qWait(50);
    QCOMPARE(arrived.count(), 1);
    QCOMPARE(document.evaluation().summary->layer.get(), document.evaluation().layer.get());
    QCOMPARE(document.evaluation().summary->channels[299]->used_codes, 1);
}

void TestDocument::aDocumentMayGoWithItsTaskInFlight()
{
    for (int i = 0; i < 20; ++i) {
        Document document;
        document.open(wideExperiment(400), {}, {.layer = 1});
        if (i % 2 == 0)
            QCoreApplication::processEvents();
    }
    QTest::qWait(100);
}

QBN_TEST(TestDocument)
#include "tst_document.moc"
