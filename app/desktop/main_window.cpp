#include "app/desktop/main_window.h"

#include "app/desktop/activation_actions.h"
#include "app/desktop/code_actions.h"
#include "app/desktop/observation_actions.h"
#include "app/desktop/work_area.h"
#include "app/desktop/work_bar.h"
#include "core/evaluate/stage.h"
#include "ui/document/difference_search.h"
#include "ui/look/measures.h"
#include "ui/look/plain_text.h"
#include "ui/panels/agreement/agreement_map.h"
#include "ui/panels/agreement/agreement_panel.h"
#include "ui/panels/audit/audit_panel.h"
#include "ui/panels/backends/steps_panel.h"
#include "ui/panels/codes/channel_panel.h"
#include "ui/panels/codes/code_panel.h"
#include "ui/panels/codes/finding_panel.h"
#include "ui/panels/explain/explain_panel.h"
#include "ui/panels/formula/formula_panel.h"
#include "ui/panels/layers/layer_panel.h"
#include "ui/panels/pipeline/parameter_fields.h"
#include "ui/panels/pipeline/pipeline_panel.h"
#include "ui/panels/verdict/verdict_bar.h"
#include "ui/plot/plot_menu.h"

#include <QAction>
#include <QCloseEvent>
#include <QDockWidget>
#include <QDropEvent>
#include <QLabel>
#include <QMimeData>
#include <QScreen>
#include <QStatusBar>

#include <algorithm>
#include <type_traits>
#include <utility>

namespace qbn::desktop {

MainWindow::MainWindow(ui::Document& document, Settings& settings, Memory memory, QWidget* parent)
    : QMainWindow(parent)
    , m_document(document)
    , m_settings(settings)
    , m_memory(memory)
    , m_files(new FileActions(document, settings, this))
    , m_observations(new ObservationActions(document, settings, this))
    , m_activations(new ActivationActions(document, settings, this))
    , m_code(new CodeActions(document, settings, this))
    , m_search(new ui::DifferenceSearch(document, this))
    , m_area(new WorkArea(document, this))
{
    setObjectName(QStringLiteral("mainWindow"));
    setAcceptDrops(true);
    setCentralWidget(m_area);
    addPages();
    addHelpDock();
    connectObservations();
    connectActivations();
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
    connectStatus();
    updateTitle();
    updateStatus();
    followLayers();
    countFindings();
    if (auto* code = m_area->findChild<QWidget*>(QStringLiteral("inputCode")))
        code->setFocus();
    // The frame that the window manager adds has to find room as well.
    const QSize room = screen()->availableSize() - QSize(16, 48);
    resize(QSize(1440, 900).boundedTo(room));
    m_firstState = saveState();
    if (m_memory == Memory::Keep) {
        restoreGeometry(m_settings.windowGeometry());
        restoreState(m_settings.windowState());
        m_area->restoreLayout(m_settings.windowLayout());
    }
}

/// The status bar would cut what has no room without a sign.
void MainWindow::say(const QString& sentence, int milliseconds)
{
    const int room = statusBar()->width() - m_place->width() - 4 * ui::panelEdge;
    statusBar()->showMessage(statusBar()->fontMetrics().elidedText(sentence, Qt::ElideRight, room),
                             milliseconds);
}

void MainWindow::connectStatus()
{
    // What was said of another place is not left standing.
    connect(&m_document, &ui::Document::changed, statusBar(), &QStatusBar::clearMessage);
    connect(&m_document.selection(), &ui::SelectionModel::changed, statusBar(),
            &QStatusBar::clearMessage);
    connect(m_search, &ui::DifferenceSearch::said, this,
            [this](const QString& sentence) { say(sentence, 0); });
    connect(m_files, &FileActions::said, this, [this](const QString& sentence) { say(sentence); });
    connect(m_files, &FileActions::titleChanged, this, &MainWindow::updateTitle);
    connect(&m_document.undoStack(), &QUndoStack::cleanChanged, this,
            [this](bool clean) { setWindowModified(!clean); });
    connect(&m_document, &ui::Document::changed, this, &MainWindow::updateStatus);
    connect(&m_document.selection(), &ui::SelectionModel::changed, this, &MainWindow::updateStatus);
    connect(&m_document, &ui::Document::changed, this, &MainWindow::followLayers);
    connect(&m_document, &ui::Document::changed, this, &MainWindow::countFindings);
    connect(&m_document, &ui::Document::summaryChanged, this, &MainWindow::countFindings);
    connect(&m_document.selection(), &ui::SelectionModel::changed, this, [this](bool codeOnly) {
        if (!codeOnly)
            countFindings();
    });
}

void MainWindow::addPages()
{
    const auto panel = [this]<typename Panel>(std::type_identity<Panel>) {
        return [this](QWidget* parent) -> QWidget* { return new Panel(m_document, parent); };
    };
    m_area->addPage(QStringLiteral("codePage"), tr("Codes"), QStringLiteral("output-code"),
                    panel(std::type_identity<ui::CodePanel>()));
    m_area->addPage(QStringLiteral("channelPage"), tr("Channels"), QStringLiteral("normalize"),
                    panel(std::type_identity<ui::ChannelPanel>()));
    m_area->addPage(QStringLiteral("layerPage"), tr("Layers"), QStringLiteral("index"),
                    panel(std::type_identity<ui::LayerPanel>()));
    m_area->addPage(QStringLiteral("agreementPage"), tr("Agreement"),
                    QStringLiteral("backend-exact"),
                    [this](QWidget* parent) { return makeAgreementPanel(parent); });
    m_area->addPage(QStringLiteral("stepsPage"), tr("Steps"), QStringLiteral("rounding"),
                    panel(std::type_identity<ui::StepsPanel>()));
    m_area->addPage(QStringLiteral("explainPage"), tr("Explain"), QStringLiteral("index"),
                    [this](QWidget* parent) { return makeExplainPanel(parent); });
    m_area->addPage(QStringLiteral("auditPage"), tr("Audit"), QStringLiteral("audit"),
                    [this](QWidget* parent) { return makeAuditPanel(parent); });
    m_area->addPage(QStringLiteral("activationPage"), tr("Activations"),
                    QStringLiteral("activations"),
                    [this](QWidget* parent) { return makeActivationPanel(parent); });
    m_area->addPage(QStringLiteral("findingPage"), tr("Findings"),
                    QStringLiteral("overflow-and-nan"),
                    panel(std::type_identity<ui::FindingPanel>()));
    m_area->addPage(QStringLiteral("formulaPage"), tr("Formula"), QStringLiteral("rounding"),
                    panel(std::type_identity<ui::FormulaPanel>()));
    connect(m_area->pipeline(), &ui::PipelinePanel::helpRequested, this, &MainWindow::showHelp);
    connect(m_area->verdict(), &ui::VerdictBar::fieldWanted, this, &MainWindow::showField);
    connect(m_area->verdict(), &ui::VerdictBar::differenceWanted, this,
            [this] { m_search->start(Direction::forward); });
}

/// The list of layers is there only where there are layers to choose from.
void MainWindow::followLayers()
{
    m_area->setPageAvailable(QStringLiteral("layerPage"),
                             m_document.experiment().model.layers.size() > 1);
}

QWidget* MainWindow::makeAgreementPanel(QWidget* parent)
{
    auto* panel = new ui::AgreementPanel(m_document, parent);
    ui::AgreementMap* map = panel->map();
    const auto save = [this, map](const QString& suffix) {
        const auto* dark = findChild<QAction*>(QStringLiteral("exportDarkAction"));
        m_files->exportMap(*map, dark->isChecked(), suffix);
    };
    ui::addPlotMenu(*map, *map,
                    {.image = [map] { return map->copy(); },
                     .save = save,
                     .showAll = [map] { map->resetView(); }});
    return panel;
}

QWidget* MainWindow::makeAuditPanel(QWidget* parent)
{
    auto* panel = new ui::AuditPanel(m_document, parent);
    panel->setActive(m_area->currentPage() == QStringLiteral("auditPage"));
    connect(m_area, &WorkArea::pageChanged, panel, [panel](const QString& name) {
        panel->setActive(name == QStringLiteral("auditPage"));
    });
    connect(panel, &ui::AuditPanel::histogramWanted, this, [this, panel] {
        if (auto histogram = m_files->openHistogram())
            panel->useHistogram(std::move(histogram->distribution), histogram->name);
    });
    return panel;
}

QWidget* MainWindow::makeExplainPanel(QWidget* parent)
{
    auto* panel = new ui::ExplainPanel(m_document, parent);
    connect(m_area, &WorkArea::pageChanged, panel, [panel](const QString& name) {
        if (name == QStringLiteral("explainPage"))
            panel->refresh();
    });
    connect(panel, &ui::ExplainPanel::pasteRequested, m_observations, &ObservationActions::paste);
    connect(panel, &ui::ExplainPanel::loadRequested, m_observations,
            &ObservationActions::loadWithDialog);
    connect(panel, &ui::ExplainPanel::helpRequested, this, &MainWindow::showHelp);
    connect(panel, &ui::ExplainPanel::corrected, m_observations, &ObservationActions::correct);
    connect(panel, &ui::ExplainPanel::mergeRequested, m_observations,
            &ObservationActions::mergeText);
    return panel;
}

ui::ExplainPanel* MainWindow::explainPanel()
{
    return static_cast<ui::ExplainPanel*>(m_area->page(QStringLiteral("explainPage")));
}

void MainWindow::addHelpDock()
{
    m_help = new QDockWidget(tr("Help"), this);
    m_help->setObjectName(QStringLiteral("helpDock"));
    m_help->hide();
    addDockWidget(Qt::RightDockWidgetArea, m_help);
}

void MainWindow::connectObservations()
{
    connect(m_observations, &ObservationActions::loaded, this, &MainWindow::showExplainPanel);
    connect(m_files, &FileActions::opened, this, &MainWindow::showObservations);
    connect(m_observations, &ObservationActions::pasted, this,
            [this](const QString& text, const Understanding& understanding) {
                // A text is read by lines: it gets the room of the plots.
                m_area->setExpanded(QStringLiteral("explainPage"), true);
                showExplainPanel();
                explainPanel()->showUnderstanding(text, understanding);
            });
    connect(m_files, &FileActions::textOpened, m_observations, &ObservationActions::openText);
    connect(m_observations, &ObservationActions::textAccepted, m_files,
            &FileActions::takeTextsName);
    connect(m_observations, &ObservationActions::replaced, m_files, &FileActions::takePastesName);
    connect(m_observations, &ObservationActions::said, this,
            [this](const QString& sentence) { say(sentence); });
    connect(m_code, &CodeActions::said, this, [this](const QString& sentence) { say(sentence); });
}

/// Where the tab is too low for it, it gets the room of the plots.
void MainWindow::showExplainPanel()
{
    m_area->showPage(QStringLiteral("explainPage"));
    if (isVisible() && explainPanel()->height() < explainPanel()->minimumSizeHint().height())
        m_area->setExpanded(QStringLiteral("explainPage"), true);
}

void MainWindow::showField(Field field)
{
    if (auto* editor = m_area->findChild<QWidget*>(ui::editorName(field)))
        editor->setFocus(Qt::ShortcutFocusReason);
}

void MainWindow::countFindings()
{
    const auto& summary = m_document.evaluation().summary;
    const int layer = m_document.selection().layer();
    if (!summary && layer == std::exchange(m_countedLayer, layer))
        return; // the old findings stand while the new ones are under way
    std::size_t count = m_document.experiment().model.notes.size();
    if (summary) {
        count += summary->findings.size();
        for (const auto& channel : summary->channels)
            count += channel->findings.size();
    }
    m_area->setBadge(QStringLiteral("findingPage"), static_cast<int>(count));
}

void MainWindow::showObservations()
{
    if (!m_document.layer().observations.empty())
        showExplainPanel();
}

bool MainWindow::showTab(const QString& title)
{
    for (const QString& name : m_area->pageNames()) {
        if (m_area->isPageAvailable(name)
            && m_area->pageTitle(name).compare(title, Qt::CaseInsensitive) == 0) {
            m_area->showPage(name);
            return true;
        }
    }
    return false;
}

void MainWindow::resetLayout()
{
    m_area->resetLayout();
    restoreState(m_firstState);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (!m_files->mayDiscard() || !m_files->mayStopWriting()) {
        event->ignore();
        return;
    }
    if (m_memory == Memory::Keep)
        m_settings.setWindow(saveGeometry(), saveState(), m_area->layoutState());
    event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    const bool isFile = (urls.size() == 1 || urls.size() == 2)
        && std::all_of(urls.begin(), urls.end(), [](const QUrl& url) { return url.isLocalFile(); });
    if (isFile || (urls.isEmpty() && event->mimeData()->hasText()))
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    event->acceptProposedAction();
    QStringList paths;
    for (const QUrl& url : event->mimeData()->urls())
        paths << url.toLocalFile();
    if (paths.value(0).isEmpty()) {
        const QString text = event->mimeData()->text();
        QMetaObject::invokeMethod(
            this, [this, text] { m_observations->pasteText(text); }, Qt::QueuedConnection);
        return;
    }
    // After the drop has ended: a box shown from within it would block the program that the file
    // came from.
    QMetaObject::invokeMethod(this, [this, paths] { openDropped(paths); }, Qt::QueuedConnection);
}

void MainWindow::updateTitle()
{
    setWindowTitle(tr("%1[*] – QBN Explorer").arg(m_files->title()));
    setWindowModified(m_document.isModified());
}

void MainWindow::updateStatus()
{
    const Evaluation& evaluation = m_document.evaluation();
    const bool known = unknown_fields(*evaluation.layer, evaluation.selection.channel).empty();
    const QString text = (known ? tr("%1 · channel %2 · code %3 → %4")
                                : tr("%1 · channel %2 · code %3 → %4, a placeholder"))
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

#include "moc_main_window.cpp"
