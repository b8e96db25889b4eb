#include "tests/support/exactly.h"
#include "tests/support/find_widget.h"
#include "tests/support/room.h"
#include "ui/document/document.h"
#include "ui/look/theme.h"
#include "ui/panels/explain/explain_panel.h"
#include "ui/panels/explain/explanation_model.h"
#include "ui/panels/explain/observation_model.h"
#include "ui/panels/explain/region_plot.h"
#include "ui/table/table_view.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>
#include <QtTest>
#include <qcustomplot.h>

using namespace qbn;
using namespace qbn::test;
using namespace qbn::ui;
using namespace Qt::StringLiterals;

class TestExplainPanel : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void withoutObservationsItSaysWhatToDo();
    void theFirstObservationIsTypedInPlace();
    void aNewRowCountsOnceItsCodeIsTyped();
    void aDraftIsOfItsOwnChannelAndCode();
    void escapeTakesAnUntouchedRowBack();
    void aRealValueFindsItsCode();
    void badTextChangesNothing();
    void whatWasObservedMayLeaveTheRange();
    void removingIsUndone();
    void aClickSelectsChannelAndCode();
    void aMistakeIsNamed();
    void theListGivesTheCodeOfTheCurrentObservation();
    void helpIsAskedForByRecipe();
    void theNextMeasurementIsGoneTo();
    void anUnexplainedCodeListsOtherCauses();
    void contradictingObservationsAreNamed();
    void anotherPairIsSoughtByChoice();
    void theRegionIsThatOfTheSelectedChannel();
    void withoutAVarianceSlopeAndOffsetAreSought();
    void theRoundingOfAPrintExplains();
    void aFitByChanceListsOtherCauses();
    void arrowKeysStepThePoint();
    void manyChannelsAreExplainedInATask();
    void chancesAreReadable_data();
    void chancesAreReadable();

private:
    template <typename Widget> Widget* find(const char* name)
    {
        return test::findWidget<Widget>(*m_panel, name);
    }
    void observe(const std::vector<Observation>& observations)
    {
        m_document->editLayer(u"observe"_s, std::nullopt,
                              [&](BatchNormLayer& layer) { layer.observations = observations; });
    }
    void typeInto(int row, int column, const QString& text);
    void letEditorsGo()
    {
        QCoreApplication::processEvents(); // a cell commits a moment after the key
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }
    QString shown(int row, int column)
    {
        return find<TableView>("observationTable")->model()->index(row, column).data().toString();
    }
    QString verdict() { return find<QLabel>("verdict")->text(); }

    std::unique_ptr<Document> m_document;
    std::unique_ptr<ExplainPanel> m_panel;
};

void TestExplainPanel::init()
{
    applyTheme(*qApp, Theme::Light);
    m_document = std::make_unique<Document>();
    m_panel = std::make_unique<ExplainPanel>(*m_document);
    m_panel->resize(1000, 320);
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
}

void TestExplainPanel::cleanup()
{
    m_panel.reset();
    m_document.reset();
}

void TestExplainPanel::typeInto(int row, int column, const QString& text)
{
    auto* table = find<TableView>("observationTable");
    const QModelIndex cell = table->model()->index(row, column);
    table->setFocus();
    table->setCurrentIndex(cell);
    table->edit(cell);
    auto* editor = table->findChild<QLineEdit*>(u"cellEditor"_s);
    QVERIFY(editor);
    editor->selectAll();
    QTest::keyClicks(editor, text);
    QTest::keyClick(editor, Qt::Key_Return);
    letEditorsGo();
}

void TestExplainPanel::withoutObservationsItSaysWhatToDo()
{
    QVERIFY(find<QLabel>("nothingObserved")->isVisible());
    QVERIFY(find<QLabel>("nothingObserved")->text().contains(u"Ctrl+Shift+V"_s));
    QSignalSpy pastes(m_panel.get(), &ExplainPanel::pasteRequested);
    QTest::mouseClick(find<QPushButton>("pasteButton"), Qt::LeftButton);
    QCOMPARE(pastes.count(), 1);
}

void TestExplainPanel::theFirstObservationIsTypedInPlace()
{
    m_document->selection().setCode(38);
    QTest::mouseClick(find<QPushButton>("firstObservation"), Qt::LeftButton);
    auto* table = find<TableView>("observationTable");
    QVERIFY(table->isVisible());
    auto* editor = table->findChild<QLineEdit*>(u"cellEditor"_s);
    QVERIFY(editor);
    editor->selectAll();
    QTest::keyClicks(editor, u"53"_s);
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_COMPARE(m_document->layer().observations.size(), 1U);
    QVERIFY((m_document->layer().observations == std::vector<Observation>{{0, 38, 53}}));
    QCOMPARE(shown(0, ObservationModel::Predicted), u"52"_s);
    QVERIFY(shown(0, ObservationModel::Match).startsWith(u'✗'));
}

void TestExplainPanel::aNewRowCountsOnceItsCodeIsTyped()
{
    observe({{0, 38, 52}});
    const int steps = m_document->undoStack().count();
    const QString before = verdict();
    m_document->selection().setCode(60);
    auto* table = find<TableView>("observationTable");
    const auto editor = [table] { return table->findChild<QLineEdit*>(u"cellEditor"_s); };
    QTest::mouseClick(find<QToolButton>("addObservation"), Qt::LeftButton);
    QCOMPARE(table->model()->rowCount(), 2);
    QCOMPARE(shown(1, ObservationModel::InputCode), u"60"_s);
    QVERIFY(shown(1, ObservationModel::OutputCode).isEmpty());
    QVERIFY(editor());
    QVERIFY(editor()->text().isEmpty());
    // Nothing to take with Enter, and no evidence yet.
    QTest::keyClick(editor(), Qt::Key_Return);
    QVERIFY(editor()->isVisible());
    QCOMPARE(m_document->layer().observations.size(), 1U);
    QCOMPARE(m_document->undoStack().count(), steps);
    QCOMPARE(verdict(), before);
    QTest::keyClicks(editor(), u"61"_s);
    QTest::keyClick(editor(), Qt::Key_Return);
    QCoreApplication::processEvents();
    QVERIFY(
        (m_document->layer().observations == std::vector<Observation>{{0, 38, 52}, {0, 60, 61}}));
    QCOMPARE(m_document->undoStack().count(), steps + 1);
    QCOMPARE(table->model()->rowCount(), 2);
}

void TestExplainPanel::aDraftIsOfItsOwnChannelAndCode()
{
    observe({{0, 38, 52}});
    QTest::mouseClick(find<QToolButton>("addObservation"), Qt::LeftButton);
    find<TableView>("observationTable")->setFocus(); // the row stays when its editor is left
    letEditorsGo();
    typeInto(1, ObservationModel::Channel, u"2"_s);
    typeInto(1, ObservationModel::InputCode, u"7"_s);
    QCOMPARE(m_document->layer().observations.size(), 1U);
    QVERIFY(shown(1, ObservationModel::Predicted).isEmpty());
    typeInto(1, ObservationModel::OutputCode, u"9"_s);
    QVERIFY((m_document->layer().observations == std::vector<Observation>{{0, 38, 52}, {2, 7, 9}}));
}

void TestExplainPanel::escapeTakesAnUntouchedRowBack()
{
    QTest::mouseClick(find<QPushButton>("firstObservation"), Qt::LeftButton);
    auto* table = find<TableView>("observationTable");
    QVERIFY(table->isVisible());
    QTest::keyClick(table->findChild<QLineEdit*>(u"cellEditor"_s), Qt::Key_Escape);
    QCOMPARE(table->model()->rowCount(), 0);
    QVERIFY(find<QLabel>("nothingObserved")->isVisible());
    QCOMPARE(m_document->undoStack().count(), 0);
    letEditorsGo();
    // And what was observed before stays.
    observe({{0, 38, 52}});
    QTest::mouseClick(find<QToolButton>("addObservation"), Qt::LeftButton);
    QTest::keyClick(table->findChild<QLineEdit*>(u"cellEditor"_s), Qt::Key_Escape);
    QCOMPARE(table->model()->rowCount(), 1);
    QVERIFY((m_document->layer().observations == std::vector<Observation>{{0, 38, 52}}));
    letEditorsGo();
    QTest::mouseClick(find<QToolButton>("addObservation"), Qt::LeftButton);
    QTest::mouseClick(find<QToolButton>("removeObservation"), Qt::LeftButton);
    QVERIFY((m_document->layer().observations == std::vector<Observation>{{0, 38, 52}}));
    QCOMPARE(table->model()->rowCount(), 1);
}

void TestExplainPanel::aRealValueFindsItsCode()
{
    observe({{0, 0, 73}});
    typeInto(0, ObservationModel::InputValue, u"tensor(0.2991)"_s);
    typeInto(0, ObservationModel::OutputValue, u"-110.8868"_s);
    QVERIFY((m_document->layer().observations == std::vector<Observation>{{0, 38, 52}}));
    QCOMPARE(shown(0, ObservationModel::OutputValue), u"-110.886795"_s);
    QVERIFY2(verdict().startsWith(u"38 -> 52 explained"_s), qPrintable(verdict()));
}

void TestExplainPanel::badTextChangesNothing()
{
    observe({{0, 38, 52}});
    const int steps = m_document->undoStack().count();
    auto* problem = find<QLabel>("observationProblem");
    typeInto(0, ObservationModel::Channel, u"3"_s);
    QCOMPARE(problem->text(), u"⚠ \"3\" is no channel: they are 0 to 2"_s);
    typeInto(0, ObservationModel::InputCode, u"256"_s);
    QCOMPARE(problem->text(), u"⚠ \"256\" is no input code: they are 0 to 255"_s);
    typeInto(0, ObservationModel::OutputCode, u"1e30"_s);
    QCOMPARE(problem->text(), u"⚠ \"1e30\" is no output code: it is a whole number of 32 bits"_s);
    typeInto(0, ObservationModel::OutputValue, u"nan"_s);
    QCOMPARE(problem->text(), u"⚠ \"nan\" is no value that has a code"_s);
    QVERIFY((m_document->layer().observations == std::vector<Observation>{{0, 38, 52}}));
    QCOMPARE(m_document->undoStack().count(), steps);
}

// As in a calculation that does not clamp.
void TestExplainPanel::whatWasObservedMayLeaveTheRange()
{
    observe({{0, 38, 52}});
    typeInto(0, ObservationModel::InputCode, u"256"_s);
    typeInto(0, ObservationModel::OutputCode, u"-21"_s);
    QVERIFY((m_document->layer().observations == std::vector<Observation>{{0, 38, -21}}));
    QVERIFY(find<QLabel>("observationProblem")->text().isEmpty());
    // (404 - 73) steps of the output
    typeInto(0, ObservationModel::OutputValue, u"1747.787080"_s);
    QVERIFY((m_document->layer().observations == std::vector<Observation>{{0, 38, 404}}));
}

void TestExplainPanel::removingIsUndone()
{
    observe({{0, 38, 52}, {1, 2, 3}, {1, 4, 5}});
    auto* table = find<TableView>("observationTable");
    table->selectRow(1);
    QTest::mouseClick(find<QToolButton>("removeObservation"), Qt::LeftButton);
    QVERIFY((m_document->layer().observations == std::vector<Observation>{{0, 38, 52}, {1, 4, 5}}));
    m_document->undo();
    QCOMPARE(table->model()->rowCount(), 3);
}

void TestExplainPanel::aClickSelectsChannelAndCode()
{
    observe({{0, 38, 52}, {2, 200, 3}});
    auto* table = find<TableView>("observationTable");
    const QModelIndex cell = table->model()->index(1, ObservationModel::InputCode);
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(cell).center());
    QCOMPARE(m_document->selection().channel(), 2);
    QCOMPARE(m_document->selection().code(), 200);
}

void TestExplainPanel::aMistakeIsNamed()
{
    // gamma 96 and beta 4 swapped: 4 * (0 - 0.4318) / sqrt(0.0621 + 1e-5) + 96 = 89.0696, that is
    // 16.868 output steps: 90. With code 128 it is 4 * 2.3091 + 96 = 105.2365, 19.93 steps: 93.
    observe({{1, 0, 90}, {1, 128, 93}});
    QVERIFY2(verdict().contains(u"gamma and beta swapped"_s), qPrintable(verdict()));
    auto* list = find<TableView>("explanationTable");
    QCOMPARE(list->model()->index(0, ExplanationModel::Title).data().toString(),
             u"gamma and beta swapped"_s);
    QCOMPARE(list->model()->index(0, ExplanationModel::Explains).data().toString(), u"2 of 2"_s);
    QCOMPARE(find<QLabel>("explanationFormula")->text(), u"affine = beta * normalized + gamma"_s);
}

void TestExplainPanel::theListGivesTheCodeOfTheCurrentObservation()
{
    observe({{1, 0, 90}, {1, 128, 93}});
    const QModelIndex gives
        = find<TableView>("explanationTable")->model()->index(0, ExplanationModel::Gives);
    find<TableView>("observationTable")->setCurrentRow(0);
    QCOMPARE(gives.data().toString(), u"90"_s);
    find<TableView>("observationTable")->setCurrentRow(1);
    QCOMPARE(gives.data().toString(), u"93"_s);
}

void TestExplainPanel::helpIsAskedForByRecipe()
{
    observe({{1, 0, 90}, {1, 128, 93}});
    QSignalSpy asked(m_panel.get(), &ExplainPanel::helpRequested);
    QTest::mouseClick(find<QToolButton>("explanationHelp"), Qt::LeftButton);
    QCOMPARE(asked.value(0).value(0).toString(), u"gamma-beta-swapped"_s);
}

void TestExplainPanel::theNextMeasurementIsGoneTo()
{
    observe({{0, 38, 52}});
    const auto next = (*m_document->report())->next;
    QVERIFY(next);
    auto* label = find<QLabel>("nextMeasurement");
    QVERIFY(
        label->text().contains(u"channel %1, code %2"_s.arg(next->channel).arg(next->input_code)));
    label->setFocus();
    QTest::keyClick(label, Qt::Key_Tab); // to the link
    emit label->linkActivated(u"next"_s);
    QCOMPARE(m_document->selection().channel(), next->channel);
    QCOMPARE(m_document->selection().code(), next->input_code);
}

void TestExplainPanel::anUnexplainedCodeListsOtherCauses()
{
    observe({{0, 38, 200}, {0, 39, 3}, {0, 40, 177}, {0, 41, 20}});
    QVERIFY(find<QLabel>("nextMeasurement")->text().contains(u"training mode"_s));
}

void TestExplainPanel::contradictingObservationsAreNamed()
{
    observe({{0, 38, 52}, {0, 60, 61}, {0, 38, 90}});
    QVERIFY2(find<QLabel>("regionSentence")
                 ->text()
                 .contains(u"observations 1 and 3 contradict each other"_s),
             qPrintable(find<QLabel>("regionSentence")->text()));
    QVERIFY(find<RegionPlot>("regionPlot")->filled().empty());
    QCOMPARE(find<RegionPlot>("regionPlot")->note(), u"no values explain\nall observations"_s);
}

void TestExplainPanel::anotherPairIsSoughtByChoice()
{
    observe({{0, 38, 52}});
    auto* pairs = find<QComboBox>("unknownPair");
    QCOMPARE(pairs->currentText(), u"gamma and beta"_s);
    pairs->setFocus();
    QTest::keyClick(pairs, Qt::Key_Down);
    QCOMPARE(pairs->currentText(), u"mean and beta"_s);
    QVERIFY2(find<QLabel>("regionSentence")->text().contains(u"mean 0.5653"_s),
             qPrintable(find<QLabel>("regionSentence")->text()));
}

void TestExplainPanel::theRegionIsThatOfTheSelectedChannel()
{
    observe({{0, 38, 52}, {1, 38, 90}, {1, 60, 100}});
    auto* sentence = find<QLabel>("regionSentence");
    const auto* plot = find<RegionPlot>("regionPlot");
    QVERIFY2(sentence->text().startsWith(u"Channel 0, a strip"_s), qPrintable(sentence->text()));
    const auto first = plot->filled();
    m_document->selection().setChannel(1);
    QVERIFY2(sentence->text().startsWith(u"Channel 1, a polygon"_s), qPrintable(sentence->text()));
    QVERIFY(plot->filled().front().x != first.front().x);
    m_document->selection().setChannel(2); // not observed
    QVERIFY2(sentence->text().startsWith(u"Channel 0, a strip"_s), qPrintable(sentence->text()));
}

void TestExplainPanel::withoutAVarianceSlopeAndOffsetAreSought()
{
    m_document->editLayer(u"forget"_s, std::nullopt, [](BatchNormLayer& layer) {
        for (const Field field : {Field::mean, Field::var, Field::gamma})
            layer.provenance.set(field, {.origin = Origin::unknown, .note = {}});
        layer.observations = {{0, 38, 52}};
    });
    const BatchNormLayer before = m_document->layer();
    QCOMPARE(find<QComboBox>("unknownPair")->currentText(), u"slope and offset"_s);
    QCOMPARE(shown(0, ObservationModel::Predicted), u"–"_s);
    QVERIFY(shown(0, ObservationModel::Match).isEmpty());
    QVERIFY(find<QLabel>("verdict")->text().contains(u"slope gamma / sqrt(var + eps)"_s));
    auto* plot = find<RegionPlot>("regionPlot");
    plot->grab();
    QTest::keyClick(plot, Qt::Key_Right);
    const BatchNormLayer& after = m_document->layer();
    QVERIFY(after.gamma[0] > before.gamma[0]);
    QCOMPARE(exactly(after.mean[0]), exactly(before.mean[0]));
    QCOMPARE(exactly(after.var[0]), exactly(before.var[0]));
    QCOMPARE(find<QComboBox>("unknownPair")->currentText(), u"slope and offset"_s);
}

void TestExplainPanel::theRoundingOfAPrintExplains()
{
    // (-110.95 - 5) / 5.28 to (-110.95 + 5) / 5.28: -21.96 and -20.07, plus 73.
    m_document->editLayer(u"print"_s, std::nullopt, [](BatchNormLayer& layer) {
        layer.provenance.set(Field::beta, {.origin = Origin::pasted, .note = {}, .rounding = 5});
        layer.observations = {{0, 38, 51}, {0, 38, 55}};
    });
    QCOMPARE(shown(0, ObservationModel::Predicted), u"52"_s);
    QCOMPARE(shown(0, ObservationModel::Match), u"✓ within rounding"_s);
    QCOMPARE(shown(1, ObservationModel::Match), u"✗ differs"_s);
}

void TestExplainPanel::aFitByChanceListsOtherCauses()
{
    observe({{0, 38, 255}});
    QVERIFY(find<QLabel>("verdict")->text().contains(u"as likely by chance"_s));
    const QString next = find<QLabel>("nextMeasurement")->text();
    QVERIFY2(next.contains(u"outside of the formula"_s), qPrintable(next));
}

void TestExplainPanel::arrowKeysStepThePoint()
{
    observe({{0, 38, 52}});
    auto* plot = find<RegionPlot>("regionPlot");
    plot->grab();
    const int steps = m_document->undoStack().count();
    const QCPRange view = plot->canvas().xAxis->range();
    for (int i = 0; i < 3; ++i)
        QTest::keyClick(plot, Qt::Key_Right);
    QVERIFY(m_document->layer().gamma[0] > 117.5);
    QCOMPARE(exactly(m_document->layer().beta[0]), u"0"_s);
    QCOMPARE(m_document->undoStack().count(), steps + 1);
    QVERIFY(plot->canvas().xAxis->range() == view);
}

void TestExplainPanel::manyChannelsAreExplainedInATask()
{
    Experiment experiment = m_document->experiment();
    BatchNormLayer layer = identity_layer("wide", 200);
    layer.provenance.set_all({.origin = Origin::typed, .note = {}});
    layer.observations = {{150, 7, 7}};
    experiment.model.layers = {std::make_shared<const BatchNormLayer>(std::move(layer))};
    m_document->open(std::move(experiment), {});
    QCOMPARE(verdict(), u"Computing…"_s);
    QTRY_VERIFY_WITH_TIMEOUT(verdict().contains(u"7 -> 7"_s), 30000);
    QCOMPARE(shown(0, ObservationModel::Predicted), u"7"_s);
}

void TestExplainPanel::chancesAreReadable_data()
{
    QTest::addColumn<double>("probability");
    QTest::addColumn<QString>("text");
    QTest::newRow("sure") << 1.0 << u"certain"_s;
    QTest::newRow("one in four") << 0.25 << u"1 in 4"_s;
    QTest::newRow("two digits are kept") << 1 / 251.3 << u"1 in 250"_s;
    QTest::newRow("thousands are set apart") << 1 / 12345.0 << u"1 in 12,000"_s;
    QTest::newRow("a power from a million on") << 2e-12 << u"1 in 10^12"_s;
    QTest::newRow("none") << 0.0 << u"below 1 in 10^300"_s;
}

void TestExplainPanel::chancesAreReadable()
{
    QFETCH(double, probability);
    QTEST(chanceText(probability), "text");
}

QBN_TEST(TestExplainPanel)
#include "tst_explain_panel.moc"
