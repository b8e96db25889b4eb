#include "app/desktop/main_window.h"
#include "core/formats/session/session_json.h"
#include "tests/support/golden.h"
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
#include <QDockWidget>
#include <QLabel>
#include <QMenuBar>
#include <QMimeData>
#include <QStandardPaths>
#include <QStatusBar>
#include <QTabBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

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
    void typingAValueChangesEveryView();
    void undoAndRedoBringEverythingBack();
    void theButtonsUndoAndRedo();
    void theCodeIsFoundFromItsRealValue();
    void theNavigationChoosesChannelAndBackend();
    void keysMoveChannelsLayersAndCodes();
    void aDroppedFileIsOpened();
    void aSessionOpensAtItsFirstObservation();
    void aHiddenExplainPanelStaysHidden();
    void aCardOpensAtItsQuestion();
    void anEditMarksTheTitle();
    void f8VisitsTheDifferences();
    void tiesCanBeHidden();
    void codesAndWhyAreInFront();
    void aPanelBehindATabWaits();
    void f6SkipsPanelsBehindATab();
    void panelsCanBeClosedAndComeBack();
    void aPanelBehindATabComesToTheFront();
    void theLayoutIsRemembered();
    void everyActionHasItsKeyOnce();
    void noFieldSwallowsAMenusKey();
    void aClickBelowATableKeepsItsRow();
    void everyControlHasNameTipAndTabOrder();

private:
    template <typename Widget> Widget* find(const char* name)
    {
        auto* widget = m_window->findChild<Widget*>(QLatin1String(name));
        if (!widget)
            QTest::qFail(name, __FILE__, __LINE__);
        return widget;
    }
    void type(const char* name, const QString& text);
    QString shown(const char* card, const char* part);
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

void TestMainWindow::typingAValueChangesEveryView()
{
    type("gamma", QStringLiteral("1"));
    // y = -0.944 / 5.28 rounds to 0: every code near 38 gives the zero point 73.
    QCOMPARE(find<QLabel>("placeLabel")->text(),
             QStringLiteral("conv1.0 · channel 0 · code 38 → 73"));
    QVERIFY(find<ui::CodePlot>("transferPlot")->cursorText().contains(QStringLiteral("38 → 73")));
    const QAbstractItemModel* codes = find<QTableView>("codeTable")->model();
    QCOMPARE(codes->index(38, ui::CodeModel::OutputCode).data().toString(), QStringLiteral("73"));
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
    QVERIFY(m_window->files().open(dataPath(QStringLiteral("golden/ocr_quantized.json"))));
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
    const QString path = folder.filePath(QStringLiteral("observed.json"));
    if (save_session(model, path))
        QTest::qFail("a session that cannot be saved", __FILE__, __LINE__);
    return path;
}

} // namespace

void TestMainWindow::aSessionOpensAtItsFirstObservation()
{
    const QTemporaryDir folder;
    QVERIFY(!ui::canBeSeen(*find<QWidget>("explainPanel")));
    QVERIFY(m_window->files().open(observedSession(folder)));
    QCOMPARE(m_document->selection().channel(), 2);
    QCOMPARE(m_document->selection().code(), 17);
    QTRY_VERIFY(ui::canBeSeen(*find<QWidget>("explainPanel")));
    QVERIFY(!m_document->isModified());
    // Without observations the panels stay as they are.
    find<QDockWidget>("codeDock")->raise();
    QTRY_VERIFY(!ui::canBeSeen(*find<QWidget>("explainPanel")));
    QVERIFY(m_window->files().open(dataPath(QStringLiteral("golden/ocr_quantized.json"))));
    QCoreApplication::processEvents();
    QVERIFY(!ui::canBeSeen(*find<QWidget>("explainPanel")));
}

void TestMainWindow::aHiddenExplainPanelStaysHidden()
{
    const QTemporaryDir folder;
    find<QDockWidget>("explainDock")->close();
    m_window->close();
    m_window = std::make_unique<MainWindow>(*m_document, *m_settings, Memory::Keep);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    QVERIFY(m_window->files().open(observedSession(folder)));
    QCoreApplication::processEvents();
    QVERIFY(find<QDockWidget>("explainDock")->isHidden());
    QCOMPARE(m_document->selection().code(), 17);
}

void TestMainWindow::aCardOpensAtItsQuestion()
{
    const QTemporaryDir folder;
    const UnknownPair pair{Field::output_scale, Field::beta};
    QVERIFY(m_window->files().open(observedSession(
        folder, SavedView{.layer = 0, .channel = 1, .input_code = 99, .unknowns = pair})));
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
    QVERIFY(isSeen("codeTable") && isSeen("whyTable"));
    QVERIFY(!isSeen("agreementMap") && !isSeen("findingPanel"));
    // A difference leaves the tab to the user.
    find<QDockWidget>("findingDock")->raise();
    QTRY_VERIFY(isSeen("findingPanel") && !isSeen("whyTable"));
    m_document->open(partingExperiment(2, 0), {}, {.code = partingCode});
    QCoreApplication::processEvents();
    QVERIFY(isSeen("findingPanel") && !isSeen("whyTable"));
}

void TestMainWindow::aPanelBehindATabWaits()
{
    const QString before = find<QWidget>("agreementMap")->accessibleName();
    m_document->selection().set({.channel = 1, .code = 7});
    QCOMPARE(find<QWidget>("agreementMap")->accessibleName(), before);
    find<QDockWidget>("agreementDock")->raise();
    QTRY_VERIFY(find<QWidget>("agreementMap")
                    ->accessibleName()
                    .startsWith(QStringLiteral("Agreement map: channel 1, code 7")));
    QVERIFY(find<QLabel>("agreementSentence")->text().contains(QStringLiteral("768 codes")));
}

void TestMainWindow::f6SkipsPanelsBehindATab()
{
    QSet<QString> reached;
    for (int i = 0; i < 12; ++i) {
        trigger("nextPanelAction");
        for (const auto* dock : m_window->findChildren<QDockWidget*>())
            if (dock->isAncestorOf(QApplication::focusWidget()))
                reached.insert(dock->objectName());
    }
    QVERIFY(reached.contains(QStringLiteral("whyDock")));
    QVERIFY(reached.contains(QStringLiteral("codeDock")));
    QVERIFY(!reached.contains(QStringLiteral("findingDock")));
    QVERIFY(!reached.contains(QStringLiteral("agreementDock")));
}

void TestMainWindow::panelsCanBeClosedAndComeBack()
{
    // These come when they are asked for.
    const QStringList hidden{QStringLiteral("helpDock"), QStringLiteral("auditDock"),
                             QStringLiteral("layerDock")};
    const auto atFirst
        = [&hidden](const QDockWidget* dock) { return !hidden.contains(dock->objectName()); };
    for (auto* dock : m_window->findChildren<QDockWidget*>()) {
        if (atFirst(dock))
            dock->raise(); // one behind a tab is not visible
        QTRY_VERIFY2(dock->isVisible() == atFirst(dock), qPrintable(dock->objectName()));
        if (!dock->toggleViewAction()->isEnabled())
            continue; // there is one layer
        dock->toggleViewAction()->trigger();
        QVERIFY2(dock->isVisible() != atFirst(dock), qPrintable(dock->objectName()));
    }
    trigger("resetLayoutAction");
    for (auto* dock : m_window->findChildren<QDockWidget*>())
        QVERIFY2(dock->isHidden() != atFirst(dock), qPrintable(dock->objectName()));
}

void TestMainWindow::aPanelBehindATabComesToTheFront()
{
    const auto* codes = find<QTableView>("codeTable");
    const auto* audit = find<QTableView>("auditTable");
    QVERIFY(!codes->visibleRegion().isEmpty());
    find<QDockWidget>("auditDock")->toggleViewAction()->trigger();
    QTRY_VERIFY(!audit->visibleRegion().isEmpty());
    QTRY_VERIFY(codes->visibleRegion().isEmpty());
    QCOMPARE(audit->model()->rowCount(), 3);
}

void TestMainWindow::theLayoutIsRemembered()
{
    find<QDockWidget>("findingDock")->close();
    // Within the offscreen screen of 800 x 800: from Qt 6.8 on no restored window is larger than its screen.
    m_window->resize(760, 700);
    const QSize size = m_window->size(); // its least width may be more
    QVERIFY(m_window->close());
    m_window = std::make_unique<MainWindow>(*m_document, *m_settings, Memory::Keep);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    QVERIFY(!find<QDockWidget>("findingDock")->isVisible());
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

void TestMainWindow::aClickBelowATableKeepsItsRow()
{
    auto* table = find<QTableView>("channelTable");
    const int below = table->viewport()->height() - 2;
    QVERIFY(!table->indexAt(QPoint(20, below)).isValid());
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, QPoint(20, below));
    QVERIFY(table->selectionModel()->isRowSelected(0));
    QCOMPARE(m_document->selection().channel(), 0);
}

void TestMainWindow::everyControlHasNameTipAndTabOrder()
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
