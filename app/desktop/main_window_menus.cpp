// The menus of MainWindow, but for Go.

#include "app/desktop/main_window.h"

#include "app/desktop/code_actions.h"
#include "app/desktop/observation_actions.h"
#include "app/desktop/work_area.h"
#include "ui/look/plain_text.h"
#include "ui/look/text_zoom.h"
#include "ui/look/theme.h"
#include "ui/panels/fold/fold_dialog.h"
#include "ui/panels/plots/code_plot.h"
#include "ui/panels/plots/plot_panel.h"
#include "ui/plot/plot_menu.h"

#include <QActionGroup>
#include <QApplication>
#include <QDir>
#include <QFileInfo>
#include <QMenuBar>
#include <QStatusBar>

namespace qbn::desktop {

namespace {

constexpr int zoomStep = 10; ///< percent

} // namespace

QAction* MainWindow::addAction(QMenu* menu, const QString& name, const QString& text,
                               const QKeySequence& shortcut)
{
    QAction* action = menu->addAction(text);
    action->setObjectName(name);
    action->setShortcut(shortcut);
    // Before what the action does, which goes by what is typed. Connected first, called first.
    connect(action, &QAction::triggered, &m_document, &ui::Document::commitPending);
    return action;
}

/// Of the undo stack, which names what comes back and knows whether there is something; but the
/// document does it.
QAction* MainWindow::addUndoAction(QAction* action, const QString& name,
                                   const QList<QKeySequence>& shortcuts,
                                   void (ui::Document::*slot)())
{
    action->disconnect(&m_document.undoStack());
    action->setObjectName(name);
    action->setShortcuts(shortcuts);
    connect(action, &QAction::triggered, &m_document, slot);
    return action;
}

void MainWindow::addFileMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&File"));
    menu->setObjectName(QStringLiteral("fileMenu"));
    const auto add
        = [this, menu](const QString& name, const QString& text, const QString& keys, auto slot) {
              connect(addAction(menu, name, text, QKeySequence(keys)), &QAction::triggered, m_files,
                      slot);
          };
    add(QStringLiteral("newAction"), tr("&New layer…"), tr("Ctrl+N"), &FileActions::newModel);
    QAction* open = addAction(menu, QStringLiteral("openAction"), tr("&Open…"), QKeySequence::Open);
    connect(open, &QAction::triggered, m_files, &FileActions::openWithDialog);
    QMenu* recent = menu->addMenu(tr("Open &recent"));
    recent->setObjectName(QStringLiteral("recentMenu"));
    connect(recent, &QMenu::aboutToShow, this, [this, recent] { fillRecentMenu(recent); });
    add(QStringLiteral("reopenAction"), tr("Reopen &last"), tr("Ctrl+Shift+T"),
        &FileActions::reopenLast);
    QAction* example
        = addAction(menu, QStringLiteral("openExampleAction"), tr("Open e&xample"), {});
    connect(example, &QAction::triggered, m_files, &FileActions::openExample);
    add(QStringLiteral("closeAction"), tr("&Close"), tr("Ctrl+W"), &FileActions::close);
    menu->addSeparator();
    QAction* save = addAction(menu, QStringLiteral("saveAction"), tr("&Save"), QKeySequence::Save);
    connect(save, &QAction::triggered, m_files, &FileActions::save);
    QAction* saveAs = addAction(menu, QStringLiteral("saveAsAction"), tr("Save &as…"),
                                QKeySequence(tr("Ctrl+Shift+S")));
    connect(saveAs, &QAction::triggered, m_files, &FileActions::saveAs);
    menu->addSeparator();

    addActivationActions(menu);
    QMenu* csv = menu->addMenu(tr("&Export CSV"));
    csv->setObjectName(QStringLiteral("exportCsvMenu"));
    QAction* layer = addAction(csv, QStringLiteral("exportLayerCsvAction"), tr("This &layer…"),
                               QKeySequence(tr("Ctrl+Shift+E")));
    connect(layer, &QAction::triggered, this,
            [this] { m_files->exportCsv({.layer = m_document.selection().layer()}); });
    QAction* channel
        = addAction(csv, QStringLiteral("exportChannelCsvAction"), tr("This &channel…"), {});
    connect(channel, &QAction::triggered, this, [this] {
        m_files->exportCsv(
            {.layer = m_document.selection().layer(), .channel = m_document.selection().channel()});
    });
    QAction* everything
        = addAction(csv, QStringLiteral("exportAllCsvAction"), tr("&All layers…"), {});
    connect(everything, &QAction::triggered, this, [this] { m_files->exportCsv({}); });

    addExportPlotMenu(menu);
    menu->addSeparator();
    QAction* quit = addAction(menu, QStringLiteral("quitAction"), tr("&Quit"), QKeySequence::Quit);
    quit->setMenuRole(QAction::QuitRole);
    connect(quit, &QAction::triggered, this, &QWidget::close);
}

void MainWindow::addExportPlotMenu(QMenu* menu)
{
    QMenu* plots = menu->addMenu(tr("Export &plot"));
    plots->setObjectName(QStringLiteral("exportPlotMenu"));
    auto* dark = new QAction(tr("In &dark colours"), plots);
    dark->setObjectName(QStringLiteral("exportDarkAction"));
    dark->setCheckable(true);
    for (const auto& [name, shown] :
         {std::pair{QStringLiteral("exportTransferPlotAction"), m_area->plots()->transferPlot()},
          std::pair{QStringLiteral("exportErrorPlotAction"), m_area->plots()->errorPlot()}}) {
        QAction* action = addAction(plots, name, shown->caption() + QStringLiteral("…"), {});
        connect(action, &QAction::triggered, this,
                [this, dark, what = shown] { m_files->exportPlot(*what, dark->isChecked()); });
        ui::addPlotMenu(*shown, [this, dark, what = shown](const QString& suffix) {
            m_files->exportPlot(*what, dark->isChecked(), suffix);
        });
    }
    plots->addSeparator();
    plots->addAction(dark);
}

void MainWindow::fillRecentMenu(QMenu* menu)
{
    menu->clear();
    for (const QString& path : m_settings.recentFiles()) {
        QAction* action = menu->addAction(
            ui::shownText(QDir::toNativeSeparators(path)).replace(u'&', QStringLiteral("&&")));
        action->setEnabled(QFileInfo::exists(path));
        connect(action, &QAction::triggered, m_files, [this, path] { m_files->open(path); });
    }
    if (menu->isEmpty())
        menu->addAction(tr("No recent files"))->setEnabled(false);
    menu->addSeparator();
    connect(menu->addAction(tr("&Clear list")), &QAction::triggered, this,
            [this] { m_settings.clearRecentFiles(); });
}

void MainWindow::addEditMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Edit"));
    menu->setObjectName(QStringLiteral("editMenu"));
    const QUndoStack& stack = m_document.undoStack();
    menu->addAction(
        addUndoAction(stack.createUndoAction(this, tr("&Undo")), QStringLiteral("undoAction"),
                      QKeySequence::keyBindings(QKeySequence::Undo), &ui::Document::undo));
    menu->addAction(addUndoAction(
        stack.createRedoAction(this, tr("&Redo")), QStringLiteral("redoAction"),
        {QKeySequence(tr("Ctrl+Shift+Z")), QKeySequence(tr("Ctrl+Y"))}, &ui::Document::redo));
    menu->addSeparator();
    QAction* paste = addAction(menu, QStringLiteral("pasteAction"), tr("Paste from &PyTorch"),
                               QKeySequence(tr("Ctrl+Shift+V")));
    connect(paste, &QAction::triggered, m_observations, &ObservationActions::paste);
    QAction* preview = addAction(menu, QStringLiteral("previewPasteAction"),
                                 tr("Show what is pasted &first"), {});
    preview->setCheckable(true);
    preview->setChecked(m_settings.pastePreviewed());
    connect(preview, &QAction::toggled, this,
            [this](bool wanted) { m_settings.setPastePreviewed(wanted); });
    connect(m_observations, &ObservationActions::previewed, preview,
            [this, preview] { preview->setChecked(m_settings.pastePreviewed()); });
    QAction* question = addAction(menu, QStringLiteral("copyQuestionAction"),
                                  tr("Copy as &question"), QKeySequence(tr("Ctrl+Shift+C")));
    connect(question, &QAction::triggered, m_observations, &ObservationActions::copyQuestion);
    QAction* snippet = addAction(menu, QStringLiteral("copySnippetAction"),
                                 tr("Copy a s&nippet for my notebook"), {});
    connect(snippet, &QAction::triggered, m_code, &CodeActions::copySnippet);
    addCopyAsMenu(menu);
    QAction* load
        = addAction(menu, QStringLiteral("loadObservationsAction"), tr("Load &observations…"), {});
    connect(load, &QAction::triggered, m_observations, &ObservationActions::loadWithDialog);
}

/// The selected layer as code that computes what the chosen backend computes.
void MainWindow::addCopyAsMenu(QMenu* menu)
{
    QMenu* formats = menu->addMenu(tr("Copy &layer as"));
    formats->setObjectName(QStringLiteral("copyAsMenu"));
    for (const CodeFormatName& name : all_code_formats()) {
        const auto text = [](std::string_view word) {
            return QString::fromUtf8(word.data(), static_cast<qsizetype>(word.size()));
        };
        QAction* action
            = addAction(formats, QStringLiteral("copyAs-") + text(name.id), text(name.title), {});
        connect(action, &QAction::triggered, m_code,
                [this, format = name.format] { m_code->copyAs(format); });
    }
}

void MainWindow::addViewMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&View"));
    menu->setObjectName(QStringLiteral("viewMenu"));
    for (const QString& name : m_area->pageNames()) {
        QAction* action = menu->addAction(m_area->pageTitle(name));
        connect(action, &QAction::triggered, this, [this, name] { m_area->showPage(name); });
        connect(menu, &QMenu::aboutToShow, action,
                [this, action, name] { action->setEnabled(m_area->isPageAvailable(name)); });
    }
    menu->addSeparator();
    addTiesAction(menu);
    QMenu* themes = menu->addMenu(tr("&Theme"));
    themes->setObjectName(QStringLiteral("themeMenu"));
    auto* group = new QActionGroup(themes);
    for (const auto& [theme, text] :
         {std::pair{ui::Theme::System, tr("&As the desktop")},
          std::pair{ui::Theme::Light, tr("&Light")}, std::pair{ui::Theme::Dark, tr("&Dark")}}) {
        QAction* action = group->addAction(themes->addAction(text));
        action->setCheckable(true);
        action->setChecked(theme == m_settings.theme());
        connect(action, &QAction::triggered, this, [this, chosen = theme] {
            m_settings.setTheme(chosen);
            ui::applyTheme(*qApp, chosen);
        });
    }
    addTextZoom(menu);
    QAction* reset = addAction(menu, QStringLiteral("resetLayoutAction"), tr("&Reset layout"), {});
    connect(reset, &QAction::triggered, this, &MainWindow::resetLayout);
}

void MainWindow::addTextZoom(QMenu* menu)
{
    QMenu* zoom = menu->addMenu(tr("Te&xt size"));
    zoom->setObjectName(QStringLiteral("textZoomMenu"));
    const auto add = [this, zoom](const QString& name, const QString& text,
                                  const QList<QKeySequence>& keys, auto percent) {
        QAction* action = addAction(zoom, name, text, {});
        action->setShortcuts(keys);
        connect(action, &QAction::triggered, this, [this, percent] {
            ui::setTextZoom(percent());
            m_settings.setTextZoom(ui::textZoom());
            fitPlace();
            say(tr("Text size %1 %").arg(ui::textZoom()));
        });
    };
    add(QStringLiteral("textLargerAction"), tr("&Larger"),
        {QKeySequence(tr("Ctrl++")), QKeySequence(tr("Ctrl+="))},
        [] { return ui::textZoom() + zoomStep; });
    add(QStringLiteral("textSmallerAction"), tr("&Smaller"), {QKeySequence(tr("Ctrl+-"))},
        [] { return ui::textZoom() - zoomStep; });
    add(QStringLiteral("textNormalAction"), tr("&Normal"), {QKeySequence(tr("Ctrl+0"))},
        [] { return 100; });
}

void MainWindow::addTiesAction(QMenu* menu)
{
    QAction* ties = addAction(menu, QStringLiteral("showTiesAction"), tr("Show t&ies"), {});
    ties->setCheckable(true);
    ties->setChecked(m_settings.tiesShown());
    const auto show = [this](bool shown) {
        for (ui::CodePlot* plot : {m_area->plots()->transferPlot(), m_area->plots()->errorPlot()})
            plot->setTiesShown(shown);
    };
    if (!ties->isChecked())
        show(false);
    connect(ties, &QAction::toggled, this, show);
    connect(ties, &QAction::toggled, this, [this](bool shown) { m_settings.setTiesShown(shown); });
}

void MainWindow::addToolsMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Tools"));
    menu->setObjectName(QStringLiteral("toolsMenu"));
    QAction* fold
        = addAction(menu, QStringLiteral("foldAction"), tr("&Fold into the convolution…"), {});
    connect(fold, &QAction::triggered, this, &MainWindow::showFoldDialog);
    QAction* check
        = addAction(menu, QStringLiteral("checkPythonAction"), tr("&Check my PyTorch…"), {});
    connect(check, &QAction::triggered, m_code, &CodeActions::checkPython);
}

/// One dialog, made when it is wanted first, so that what was entered in it stays.
void MainWindow::showFoldDialog()
{
    auto* dialog = findChild<ui::FoldDialog*>();
    if (dialog == nullptr) {
        dialog = new ui::FoldDialog(m_document, this);
        connect(dialog, &ui::FoldDialog::helpRequested, this, &MainWindow::showHelp);
    }
    dialog->show();
    dialog->raise();
    dialog->activateWindow();
}

} // namespace qbn::desktop
