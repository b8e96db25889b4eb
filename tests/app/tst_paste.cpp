#include "app/desktop/main_window.h"
#include "app/desktop/observation_actions.h"
#include "app/desktop/work_area.h"
#include "core/formats/session/question_card.h"
#include "tests/support/exactly.h"
#include "tests/support/find_widget.h"
#include "tests/support/golden.h"
#include "tests/support/opening.h"
#include "tests/support/room.h"
#include "ui/edit/float_edit.h"
#include "ui/panels/explain/observation_model.h"
#include "ui/panels/explain/pasted_text.h"
#include "ui/panels/explain/region_plot.h"

#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QFileInfo>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QStandardPaths>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>
#include <QTimer>
#include <qcustomplot.h>

#include <memory>

using namespace qbn;
using namespace qbn::desktop;
using namespace qbn::test;
using namespace Qt::StringLiterals;

/// What a person does who has printed something and cannot explain it.
class TestPaste : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void theForumTextExplainsItself();
    void undoBringsTheLayerBack();
    void aPasteIsNotSavedOverTheOpenFile();
    void savingKeepsWhatWasRead();
    void withoutWeightAndBiasARegionIsDrawn();
    void draggingThePointIsOneStep();
    void pixelsAloneAreALayerOfTheirOwnUnlessMerged();
    void theThreadShowsWhatItsNumbersBecame();
    void aPasteIsShownBeforeItIsBelieved();
    void aPreviewIsCorrectedBeforeItIsOpened();
    void aPreviewMergesIntoTheOpenLayer();
    void aPreviewThatIsNotWantedStaysAway();
    void aWrongGuessIsCorrected();
    void aFileOfPrintsIsOpened();
    void aQuestionCardIsOpened();
    void aCopiedQuestionRestoresTheState();
    void aCopiedQuestionKeepsPlacePairAndBackend();
    void aCardOfAWebPageIsOpened();
    void aTextWithoutABatchNormChangesNothing_data();
    void aTextWithoutABatchNormChangesNothing();
    void observationsAreLoadedFromAFile();
    void aWrongFileIsNamed();
    void aHiddenPanelAsksForNoReport();

private:
    template <typename Widget> Widget* find(const char* name)
    {
        return test::findWidget<Widget>(*m_window, name);
    }
    /// As Ctrl+Shift+V after copying the text.
    void copyAndPaste(const QString& text)
    {
        QGuiApplication::clipboard()->setText(text);
        find<QAction>("pasteAction")->trigger();
        QCoreApplication::processEvents();
    }
    /// The same, and Enter in what then shows what was understood.
    void paste(const QString& text)
    {
        copyAndPaste(text);
        acceptPreview();
    }
    void acceptPreview()
    {
        if (auto* preview = m_window->findChild<QDialog*>(QStringLiteral("pastePreview")))
            QTest::keyClick(preview, Qt::Key_Return);
        QCoreApplication::processEvents();
    }
    QString verdict() { return find<QLabel>("verdict")->text(); }
    /// What the box said that opens next.
    void closeNextBox(QString& said);

    std::unique_ptr<Settings> m_settings;
    std::unique_ptr<ui::Document> m_document;
    std::unique_ptr<MainWindow> m_window;
};

namespace {

QString forumText()
{
    QFile file(dataPath(u"forum.print.txt"_s));
    if (!file.open(QIODevice::ReadOnly))
        QTest::qFail("forum.print.txt", __FILE__, __LINE__);
    return QString::fromUtf8(file.readAll());
}

QString forumTextWithoutAffine()
{
    const QString text = forumText();
    return text.left(text.indexOf(u"weight"_s));
}

} // namespace

void TestPaste::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(u"qbn-test"_s);
    QCoreApplication::setApplicationName(u"paste"_s);
}

void TestPaste::init()
{
    QSettings().clear();
    ui::applyTheme(*qApp, ui::Theme::Light);
    m_settings = std::make_unique<Settings>();
    m_document = std::make_unique<ui::Document>();
    m_window = std::make_unique<MainWindow>(*m_document, *m_settings, Memory::None);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
}

void TestPaste::cleanup()
{
    m_window.reset();
    m_document.reset();
}

void TestPaste::closeNextBox(QString& said)
{
    QTimer::singleShot(0, this, [&said] {
        auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
        if (!box)
            return;
        said = box->text();
        box->accept();
    });
}

void TestPaste::theForumTextExplainsItself()
{
    m_document->setValue(Field::gamma, 0, 1);
    m_document->selection().set({.channel = 2, .code = 200});
    paste(forumText());
    QVERIFY(find<ui::PastedText>("pastedText")->isVisible());
    QVERIFY2(verdict().startsWith(u"38 -> 52 explained"_s), qPrintable(verdict()));
    QCOMPARE(find<ui::FloatEdit>("gamma")->text(), u"117.5"_s);
    QCOMPARE(find<ui::FloatEdit>("outputScale")->text(), u"5.280323505401611"_s);
    QCOMPARE(find<QLabel>("placeLabel")->toolTip().section(u'·', 1),
             u" channel 0 · code 38 → 52"_s);
    const QAbstractItemModel* seen = find<QTableView>("observationTable")->model();
    QCOMPARE(seen->rowCount(), 1);
    QCOMPARE(seen->index(0, ui::ObservationModel::OutputCode).data().toString(), u"52"_s);
    QVERIFY(seen->index(0, ui::ObservationModel::Match).data().toString().startsWith(u'✓'));
    QVERIFY(seen->index(0, ui::ObservationModel::Backends).data().toString().contains(u"exact"_s));
    QVERIFY(find<QTextBrowser>("understanding")->toPlainText().contains(u"Running Mean"_s));
}

void TestPaste::undoBringsTheLayerBack()
{
    const Experiment before = m_document->experiment();
    paste(forumText());
    QCOMPARE(m_document->undoStack().count(), 1);
    QVERIFY(!(m_document->experiment() == before));
    find<QAction>("undoAction")->trigger();
    QVERIFY(m_document->experiment() == before);
    QVERIFY(find<QLabel>("nothingObserved")->isVisible());
    find<QAction>("redoAction")->trigger();
    QVERIFY2(verdict().startsWith(u"38 -> 52 explained"_s), qPrintable(verdict()));
}

void TestPaste::aPasteIsNotSavedOverTheOpenFile()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"mine.json"_s);
    QVERIFY(QFile::copy(dataPath(u"golden/forum.json"_s), path));
    m_window->files().open(path);
    QTRY_COMPARE(m_document->path(), path);
    QVERIFY(m_window->windowTitle().startsWith(u"mine.json"_s));
    paste(forumText());
    QVERIFY(m_document->path().isEmpty());
    QVERIFY(m_window->windowTitle().startsWith(u"Pasted text"_s));
    find<QAction>("undoAction")->trigger();
    QCOMPARE(m_document->path(), path);
    QVERIFY(m_window->windowTitle().startsWith(u"mine.json"_s));
    find<QAction>("redoAction")->trigger();
    QVERIFY(m_document->path().isEmpty());
    // What is edited after it is still not the file.
    m_document->setValue(Field::eps, 0, 0.5);
    QVERIFY(m_document->path().isEmpty());
}

void TestPaste::savingKeepsWhatWasRead()
{
    paste(forumText());
    auto* tabs = find<QTabWidget>("observationTabs");
    QVERIFY(tabs->isTabVisible(1));
    const QTemporaryDir folder;
    m_document->setSaved(folder.filePath(u"saved.json"_s));
    QVERIFY(tabs->isTabVisible(1));
    m_document->open(example_experiment(), {});
    QVERIFY(!tabs->isTabVisible(1));
}

void TestPaste::withoutWeightAndBiasARegionIsDrawn()
{
    paste(forumTextWithoutAffine());
    QVERIFY2(verdict().startsWith(u"Gamma and beta are missing"_s), qPrintable(verdict()));
    QVERIFY(find<QTextBrowser>("understanding")->toPlainText().contains(u"gamma and beta"_s));
    QVERIFY(find<QLabel>("regionSentence")->text().startsWith(u"Channel 0, a strip"_s));
    // What is filled holds the parameters that the text had, and not the placeholders 1 and 0.
    const auto filled = find<ui::RegionPlot>("regionPlot")->filled();
    QVERIFY(filled.size() >= 4);
    const auto side = [&](double x, double y) {
        bool inside = true;
        for (std::size_t i = 0; i < filled.size(); ++i) {
            const auto& a = filled[i];
            const auto& b = filled[(i + 1) % filled.size()];
            inside = inside && (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x) >= 0;
        }
        return inside;
    };
    const auto centre = m_document->report();
    QVERIFY(centre && *centre && (*centre)->region && (*centre)->region->centre);
    QVERIFY(side((*centre)->region->centre->x, (*centre)->region->centre->y));
    QVERIFY(!side(1, 0));
}

void TestPaste::draggingThePointIsOneStep()
{
    paste(forumTextWithoutAffine());
    auto* plot = find<ui::RegionPlot>("regionPlot");
    QCoreApplication::processEvents(); // lays it out
    const auto region = (*m_document->report())->region;
    const QPoint from = plot->pixelOf(plot->point()).toPoint();
    const QPoint to = plot->pixelOf({region->centre->x, region->centre->y}).toPoint();
    const int steps = m_document->undoStack().count();
    QCustomPlot* canvas = &plot->canvas();
    QTest::mousePress(canvas, Qt::LeftButton, {}, from);
    for (int i = 1; i <= 5; ++i)
        QTest::mouseMove(canvas, from + (to - from) * i / 5);
    QTest::mouseRelease(canvas, Qt::LeftButton, {}, to);
    QCOMPARE(m_document->undoStack().count(), steps + 1);
    QVERIFY(m_document->layer().gamma[0] != 1);
    QVERIFY(m_document->layer().beta[0] != 0);
    QVERIFY2(verdict().startsWith(u"38 -> 52 explained"_s), qPrintable(verdict()));
    QCOMPARE(find<QLabel>("placeLabel")->toolTip().section(u'→', 1), u" 52"_s);
    find<QAction>("undoAction")->trigger();
    QCOMPARE(exactly(m_document->layer().gamma[0]), u"1"_s);
    QCOMPARE(exactly(m_document->layer().beta[0]), u"0"_s);
}

void TestPaste::pixelsAloneAreALayerOfTheirOwnUnlessMerged()
{
    const QString text = forumText();
    paste(text.left(text.indexOf(u"Running Mean"_s)));
    QCOMPARE(m_document->layer().name, std::string("batch_norm"));
    QCOMPARE(m_document->layer().provenance.of(Field::mean).origin, Origin::unknown);
    find<QPushButton>("mergeButton")->click();
    QCOMPARE(m_document->layer().name, std::string("conv1.0"));
    QCOMPARE(m_document->layer().channels(), 3);
    QVERIFY2(verdict().startsWith(u"38 -> 52 explained"_s), qPrintable(verdict()));
    QCOMPARE(m_document->undoStack().count(), 1);
}

void TestPaste::theThreadShowsWhatItsNumbersBecame()
{
    QFile file(dataPath(u"paste/thread.txt"_s));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QString text = QString::fromUtf8(file.readAll());
    paste(text);
    auto* shown = find<ui::PastedText>("pastedText");
    const Claim* mean = shown->claimAt(static_cast<int>(text.indexOf(u"0.565347"_s)) + 2);
    QVERIFY(mean);
    QCOMPARE(mean->meaning, std::string("mean of channel 0"));
    const Claim* index = shown->claimAt(static_cast<int>(text.indexOf(u"[1]['input']"_s)) + 1);
    QVERIFY(index);
    QCOMPARE(index->meaning, std::string("source code"));
    QVERIFY(find<QTextBrowser>("understanding")
                ->toPlainText()
                .contains(u"print(\"weight\", net.block[0].weight)"_s));
}

void TestPaste::aPasteIsShownBeforeItIsBelieved()
{
    const Experiment before = m_document->experiment();
    copyAndPaste(forumText());
    auto* preview = find<QDialog>("pastePreview");
    QVERIFY(preview->isVisible());
    QVERIFY(m_document->experiment() == before);
    const QString summary = preview->findChild<QLabel*>(u"pasteSummary"_s)->text();
    QVERIFY2(summary.startsWith(u"1 layer, 1 observation; "_s), qPrintable(summary));
    auto* shown = preview->findChild<ui::PastedText*>();
    const Claim* mean = shown->claimAt(static_cast<int>(forumText().indexOf(u"0.5653"_s)) + 2);
    QVERIFY(mean);
    QCOMPARE(mean->meaning, std::string("mean of channel 0"));
    QTest::keyClick(preview, Qt::Key_Escape);
    QVERIFY(m_document->experiment() == before);
    QCOMPARE(m_document->undoStack().count(), 0);
    QVERIFY(m_settings->pastePreviewed());
}

void TestPaste::aPreviewIsCorrectedBeforeItIsOpened()
{
    copyAndPaste(u"running_mean [0.5]\nrunning_var [0.25]\nscale 0.125\n"_s);
    auto* shown = find<QDialog>("pastePreview")->findChild<ui::PastedText*>();
    QCOMPARE(shown->claimAt(44)->meaning, std::string("output scale"));
    emit shown->corrected(
        {.offset = 44, .meaning = {.role = PrintRole::scale, .side = PrintSide::input}});
    QCOMPARE(shown->claimAt(44)->meaning, std::string("input scale"));
    QCOMPARE(m_document->undoStack().count(), 0);
    acceptPreview();
    QCOMPARE(m_document->layer().input.scale, 0.125);
    QCOMPARE(m_document->undoStack().count(), 1);
}

void TestPaste::aPreviewMergesIntoTheOpenLayer()
{
    const QString text = forumText();
    copyAndPaste(text.left(text.indexOf(u"Running Mean"_s)));
    auto* merge = find<QDialog>("pastePreview")->findChild<QPushButton*>(u"mergePaste"_s);
    QTest::mouseClick(merge, Qt::LeftButton);
    QCoreApplication::processEvents();
    QCOMPARE(m_document->layer().name, std::string("conv1.0"));
    QVERIFY2(verdict().startsWith(u"38 -> 52 explained"_s), qPrintable(verdict()));
    QCOMPARE(m_document->undoStack().count(), 1);
}

void TestPaste::aPreviewThatIsNotWantedStaysAway()
{
    copyAndPaste(forumText());
    auto* preview = find<QDialog>("pastePreview");
    preview->findChild<QCheckBox*>(u"previewAgain"_s)->setChecked(false);
    QTest::keyClick(preview, Qt::Key_Escape);
    QVERIFY(!find<QAction>("previewPasteAction")->isChecked());
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    copyAndPaste(forumText());
    QVERIFY(m_window->findChild<QDialog*>(u"pastePreview"_s) == nullptr);
    QVERIFY2(verdict().startsWith(u"38 -> 52 explained"_s), qPrintable(verdict()));
    find<QAction>("previewPasteAction")->trigger();
    QVERIFY(m_settings->pastePreviewed());
}

void TestPaste::aWrongGuessIsCorrected()
{
    paste(u"running_mean [0.5]\nrunning_var [0.25]\nscale 0.125\n"_s);
    QCOMPARE(m_document->layer().output.scale, 0.125);
    emit find<ui::PastedText>("pastedText")
        ->corrected(
            {.offset = 44, .meaning = {.role = PrintRole::scale, .side = PrintSide::input}});
    QCOMPARE(m_document->layer().input.scale, 0.125);
    QCOMPARE(m_document->layer().provenance.of(Field::output_scale).origin, Origin::unknown);
    QCOMPARE(m_document->undoStack().count(), 1);
}

void TestPaste::aFileOfPrintsIsOpened()
{
    const QString title = m_window->windowTitle();
    const auto opened = [this] {
        m_window->files().open(dataPath(u"paste/thread.txt"_s));
        return QTest::qWaitFor(
            [this] { return m_window->findChild<QDialog*>(u"pastePreview"_s) != nullptr; });
    };
    QVERIFY(opened());
    QTest::keyClick(find<QDialog>("pastePreview"), Qt::Key_Escape);
    QCOMPARE(m_window->windowTitle(), title);
    QCOMPARE(m_document->layer().name, std::string("conv1.0"));
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    QVERIFY(opened());
    acceptPreview();
    QVERIFY(m_window->windowTitle().startsWith(u"thread.txt"_s));
    QCOMPARE(m_document->layer().channels(), 2);
    QVERIFY2(verdict().startsWith(u"Gamma and beta are missing"_s), qPrintable(verdict()));
}

void TestPaste::aQuestionCardIsOpened()
{
    BatchNormLayer layer = identity_layer("asked", 2);
    layer.observations = {{1, 7, 7}};
    const auto report = make_report(layer, *find_backend("exact"), {});
    QVERIFY(report);
    paste(QString::fromStdString(question_card({.layer = &layer,
                                                .backend = find_backend("exact"),
                                                .report = &*report,
                                                .channel = 1,
                                                .input_code = 7})));
    QCOMPARE(m_document->layer().name, std::string("asked"));
    QCOMPARE(m_document->selection().channel(), 1);
    QCOMPARE(m_document->selection().code(), 7);
    QVERIFY(find<QTableView>("observationTable")->isVisible());
    QCOMPARE(m_document->undoStack().count(), 1);
}

void TestPaste::aCopiedQuestionRestoresTheState()
{
    m_document->editLayer(QStringLiteral("observe"), {}, [](BatchNormLayer& layer) {
        layer.observations = {{0, 38, 52}, {2, 9, 1}};
    });
    m_document->setValue(Field::gamma, 0, 99);
    const BatchNormLayer asked = m_document->layer();
    find<QAction>("copyQuestionAction")->trigger();
    const QString card = QApplication::clipboard()->text();
    QVERIFY(card.startsWith(QStringLiteral("# Quantized batch norm: conv1.0, channel 0")));
    m_document->open(example_experiment(), {});
    QVERIFY(!(m_document->layer() == asked));
    paste(card);
    QVERIFY(m_document->layer() == asked);
}

void TestPaste::aCopiedQuestionKeepsPlacePairAndBackend()
{
    m_document->editLayer(QStringLiteral("observe"), {}, [](BatchNormLayer& layer) {
        layer.observations = {{0, 38, 52}, {2, 9, 1}};
    });
    m_document->chooseBackend(*find_backend("onnxruntime"));
    m_document->setUnknowns(UnknownPair{Field::mean, Field::beta});
    m_document->selection().set({.channel = 2, .code = 77});
    find<QAction>("copyQuestionAction")->trigger();
    const QString card = QApplication::clipboard()->text();

    Experiment other = example_experiment();
    other.model.layers = {std::make_shared<const BatchNormLayer>(identity_layer("other", 1))};
    m_document->open(other, {});
    paste(card);
    QCOMPARE(m_document->selection().channel(), 2);
    QCOMPARE(m_document->selection().code(), 77);
    QVERIFY(m_document->unknowns() == (UnknownPair{Field::mean, Field::beta}));
    QCOMPARE(m_document->experiment().backend, std::string("onnxruntime"));
    QVERIFY(find<QLabel>("regionSentence")->text().startsWith(u"Channel 2, "_s));

    // The pair of a card is not that of the next.
    m_document->setUnknowns(std::nullopt);
    m_document->selection().set({.channel = 0, .code = 38});
    find<QAction>("copyQuestionAction")->trigger();
    m_document->setUnknowns(UnknownPair{Field::mean, Field::beta});
    paste(QApplication::clipboard()->text());
    QVERIFY(m_document->unknowns() == UnknownPair{});
    QCOMPARE(m_document->selection().code(), 38);
}

// Without its ``` fences, as it is copied from a rendered page.
void TestPaste::aCardOfAWebPageIsOpened()
{
    m_document->editLayer(QStringLiteral("observe"), {},
                          [](BatchNormLayer& layer) { layer.observations = {{0, 38, 53}}; });
    const BatchNormLayer asked = m_document->layer();
    find<QAction>("copyQuestionAction")->trigger();
    QString card = QGuiApplication::clipboard()->text();
    QVERIFY(card.startsWith(u"# Quantized batch norm: "_s));
    card.replace(u"```python\n"_s, QString()).replace(u"```json\n"_s, QString());
    card.replace(u"```\n"_s, QString());
    m_document->open(example_experiment(), {});
    paste(card);
    QVERIFY(m_document->layer() == asked);

    QString said;
    closeNextBox(said);
    paste(card.left(card.indexOf(u"\"format\""_s)));
    QVERIFY2(said.contains(u"its session is missing"_s), qPrintable(said));
    QVERIFY(m_document->layer() == asked);
}

void TestPaste::aTextWithoutABatchNormChangesNothing_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("says");
    QTest::newRow("nothing") << QString() << u"no text"_s;
    QTest::newRow("prose") << u"What is the meaning of this?"_s << u"belongs to a batch norm"_s;
}

void TestPaste::aTextWithoutABatchNormChangesNothing()
{
    QFETCH(QString, text);
    QFETCH(QString, says);
    QString said;
    closeNextBox(said);
    paste(text);
    QVERIFY2(said.contains(says), qPrintable(said));
    QVERIFY(!m_document->isModified());
    QCOMPARE(m_document->undoStack().count(), 0);
}

void TestPaste::observationsAreLoadedFromAFile()
{
    QTemporaryDir folder;
    QFile file(folder.filePath(u"seen.csv"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("channel,input_code,output_code\n0,38,52\n0,38,52\n1,0,57\n");
    file.close();
    QVERIFY(m_window->observations().load({file.fileName()}));
    QCOMPARE(find<QTableView>("observationTable")->model()->rowCount(), 2);
    QVERIFY(find<QTableView>("observationTable")->isVisible());
}

void TestPaste::aWrongFileIsNamed()
{
    QString said;
    closeNextBox(said);
    QVERIFY(!m_window->observations().load({u"/nowhere/seen.csv"_s}));
    QVERIFY2(said.startsWith(u"/nowhere/seen.csv: "_s), qPrintable(said));
}

void TestPaste::aHiddenPanelAsksForNoReport()
{
    paste(forumText());
    find<WorkArea>("workArea")->showPage(u"codePage"_s);
    QTRY_VERIFY(find<QWidget>("explainPanel")->visibleRegion().isEmpty());
    const QString shown = verdict();
    m_document->setValue(Field::gamma, 0, 1);
    QCOMPARE(verdict(), shown);
    find<WorkArea>("workArea")->showPage(u"explainPage"_s);
    QTRY_VERIFY(verdict() != shown);
}

QBN_TEST(TestPaste)
#include "tst_paste.moc"
