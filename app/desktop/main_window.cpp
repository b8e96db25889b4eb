#include "app/desktop/main_window.h"

#include "app/desktop/code_actions.h"
#include "app/desktop/navigation_bar.h"
#include "app/desktop/observation_actions.h"
#include "app/desktop/work_bar.h"
#include "ui/document/difference_search.h"
#include "ui/look/plain_text.h"
#include "ui/panels/agreement/agreement_panel.h"
#include "ui/panels/audit/audit_panel.h"
#include "ui/panels/backends/backend_panel.h"
#include "ui/panels/backends/why_panel.h"
#include "ui/panels/codes/channel_panel.h"
#include "ui/panels/codes/code_panel.h"
#include "ui/panels/codes/finding_panel.h"
#include "ui/panels/explain/explain_panel.h"
#include "ui/panels/formula/formula_panel.h"
#include "ui/panels/help/help_panel.h"
#include "ui/panels/layers/layer_panel.h"
#include "ui/panels/parameters/parameter_panel.h"
#include "ui/panels/pipeline/pipeline_panel.h"
#include "ui/panels/plots/error_plot.h"
#include "ui/panels/plots/transfer_plot.h"

#include <QChildEvent>
#include <QCloseEvent>
#include <QDockWidget>
#include <QDropEvent>
#include <QLabel>
#include <QMimeData>
#include <QScreen>
#include <QSplitter>
#include <QStatusBar>
#include <QTabBar>

namespace qbn::desktop {

MainWindow::MainWindow(ui::Document& document, Settings& settings, Memory memory, QWidget* parent)
    : QMainWindow(parent)
    , m_document(document)
    , m_settings(settings)
    , m_memory(memory)
    , m_files(new FileActions(document, settings, this))
    , m_observations(new ObservationActions(document, settings, this))
    , m_code(new CodeActions(document, settings, this))
    , m_search(new ui::DifferenceSearch(document, this))
{
    setObjectName(QStringLiteral("mainWindow"));
    setAcceptDrops(true);
    setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks);
    addPanels();
    addExplainPanel();
    addLayerPanel();
    addFileMenu();
    addEditMenu();
    addViewMenu();
    addGoMenu();
    addToolsMenu();
    addHelpMenu();
    addToolBars();

    m_place = ui::plainLabel(this);
    m_place->setObjectName(QStringLiteral("placeLabel"));
    fitPlace();
    m_place->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    statusBar()->addPermanentWidget(new WorkBar(m_document.works(), this));
    statusBar()->addPermanentWidget(m_place);
    // What was said of another place is not left standing.
    connect(&m_document, &ui::Document::changed, statusBar(), &QStatusBar::clearMessage);
    connect(&m_document.selection(), &ui::SelectionModel::changed, statusBar(),
            &QStatusBar::clearMessage);
    connect(m_search, &ui::DifferenceSearch::said, this,
            [this](const QString& sentence) { statusBar()->showMessage(sentence); });
    connect(m_files, &FileActions::said, this,
            [this](const QString& sentence) { statusBar()->showMessage(sentence, 5000); });
    connect(m_files, &FileActions::titleChanged, this, &MainWindow::updateTitle);
    connect(&m_document.undoStack(), &QUndoStack::cleanChanged, this,
            [this](bool clean) { setWindowModified(!clean); });
    connect(&m_document, &ui::Document::changed, this, &MainWindow::updateStatus);
    connect(&m_document.selection(), &ui::SelectionModel::changed, this, &MainWindow::updateStatus);
    updateTitle();
    updateStatus();
    // The frame that the window manager adds has to find room as well.
    const QSize room = screen()->availableSize() - QSize(16, 48);
    resize(QSize(1440, 900).boundedTo(room));
    m_firstState = saveState();
    if (m_memory == Memory::Keep) {
        restoreGeometry(m_settings.windowGeometry());
        m_plots->restoreState(m_settings.plotSplitter());
        m_arranged = restoreState(m_settings.windowState());
        followLayers();
    }
}

QDockWidget* MainWindow::addDock(const QString& name, const QString& title, QWidget* panel,
                                 Qt::DockWidgetArea area)
{
    auto* dock = new QDockWidget(title, this);
    dock->setObjectName(name);
    dock->setWidget(panel);
    addDockWidget(area, dock);
    m_docks << dock;
    // Shown, but behind another tab, it would not be seen.
    connect(dock->toggleViewAction(), &QAction::triggered, dock, [dock](bool shown) {
        if (shown)
            dock->raise();
    });
    return dock;
}

void MainWindow::addPanels()
{
    setCorner(Qt::TopLeftCorner, Qt::LeftDockWidgetArea);
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    setCorner(Qt::TopRightCorner, Qt::TopDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    addDock(QStringLiteral("parameterDock"), tr("Parameters"),
            new ui::ParameterPanel(m_document, this), Qt::LeftDockWidgetArea);
    auto* pipeline = new ui::PipelinePanel(m_document, this);
    connect(pipeline, &ui::PipelinePanel::helpRequested, this, &MainWindow::showHelp);
    addDock(QStringLiteral("pipelineDock"), tr("From input code to output code"), pipeline,
            Qt::TopDockWidgetArea);

    m_plots = new QSplitter(Qt::Horizontal, this);
    m_plots->setObjectName(QStringLiteral("plots"));
    m_transferPlot = new ui::TransferPlot(m_document, m_plots);
    m_errorPlot = new ui::ErrorPlot(m_document, m_plots);
    setCentralWidget(m_plots);

    QDockWidget* codes = addDock(QStringLiteral("codeDock"), tr("Codes"),
                                 new ui::CodePanel(m_document, this), Qt::BottomDockWidgetArea);
    tabifyDockWidget(codes,
                     addDock(QStringLiteral("agreementDock"), tr("Agreement"),
                             new ui::AgreementPanel(m_document, this), Qt::BottomDockWidgetArea));
    tabifyDockWidget(codes,
                     addDock(QStringLiteral("formulaDock"), tr("Formula"),
                             new ui::FormulaPanel(m_document, this), Qt::BottomDockWidgetArea));
    addDock(QStringLiteral("channelDock"), tr("Channels"), new ui::ChannelPanel(m_document, this),
            Qt::LeftDockWidgetArea);
    addDock(QStringLiteral("backendDock"), tr("Backends"), new ui::BackendPanel(m_document, this),
            Qt::RightDockWidgetArea);
    QDockWidget* why = addDock(QStringLiteral("whyDock"), tr("Why"),
                               new ui::WhyPanel(m_document, this), Qt::RightDockWidgetArea);
    tabifyDockWidget(why,
                     addDock(QStringLiteral("findingDock"), tr("Findings"),
                             new ui::FindingPanel(m_document, this), Qt::RightDockWidgetArea));
    QDockWidget* help = addDock(QStringLiteral("helpDock"), tr("Help"),
                                new ui::HelpPanel(m_document, this), Qt::RightDockWidgetArea);
    tabifyDockWidget(why, help);
    help->hide();
    addAudit();
    codes->raise();
    why->raise();
    setHelpPages();
}

void MainWindow::addAudit()
{
    auto* panel = new ui::AuditPanel(m_document, this);
    QDockWidget* dock
        = addDock(QStringLiteral("auditDock"), tr("Audit"), panel, Qt::BottomDockWidgetArea);
    tabifyDockWidget(findChild<QDockWidget*>(QStringLiteral("codeDock")), dock);
    dock->hide();
    connect(dock, &QDockWidget::visibilityChanged, panel, &ui::AuditPanel::setActive);
    connect(panel, &ui::AuditPanel::histogramWanted, this, [this, panel] {
        if (auto histogram = m_files->openHistogram())
            panel->useHistogram(std::move(histogram->distribution), histogram->name);
    });
}

/// Seen only where there are layers to choose from.
void MainWindow::addLayerPanel()
{
    auto* panel = new ui::LayerPanel(m_document, this);
    QDockWidget* dock
        = addDock(QStringLiteral("layerDock"), tr("Layers"), panel, Qt::BottomDockWidgetArea);
    connect(dock, &QDockWidget::visibilityChanged, panel, &ui::LayerPanel::setActive);
    tabifyDockWidget(findChild<QDockWidget*>(QStringLiteral("codeDock")), dock);
    findChild<QDockWidget*>(QStringLiteral("codeDock"))->raise();
    followLayers();
    connect(&m_document, &ui::Document::changed, this, [this, had = false]() mutable {
        const bool has = m_document.experiment().model.layers.size() > 1;
        if (has != std::exchange(had, has))
            followLayers();
    });
}

void MainWindow::followLayers()
{
    auto* dock = findChild<QDockWidget*>(QStringLiteral("layerDock"));
    const bool has = m_document.experiment().model.layers.size() > 1;
    dock->toggleViewAction()->setEnabled(has);
    dock->setVisible(has);
}

void MainWindow::addExplainPanel()
{
    m_explain = new ui::ExplainPanel(m_document, this);
    QDockWidget* dock = addDock(QStringLiteral("explainDock"), tr("Explain"), m_explain,
                                Qt::BottomDockWidgetArea);
    auto* codes = findChild<QDockWidget*>(QStringLiteral("codeDock"));
    tabifyDockWidget(codes, dock);
    codes->raise();
    connect(dock, &QDockWidget::visibilityChanged, m_explain, [this](bool visible) {
        if (visible)
            m_explain->refresh();
    });
    connect(m_explain, &ui::ExplainPanel::pasteRequested, m_observations,
            &ObservationActions::paste);
    connect(m_explain, &ui::ExplainPanel::loadRequested, m_observations,
            &ObservationActions::loadWithDialog);
    connect(m_explain, &ui::ExplainPanel::helpRequested, this, &MainWindow::showHelp);
    connect(m_observations, &ObservationActions::loaded, this, &MainWindow::showExplainPanel);
    connect(m_files, &FileActions::opened, this, &MainWindow::showObservations);
    connect(m_observations, &ObservationActions::pasted, this,
            [this](const QString& text, const Understanding& understanding) {
                showExplainPanel();
                m_explain->showUnderstanding(text, understanding);
                // A text is read by lines: the plots leave it some of their height.
                auto* pasted = findChild<QDockWidget*>(QStringLiteral("explainDock"));
                if (const int wanted = height() * 2 / 5; pasted->height() < wanted)
                    resizeDocks({pasted}, {wanted}, Qt::Vertical);
            });
    connect(m_explain, &ui::ExplainPanel::corrected, m_observations, &ObservationActions::correct);
    connect(m_explain, &ui::ExplainPanel::mergeRequested, m_observations,
            &ObservationActions::mergeText);
    connect(m_files, &FileActions::textOpened, m_observations, &ObservationActions::pasteText);
    connect(m_observations, &ObservationActions::said, this,
            [this](const QString& sentence) { statusBar()->showMessage(sentence, 5000); });
    connect(m_code, &CodeActions::said, this,
            [this](const QString& sentence) { statusBar()->showMessage(sentence, 5000); });
}

void MainWindow::showExplainPanel()
{
    auto* dock = findChild<QDockWidget*>(QStringLiteral("explainDock"));
    dock->show();
    dock->raise();
    if (dock->height() < m_explain->sizeHint().height())
        resizeDocks({dock}, {m_explain->sizeHint().height()}, Qt::Vertical);
}

void MainWindow::showObservations()
{
    const auto* dock = findChild<QDockWidget*>(QStringLiteral("explainDock"));
    if (!m_document.layer().observations.empty() && !dock->isHidden())
        showExplainPanel();
}

/// The sizes that the window's own size asks for; dock sizes can be set only once it is known.
void MainWindow::arrange()
{
    const auto dock
        = [this](const char* name) { return findChild<QDockWidget*>(QLatin1String(name)); };
    const int left = qBound(284, width() / 5, 340);
    const int right = qBound(274, width() / 5, 340);
    resizeDocks({dock("parameterDock"), dock("backendDock")}, {left, right}, Qt::Horizontal);
    const int pipeline = dock("pipelineDock")->sizeHint().height();
    const int rest = height() - pipeline;
    resizeDocks({dock("pipelineDock"), dock("codeDock")}, {pipeline, rest * 2 / 5}, Qt::Vertical);
    resizeDocks({dock("parameterDock"), dock("channelDock")}, {height() * 3 / 4, height() / 4},
                Qt::Vertical);
    resizeDocks({dock("backendDock"), dock("whyDock")}, {rest / 2, rest / 2}, Qt::Vertical);
    m_plots->setSizes({1000, 1000});
}

void MainWindow::showEvent(QShowEvent* event)
{
    QMainWindow::showEvent(event);
    if (!m_arranged)
        arrange();
    m_arranged = true;
}

void MainWindow::resetLayout()
{
    for (QDockWidget* dock : m_docks)
        dock->show();
    m_transferPlot->show();
    m_errorPlot->show();
    restoreState(m_firstState);
    followLayers();
    arrange();
}

/// QMainWindow makes the tabs of docks when it needs them, without a name.
void MainWindow::childEvent(QChildEvent* event)
{
    QMainWindow::childEvent(event);
    auto* tabs = qobject_cast<QTabBar*>(event->child());
    if (!event->polished() || tabs == nullptr)
        return;
    tabs->setObjectName(QStringLiteral("dockTabs"));
    tabs->setAccessibleName(tr("Panels in the same place"));
    tabs->setToolTip(tr("Which of the panels in this place is shown"));
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (!m_files->mayDiscard()) {
        event->ignore();
        return;
    }
    if (m_memory == Memory::Keep)
        m_settings.setWindow(saveGeometry(), saveState(), m_plots->saveState());
    event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    const bool isFile = urls.size() == 1 && urls.front().isLocalFile();
    if (isFile || (urls.isEmpty() && event->mimeData()->hasText()))
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    event->acceptProposedAction();
    const QString path = event->mimeData()->urls().value(0).toLocalFile();
    if (path.isEmpty()) {
        const QString text = event->mimeData()->text();
        QMetaObject::invokeMethod(
            this, [this, text] { m_observations->pasteText(text); }, Qt::QueuedConnection);
        return;
    }
    // After the drop has ended: a box shown from within it would block the program that the file
    // came from.
    QMetaObject::invokeMethod(this, [this, path] { m_files->open(path); }, Qt::QueuedConnection);
}

/// Of a fixed size: a label that may grow asks for a new layout of the window with every text.
void MainWindow::fitPlace()
{
    m_place->setFixedSize(m_place->fontMetrics().averageCharWidth() * 64,
                          m_place->fontMetrics().height() + 4);
}

void MainWindow::updateTitle()
{
    setWindowTitle(tr("%1[*] – QBN Explorer").arg(m_files->title()));
    setWindowModified(m_document.isModified());
}

void MainWindow::updateStatus()
{
    const Evaluation& evaluation = m_document.evaluation();
    const QString text = tr("%1 · channel %2 · code %3 → %4")
                             .arg(ui::shownText(evaluation.layer->name),
                                  QString::number(evaluation.selection.channel),
                                  QString::number(evaluation.selection.code),
                                  QString::number(evaluation.row().output_code));
    if (const QString tip = ui::plainToolTip(text); tip != m_place->toolTip())
        m_place->setToolTip(tip);
    else
        return;
    m_place->setText(m_place->fontMetrics().elidedText(text, Qt::ElideLeft, m_place->width()));
}

} // namespace qbn::desktop
