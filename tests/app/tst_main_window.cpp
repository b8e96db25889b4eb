#include "app/desktop/main_window.h"
#include "app/desktop/share_splitter.h"
#include "app/desktop/work_area.h"
#include "core/formats/session/session_json.h"
#include "tests/support/find_widget.h"
#include "tests/support/golden.h"
#include "tests/support/opening.h"
#include "tests/support/parting_layer.h"
#include "tests/support/room.h"
#include "ui/edit/float_edit.h"
#include "ui/edit/int_edit.h"
#include "ui/look/seen_refresh.h"
#include "ui/panels/codes/code_model.h"
#include "ui/panels/pipeline/stage_card.h"
#include "ui/panels/plots/code_plot.h"

#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QMenuBar>
#include <QMimeData>
#include <QStandardPaths>
#include <QStatusBar>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

#include <algorithm>
#include <memory>

using namespace qbn;
using namespace qbn::desktop;
using namespace qbn::test;

/// The real window: what a person does, and what the person sees.
class TestMainWindow : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void theExampleIsShownAtTheStart();
    void theCodeHasTheFocusAtTheStart();
    void typingAValueChangesEveryView();
    void undoAndRedoBringEverythingBack();
    void theButtonsUndoAndRedo();
    void theCodeIsFoundFromItsRealValue();
    void theNavigationChoosesChannelAndBackend();
    void keysMoveChannelsLayersAndCodes();
    void aDroppedFileIsOpened();
    void aSessionOpensAtItsFirstObservation();
    void aCardOpensAtItsQuestion();
    void anEditMarksTheTitle();
    void f8VisitsTheDifferences();
    void tiesCanBeHidden();
    void codesAndWhyAreInFront();
    void aPanelBehindATabWaits();
    void f6SkipsPanelsBehindATab();
    void everyPageIsInTheViewMenu();
    void aPageMayTakeTheWholeHeight();
    void findingsAreCounted();
    void theVerdictIsNeverStale();
    void theVerdictLeadsToWhatIsMissing();
    void lookingMarksNothingModified();
    void allIsSeenInASmallWindow_data();
    void allIsSeenInASmallWindow();
    void noTextMakesTheWindowLarger();
    void aShrunkWindowGrowsBack();
    void theLayoutIsRemembered();
    void everyActionHasItsKeyOnce();
    void noFieldSwallowsAMenusKey();
    void theWheelNeedsTheFocus();
    void aClickBelowATableKeepsItsRow();
    void everyControlHasNameTipAndTabOrder();
    void everyFieldsLabelIsExplained();

private:
    template <typename Widget> Widget* find(const char* name)
    {
        return test::findWidget<Widget>(*m_window, name);
    }
    void type(const char* name, const QString& text);
    void showPage(const char* name)
    {
        find<WorkArea>("workArea")->showPage(QLatin1String(name));
        QCoreApplication::processEvents();
    }
    void checkControls();
    QString page() { return find<WorkArea>("workArea")->currentPage(); }
    QString verdict() { return find<QWidget>("verdict")->accessibleName(); }
    void trigger(const char* action) { find<QAction>(action)->trigger(); }

    std::unique_ptr<Settings> m_settings;
    std::unique_ptr<ui::Document> m_document;
    std::unique_ptr<MainWindow> m_window;
};

void TestMainWindow::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("qbn-test"));
    QCoreApplication::setApplicationName(QStringLiteral("main-window"));
}

void TestMainWindow::init()
{
    QSettings().clear();
    ui::applyTheme(*qApp, ui::Theme::Light);
    m_settings = std::make_unique<Settings>();
    m_document = std::make_unique<ui::Document>();
    m_window = std::make_unique<MainWindow>(*m_document, *m_settings, Memory::Keep);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
}

void TestMainWindow::cleanup()
{
    m_window.reset();
    m_document.reset();
}

void TestMainWindow::type(const char* name, const QString& text)
{
    auto* edit = find<ui::FloatEdit>(name);
    edit->setFocus();
    edit->selectAll();
    QTest::keyClicks(edit, text);
    QTest::keyClick(edit, Qt::Key_Return);
}

void TestMainWindow::theExampleIsShownAtTheStart()
{
    QCOMPARE(find<ui::IntEdit>("inputCode")->value(), 38);
    QCOMPARE(find<ui::FloatEdit>("gamma")->text(), QStringLiteral("117.5"));
    QCOMPARE(find<QLabel>("placeLabel")->text(),
             QStringLiteral("conv1.0 · channel 0 · code 38 → 52"));
    QVERIFY(find<ui::CodePlot>("transferPlot")->cursorText().contains(QStringLiteral("38 → 52")));
    QVERIFY(m_window->windowTitle().contains(QStringLiteral("forum")));
}

void TestMainWindow::theCodeHasTheFocusAtTheStart()
{
    QVERIFY(find<ui::IntEdit>("inputCode")->hasFocus());
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Up);
    QCOMPARE(m_document->selection().code(), 39);
}

void TestMainWindow::typingAValueChangesEveryView()
{
    type("gamma", QStringLiteral("1"));
    // y = -0.944 / 5.28 rounds to 0: every code near 38 gives the zero point 73.
    QCOMPARE(find<QLabel>("placeLabel")->text(),
             QStringLiteral("conv1.0 · channel 0 · code 38 → 73"));
    QVERIFY(find<ui::CodePlot>("transferPlot")->cursorText().contains(QStringLiteral("38 → 73")));
    const QAbstractItemModel* codes = find<QTableView>("codeTable")->model();
    QCOMPARE(codes->index(38, ui::CodeModel::OutputCode).data().toString(), QStringLiteral("73"));
    showPage("channelPage");
    const QAbstractItemModel* channels = find<QTableView>("channelTable")->model();
    bool found = false;
    for (int column = 0; column < channels->columnCount(); ++column)
        found = found
            || (channels->headerData(column, Qt::Horizontal).toString() == QStringLiteral("gamma")
                && channels->index(0, column).data().toString() == QStringLiteral("1"));
    QVERIFY(found);
}

void TestMainWindow::undoAndRedoBringEverythingBack()
{
    type("gamma", QStringLiteral("1"));
    type("outputScale", QStringLiteral("tensor([0.5])"));
    QCOMPARE(m_document->layer().output.scale, 0.5);
    trigger("undoAction");
    trigger("undoAction");
    QCOMPARE(find<ui::FloatEdit>("gamma")->text(), QStringLiteral("117.5"));
    QCOMPARE(find<ui::FloatEdit>("outputScale")->text(), QStringLiteral("5.280323505401611"));
    QVERIFY(!m_window->isWindowModified());
    QVERIFY(!find<QAction>("undoAction")->isEnabled());
    trigger("redoAction");
    QCOMPARE(find<ui::FloatEdit>("gamma")->text(), QStringLiteral("1"));
}

void TestMainWindow::theButtonsUndoAndRedo()
{
    auto* undo = find<QToolButton>("undoButton");
    auto* redo = find<QToolButton>("redoButton");
    QVERIFY(!undo->isEnabled() && !redo->isEnabled());
    type("gamma", QStringLiteral("1"));
    QVERIFY(undo->isEnabled());
    QVERIFY(undo->toolTip().contains(QStringLiteral("gamma")));
    QCOMPARE(undo->text(), QStringLiteral("Undo"));
    QTest::mouseClick(undo, Qt::LeftButton);
    QCOMPARE(find<ui::FloatEdit>("gamma")->text(), QStringLiteral("117.5"));
    QVERIFY(!undo->isEnabled());
    QTest::mouseClick(redo, Qt::LeftButton);
    QCOMPARE(find<ui::FloatEdit>("gamma")->text(), QStringLiteral("1"));
}

void TestMainWindow::theCodeIsFoundFromItsRealValue()
{
    m_document->selection().setCode(0);
    type("inputValue", QStringLiteral("0.29906651"));
    QCOMPARE(find<ui::IntEdit>("inputCode")->value(), 38);
    QVERIFY(!m_document->isModified()); // looking is no edit
}

void TestMainWindow::theNavigationChoosesChannelAndBackend()
{
    auto* channel = find<ui::IntEdit>("channelChooser");
    channel->setFocus();
    QTest::keyClick(channel, Qt::Key_Up);
    QCOMPARE(m_document->selection().channel(), 1);
    QCOMPARE(find<ui::FloatEdit>("gamma")->text(), QStringLiteral("96"));

    auto* backend = find<QComboBox>("backendChooser");
    backend->setFocus();
    QTest::keyClick(backend, Qt::Key_Down);
    QCOMPARE(m_document->experiment().backend, std::string("pytorch-nofma"));
    QVERIFY(!m_document->isModified());
}

void TestMainWindow::keysMoveChannelsLayersAndCodes()
{
    QVERIFY(opens(m_window->files(), dataPath(QStringLiteral("golden/ocr_quantized.json"))));
    for (const auto& [action, layer, channel, code] : {std::tuple{"nextChannelAction", 0, 1, 0},
                                                       {"nextCodeAction", 0, 1, 1},
                                                       {"nextLayerAction", 1, 1, 1},
                                                       {"previousChannelAction", 1, 0, 1},
                                                       {"previousChannelAction", 1, 0, 1},
                                                       {"previousLayerAction", 0, 0, 1},
                                                       {"previousCodeAction", 0, 0, 0}}) {
        trigger(action);
        QVERIFY2((m_document->selection().current() == Selection{layer, channel, code}), action);
    }
}

void TestMainWindow::aDroppedFileIsOpened()
{
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(dataPath(QStringLiteral("checkpoints/BatchNorm_layer.pt")))});
    QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(m_window.get(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(QPointF(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(m_window.get(), &drop);
    QTRY_VERIFY(m_window->windowTitle().startsWith(QStringLiteral("BatchNorm_layer.pt")));
}

namespace {

/// The example with observations, saved.
QString observedSession(const QTemporaryDir& folder, const std::optional<SavedView>& view = {})
{
    Model model = example_experiment().model;
    BatchNormLayer layer = *model.layers.front();
    layer.observations = {{2, 17, 200}, {0, 38, 52}};
    model.layers = {std::make_shared<const BatchNormLayer>(std::move(layer))};
    model.view = view;
    QString path = folder.filePath(QStringLiteral("observed.json"));
    if (save_session(model, path))
        QTest::qFail("a session that cannot be saved", __FILE__, __LINE__);
    return path;
}

} // namespace

void TestMainWindow::aSessionOpensAtItsFirstObservation()
{
    const QTemporaryDir folder;
    QCOMPARE(page(), QStringLiteral("codePage"));
    QVERIFY(opens(m_window->files(), observedSession(folder)));
    QCOMPARE(m_document->selection().channel(), 2);
    QCOMPARE(m_document->selection().code(), 17);
    QTRY_VERIFY(ui::canBeSeen(*find<QWidget>("explainPanel")));
    QVERIFY(!m_document->isModified());
    // Without observations the panels stay as they are.
    showPage("codePage");
    QTRY_VERIFY(!ui::canBeSeen(*find<QWidget>("explainPanel")));
    QVERIFY(opens(m_window->files(), dataPath(QStringLiteral("golden/ocr_quantized.json"))));
    QCoreApplication::processEvents();
    QVERIFY(!ui::canBeSeen(*find<QWidget>("explainPanel")));
}

void TestMainWindow::aCardOpensAtItsQuestion()
{
    const QTemporaryDir folder;
    const UnknownPair pair{Field::output_scale, Field::beta};
    QVERIFY(opens(
        m_window->files(),
        observedSession(folder,
                        SavedView{.layer = 0, .channel = 1, .input_code = 99, .unknowns = pair})));
    QTRY_VERIFY(ui::canBeSeen(*find<QWidget>("explainPanel")));
    QCOMPARE(m_document->selection().channel(), 1);
    QCOMPARE(m_document->selection().code(), 99);
    QVERIFY(m_document->unknowns() == pair);
}

void TestMainWindow::anEditMarksTheTitle()
{
    QVERIFY(!m_window->isWindowModified());
    type("beta", QStringLiteral("1"));
    QVERIFY(m_window->isWindowModified());
    trigger("undoAction");
    QVERIFY(!m_window->isWindowModified());
}

void TestMainWindow::f8VisitsTheDifferences()
{
    m_document->open(partingExperiment(20, 7), {});
    QTest::keyClick(m_window.get(), Qt::Key_F8);
    QCOMPARE(m_document->selection().channel(), 7);
    QCOMPARE(m_document->selection().code(), partingCode);
    m_document->selection().setChannel(12);
    QTest::keyClick(m_window.get(), Qt::Key_F8, Qt::ShiftModifier);
    QCOMPARE(m_document->selection().channel(), 7);

    m_document->open(example_experiment(), {}, {.code = 38});
    trigger("nextDifferenceAction");
    QCOMPARE(m_document->selection().code(), 38);
    QVERIFY(m_window->statusBar()->currentMessage().contains(QStringLiteral("agree")));
}

void TestMainWindow::tiesCanBeHidden()
{
    m_document->open(partingExperiment(2, 0), {});
    const QString near = QStringLiteral("near tie (1)");
    QVERIFY(find<QAction>("showTiesAction")->isChecked());
    QVERIFY(find<ui::CodePlot>("transferPlot")->legendTexts().contains(near));
    trigger("showTiesAction");
    QVERIFY(!find<ui::CodePlot>("transferPlot")->legendTexts().contains(near));
    QVERIFY(!find<ui::CodePlot>("errorPlot")->legendTexts().contains(near));

    m_window = std::make_unique<MainWindow>(*m_document, *m_settings, Memory::Keep);
    QVERIFY(!find<QAction>("showTiesAction")->isChecked());
    QVERIFY(!find<ui::CodePlot>("transferPlot")->legendTexts().contains(near));
}

void TestMainWindow::codesAndWhyAreInFront()
{
    const auto isSeen = [this](const char* name) { return ui::canBeSeen(*find<QWidget>(name)); };
    QVERIFY(isSeen("codeTable") && isSeen("backendTable"));
    QCOMPARE(page(), QStringLiteral("codePage"));
    // A difference leaves the tab to the user.
    showPage("findingPage");
    QVERIFY(isSeen("findingPanel") && !isSeen("codeTable"));
    m_document->open(partingExperiment(2, 0), {}, {.code = partingCode});
    QCoreApplication::processEvents();
    QVERIFY(isSeen("findingPanel") && !isSeen("codeTable"));
}

void TestMainWindow::aPanelBehindATabWaits()
{
    // What was never shown is not there.
    QVERIFY(m_window->findChild<QWidget*>(QStringLiteral("agreementMap")) == nullptr);
    showPage("agreementPage");
    const QString before = find<QWidget>("agreementMap")->accessibleName();
    showPage("codePage");
    m_document->selection().set({.channel = 1, .code = 7});
    QCOMPARE(find<QWidget>("agreementMap")->accessibleName(), before);
    showPage("agreementPage");
    QTRY_VERIFY(find<QWidget>("agreementMap")
                    ->accessibleName()
                    .startsWith(QStringLiteral("Agreement map: channel 1, code 7")));
    QVERIFY(find<QLabel>("agreementSentence")->text().contains(QStringLiteral("768 codes")));
}

void TestMainWindow::f6SkipsPanelsBehindATab()
{
    QSet<QString> reached;
    m_window->resize(1280, 800);
    showPage("agreementPage");
    showPage("codePage");
    for (int i = 0; i < 12; ++i) {
        trigger("nextPanelAction");
        for (const char* const name : {"pipelinePanel", "transferPlot", "errorPlot", "whyPanel",
                                       "codePanel", "agreementPanel"}) {
            const auto* panel = find<QWidget>(name);
            if (panel == QApplication::focusWidget()
                || panel->isAncestorOf(QApplication::focusWidget()))
                reached.insert(QLatin1String(name));
        }
    }
    QCOMPARE(reached,
             (QSet<QString>{QStringLiteral("pipelinePanel"), QStringLiteral("transferPlot"),
                            QStringLiteral("errorPlot"), QStringLiteral("whyPanel"),
                            QStringLiteral("codePanel")}));
}

void TestMainWindow::everyPageIsInTheViewMenu()
{
    auto* area = find<WorkArea>("workArea");
    const QList<QAction*> actions = find<QMenu>("viewMenu")->actions();
    for (const QString& name : area->pageNames()) {
        if (!area->isPageAvailable(name)) // there is one layer
            continue;
        const auto action = std::ranges::find(actions, area->pageTitle(name), &QAction::text);
        QVERIFY2(action != actions.end(), qPrintable(name));
        (*action)->trigger();
        QCOMPARE(page(), name);
        QVERIFY(area->page(name)->isVisible());
    }
}

void TestMainWindow::aPageMayTakeTheWholeHeight()
{
    auto* expand = find<QToolButton>("expandButton");
    const auto* plot = find<QWidget>("plotPanel");
    const int height = find<QTabWidget>("tabs")->height();
    QTest::mouseClick(expand, Qt::LeftButton);
    QTRY_VERIFY(!plot->isVisible());
    QTRY_VERIFY(find<QTabWidget>("tabs")->height() > height);
    // The others keep their height.
    showPage("channelPage");
    QVERIFY(plot->isVisible() && !expand->isChecked());
    showPage("codePage");
    QVERIFY(!plot->isVisible() && expand->isChecked());
    trigger("resetLayoutAction");
    QVERIFY(plot->isVisible());
}

void TestMainWindow::findingsAreCounted()
{
    const auto title = [this] {
        const auto* tabs = find<QTabWidget>("tabs");
        for (int i = 0; i < tabs->count(); ++i)
            if (tabs->tabText(i).startsWith(QStringLiteral("Findings")))
                return tabs->tabText(i);
        return QString();
    };
    const QString before = title();
    type("var", QStringLiteral("-1"));
    QVERIFY(title() != before);
    QVERIFY2(title().contains(u'('), qPrintable(title()));
    trigger("undoAction");
    QCOMPARE(title(), before);
}

void TestMainWindow::theVerdictIsNeverStale()
{
    QCOMPARE(verdict(),
             QStringLiteral("Code 38 (0.29906651) becomes 52 (-110.886795). All 6 compared "
                            "backends agree on all 768 codes of the layer."));
    type("gamma", QStringLiteral("1"));
    QVERIFY2(verdict().endsWith(QStringLiteral("73, was 52")), qPrintable(verdict()));
    m_document->open(partingExperiment(20, 7), {});
    QTest::keyClick(m_window.get(), Qt::Key_F8);
    QVERIFY2(verdict().contains(QStringLiteral(" differ")), qPrintable(verdict()));
    QVERIFY(!verdict().contains(QStringLiteral("was")));
}

void TestMainWindow::theVerdictLeadsToWhatIsMissing()
{
    m_document->editLayer(QStringLiteral("forget"), std::nullopt,
                          [](BatchNormLayer& layer) { layer.provenance.set(Field::beta, {}); });
    QVERIFY2(verdict().contains(QStringLiteral("nobody gave beta")), qPrintable(verdict()));
    QVERIFY(find<QLabel>("placeLabel")->text().endsWith(QStringLiteral("52, a placeholder")));
    auto* bar = find<QWidget>("verdict");
    QTest::mouseClick(bar, Qt::LeftButton, {}, QPoint(20, bar->height() / 2));
    QVERIFY(find<ui::FloatEdit>("beta")->hasFocus());
}

void TestMainWindow::lookingMarksNothingModified()
{
    auto* table = find<QTableView>("backendTable");
    for (const int row : {3, 2, 0, 4})
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {},
                          table->visualRect(table->model()->index(row, 0)).center());
    for (const QString& name : find<WorkArea>("workArea")->pageNames())
        showPage(name.toLatin1().constData());
    auto* plot = find<ui::CodePlot>("transferPlot");
    QTest::mouseDClick(plot, Qt::LeftButton, {}, plot->rect().center());
    QVERIFY(!m_window->isWindowModified());
    QCOMPARE(m_document->experiment().backend, std::string("pytorch"));
}

void TestMainWindow::allIsSeenInASmallWindow_data()
{
    QTest::addColumn<QSize>("size");
    QTest::newRow("1280 x 720") << QSize(1280, 720);
    QTest::newRow("1024 x 600") << QSize(1024, 600);
}

void TestMainWindow::allIsSeenInASmallWindow()
{
    QFETCH(QSize, size);
    m_window->resize(size);
    QCoreApplication::processEvents();
    QCOMPARE(m_window->size(), size);
    for (const char* const name :
         {"inputCode", "inputValue", "inputType", "inputScale", "inputZeroPoint", "mean", "var",
          "eps", "gamma", "beta", "outputScale", "outputZeroPoint", "outputType", "relu", "verdict",
          "transferPlot", "whySentence", "tabs"}) {
        const auto* widget = find<QWidget>(name);
        QVERIFY2(widget->visibleRegion().boundingRect() == widget->rect(), name);
    }
}

void TestMainWindow::noTextMakesTheWindowLarger()
{
    m_window->resize(1280, 720);
    m_document->open(partingExperiment(20, 7), {});
    for (int i = 0; i < 5; ++i)
        QTest::keyClick(m_window.get(), Qt::Key_F8);
    m_document->setValue(Field::gamma, 0, -1.2345678901e38);
    m_document->setValue(Field::var, 0, -1);
    QCoreApplication::processEvents();
    QCOMPARE(m_window->size(), QSize(1280, 720));
    QVERIFY(m_window->minimumSizeHint().height() <= 600);
    QVERIFY(m_window->minimumSizeHint().width() <= 1024);
}

void TestMainWindow::aShrunkWindowGrowsBack()
{
    m_window->resize(1400, 900);
    QCoreApplication::processEvents();
    const auto places = [this] {
        QList<QRect> found;
        for (const char* const name :
             {"pipelinePanel", "transferPlot", "whyPanel", "tabs", "gamma"}) {
            const auto* widget = find<QWidget>(name);
            found << QRect(widget->mapTo(m_window.get(), QPoint()), widget->size());
        }
        return found;
    };
    const QList<QRect> before = places();
    for (const QSize size : {QSize(1024, 600), QSize(700, 500), QSize(1400, 900)}) {
        m_window->resize(size);
        QCoreApplication::processEvents();
    }
    QCOMPARE(places(), before);
}

void TestMainWindow::theLayoutIsRemembered()
{
    showPage("findingPage");
    find<ShareSplitter>("upper")->setShares({40, 60});
    // Within the offscreen screen of 800 x 800: from Qt 6.8 on no restored window is larger than its screen.
    m_window->resize(760, 700);
    const QSize size = m_window->size(); // its least width may be more
    QVERIFY(m_window->close());
    m_window = std::make_unique<MainWindow>(*m_document, *m_settings, Memory::Keep);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    QCOMPARE(page(), QStringLiteral("findingPage"));
    QCOMPARE(find<ShareSplitter>("upper")->shares(), (QList<int>{40, 60}));
    QCOMPARE(m_window->size(), size);
}

void TestMainWindow::everyActionHasItsKeyOnce()
{
    QMap<QKeySequence, QString> taken;
    for (const QAction* action : m_window->findChildren<QAction*>()) {
        for (const QKeySequence& key : action->shortcuts()) {
            if (action->shortcutContext() == Qt::WidgetShortcut
                || action->shortcutContext() == Qt::WidgetWithChildrenShortcut)
                continue; // of a table: the same key in each
            QVERIFY2(!taken.contains(key),
                     qPrintable(key.toString() + u' ' + action->text() + u' ' + taken.value(key)));
            taken.insert(key, action->text());
        }
    }
    QVERIFY(taken.size() > 12);
}

void TestMainWindow::noFieldSwallowsAMenusKey()
{
    // A line edit claims keys such as Ctrl+E (the end of the line) before the menu sees them.
    auto* edit = find<ui::FloatEdit>("gamma");
    edit->setFocus();
    for (const QAction* action : m_window->findChildren<QAction*>()) {
        if (action->objectName().isEmpty() || action->shortcutContext() != Qt::WindowShortcut)
            continue;
        for (const QKeySequence& key : action->shortcuts()) {
            QKeyEvent press(QEvent::ShortcutOverride, key[0].key(), key[0].keyboardModifiers());
            press.ignore();
            QApplication::sendEvent(edit, &press);
            QVERIFY2(!press.isAccepted(), qPrintable(key.toString()));
        }
    }
}

void TestMainWindow::theWheelNeedsTheFocus()
{
    QVERIFY(opens(m_window->files(), dataPath(QStringLiteral("golden/ocr_quantized.json"))));
    showPage("stepsPage");
    find<QWidget>("gamma")->setFocus();
    const Experiment before = m_document->experiment();
    const Selection selection = m_document->selection().current();
    const auto turn = [](QWidget* widget) {
        const QPointF place = widget->rect().center();
        QWheelEvent wheel(place, widget->mapToGlobal(place), {}, {0, -120}, Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(widget, &wheel);
    };
    int boxes = 0;
    for (auto* box : m_window->findChildren<QComboBox*>()) {
        QVERIFY2(box->focusPolicy() != Qt::WheelFocus, qPrintable(box->objectName()));
        turn(box);
        ++boxes;
    }
    QVERIFY(boxes >= 5); // layer, backend, two types, the other backend
    for (const char* const name : {"channelChooser", "inputCode", "inputZeroPoint", "mean"})
        turn(find<QWidget>(name));
    QVERIFY(m_document->experiment() == before);
    QCOMPARE(m_document->selection().current(), selection);
    auto* layers = find<QComboBox>("layerChooser");
    layers->setFocus();
    turn(layers);
    QCOMPARE(m_document->selection().layer(), 1);
}

void TestMainWindow::aClickBelowATableKeepsItsRow()
{
    showPage("channelPage");
    auto* table = find<QTableView>("channelTable");
    const int below = table->viewport()->height() - 2;
    QVERIFY(!table->indexAt(QPoint(20, below)).isValid());
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, QPoint(20, below));
    QVERIFY(table->selectionModel()->isRowSelected(0));
    QCOMPARE(m_document->selection().channel(), 0);
}

void TestMainWindow::everyControlHasNameTipAndTabOrder()
{
    for (const QString& name : find<WorkArea>("workArea")->pageNames()) {
        showPage(name.toLatin1().constData());
        checkControls();
    }
}

void TestMainWindow::everyFieldsLabelIsExplained()
{
    int labels = 0;
    for (const char* const place : {"pipelinePanel", "navigationBar"}) {
        for (const auto* label : find<QWidget>(place)->findChildren<QLabel*>()) {
            if (label->buddy() == nullptr && label->objectName() != QStringLiteral("title"))
                continue;
            QVERIFY2(label->toolTip().endsWith(u'.'), qPrintable(label->text()));
            ++labels;
        }
    }
    QCOMPARE(labels, 2 + 11 + 6 + 3); // code and value, fields but ReLU, cards, the bar
}

void TestMainWindow::checkControls()
{
    for (const QWidget* widget : m_window->findChildren<QWidget*>()) {
        const bool isPartOfAnother = widget->focusProxy()
            || widget->objectName().startsWith(QStringLiteral("qt_"))
            || qobject_cast<QTabBar*>(widget->parentWidget()) // its buttons to scroll
            || !widget->isVisibleTo(m_window.get());
        if (isPartOfAnother || !(widget->focusPolicy() & Qt::TabFocus))
            continue;
        const QByteArray which
            = QByteArray(widget->metaObject()->className()) + ' ' + widget->objectName().toUtf8();
        QVERIFY2(!widget->objectName().isEmpty(), which.constData());
        QVERIFY2(!widget->accessibleName().isEmpty(), which.constData());
        QVERIFY2(!widget->toolTip().isEmpty(), which.constData());
    }
}

QBN_TEST(TestMainWindow)
#include "tst_main_window.moc"
