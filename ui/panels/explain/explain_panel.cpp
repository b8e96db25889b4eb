#include "ui/panels/explain/explain_panel.h"

#include "ui/document/document.h"
#include "ui/look/plain_text.h"
#include "ui/panels/explain/explanation_view.h"
#include "ui/panels/explain/identify_dialog.h"
#include "ui/panels/explain/observation_view.h"
#include "ui/panels/explain/read_view.h"
#include "ui/panels/explain/region_view.h"

#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace qbn::ui {

ExplainPanel::ExplainPanel(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_observations(new ObservationView(document))
    , m_explanations(new ExplanationView(document))
    , m_region(new RegionView(document))
    , m_read(new ReadView)
    , m_tabs(new QTabWidget)
    , m_pages(new QStackedWidget(this))
    , m_identify(new QPushButton(tr("Who rounded this?")))
{
    setObjectName(QStringLiteral("explainPanel"));
    setAccessibleName(tr("Explain"));
    m_pages->addWidget(emptyPage());
    m_pages->addWidget(fullPage());
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_pages);

    connect(m_observations, &ObservationView::currentChanged, m_explanations,
            &ExplanationView::setObservation);
    connect(m_observations, &ObservationView::draftChanged, this, &ExplainPanel::refresh);
    connect(m_observations, &ObservationView::loadRequested, this, &ExplainPanel::loadRequested);
    connect(m_read, &ReadView::corrected, this, &ExplainPanel::corrected);
    connect(m_read, &ReadView::mergeRequested, this, &ExplainPanel::mergeRequested);
    connect(m_explanations, &ExplanationView::helpRequested, this, &ExplainPanel::helpRequested);
    connect(&document, &Document::changed, this, &ExplainPanel::refreshIfSeen);
    connect(&document, &Document::reportChanged, this, &ExplainPanel::refreshIfSeen);
    connect(&document, &Document::pathChanged, this, [this] {
        if (m_document.undoStack().count() == 0) // another file, not this one saved
            forgetUnderstanding();
    });
    connect(&document.selection(), &SelectionModel::changed, this, [this](bool codeOnly) {
        if (!codeOnly)
            refreshIfSeen();
    });
    connect(&document.undoStack(), &QUndoStack::indexChanged, this, [this](int index) {
        if (index < m_pasteIndex)
            forgetUnderstanding();
    });
    forgetUnderstanding();
}

QWidget* ExplainPanel::emptyPage()
{
    auto* page = new QWidget;
    QLabel* text = plainLabel(tr("Nothing observed yet. Paste what PyTorch printed (Ctrl+Shift+V), "
                                 "or add a pair that you measured."));
    text->setObjectName(QStringLiteral("nothingObserved"));
    text->setWordWrap(true);
    text->setAlignment(Qt::AlignCenter);
    auto* paste = new QPushButton(tr("Paste from PyTorch"));
    paste->setObjectName(QStringLiteral("pasteButton"));
    paste->setAccessibleName(tr("Paste from PyTorch"));
    paste->setToolTip(tr("Reads scales, statistics, weights and pixels from the clipboard's text"));
    auto* add = new QPushButton(tr("Add an observation"));
    add->setObjectName(QStringLiteral("firstObservation"));
    add->setAccessibleName(tr("Add the first observation"));
    add->setToolTip(tr("Begins with the current channel and code"));
    auto* load = new QPushButton(tr("Load a file…"));
    load->setObjectName(QStringLiteral("firstLoad"));
    load->setAccessibleName(tr("Load the first observations"));
    load->setToolTip(tr("CSV, or two .npy arrays of the layer's input and output"));
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    for (QPushButton* button : {paste, add, load})
        buttons->addWidget(button);
    buttons->addStretch(1);
    auto* layout = new QVBoxLayout(page);
    layout->addStretch(1);
    layout->addWidget(text);
    layout->addLayout(buttons);
    layout->addStretch(1);
    connect(paste, &QPushButton::clicked, this, &ExplainPanel::pasteRequested);
    connect(load, &QPushButton::clicked, this, &ExplainPanel::loadRequested);
    connect(add, &QPushButton::clicked, m_observations, &ObservationView::addObservation);
    return page;
}

QWidget* ExplainPanel::fullPage()
{
    m_tabs->setObjectName(QStringLiteral("observationTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_observations, tr("Observations"));
    m_tabs->addTab(m_read, tr("What was read"));
    m_tabs->tabBar()->setObjectName(QStringLiteral("observationTabBar"));
    m_tabs->tabBar()->setAccessibleName(tr("Observations or what was read"));
    m_tabs->tabBar()->setToolTip(tr("Observations, or what a pasted text was taken for"));
    m_tabs->setFocusProxy(m_tabs->tabBar());
    m_tabs->setUsesScrollButtons(false);
    for (QToolButton* button : m_tabs->tabBar()->findChildren<QToolButton*>())
        button->setFocusPolicy(Qt::NoFocus);

    m_identify->setObjectName(QStringLiteral("identifyButton"));
    m_identify->setAccessibleName(tr("Who rounded this?"));
    m_identify->setToolTip(
        plainToolTip(tr("Searches which formula gives the observed codes: the backends, and "
                        "each with something changed")));
    m_tabs->setCornerWidget(m_identify);
    connect(m_identify, &QPushButton::clicked, this, &ExplainPanel::identify);

    auto* columns = new QSplitter(Qt::Horizontal);
    columns->setObjectName(QStringLiteral("explainColumns"));
    columns->setChildrenCollapsible(false);
    columns->addWidget(m_tabs);
    columns->addWidget(m_explanations);
    columns->addWidget(m_region);
    for (int column = 0; column < columns->count(); ++column)
        columns->setStretchFactor(column, column == 2 ? 1 : 2);
    columns->setSizes({400, 330, 220});
    return columns;
}

void ExplainPanel::identify()
{
    m_document.commitPending();
    if (m_search == nullptr) {
        m_search = new IdentifyDialog(m_document, this);
        m_search->setAttribute(Qt::WA_DeleteOnClose);
        m_search->show();
    }
    m_search->raise();
    m_search->activateWindow();
}

void ExplainPanel::showUnderstanding(const QString& text, const Understanding& understanding)
{
    m_read->show(text, understanding);
    m_pasteIndex = m_document.undoStack().index();
    m_tabs->setTabVisible(1, true);
    // What was read is looked at before it is believed.
    m_tabs->setCurrentIndex(1);
    refresh();
}

void ExplainPanel::forgetUnderstanding()
{
    m_read->forget();
    m_pasteIndex = 0;
    m_tabs->setCurrentIndex(0);
    m_tabs->setTabVisible(1, false);
    refreshIfSeen();
}

void ExplainPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refresh();
}

void ExplainPanel::refreshIfSeen()
{
    if (isVisible() && !visibleRegion().isEmpty())
        refresh();
}

void ExplainPanel::refresh()
{
    const bool any = !m_document.layer().observations.empty();
    m_observations->refresh();
    m_pages->setCurrentIndex(m_observations->hasRows() || m_tabs->isTabVisible(1) ? 1 : 0);
    m_identify->setEnabled(any);
    const Result<Report>* report = m_document.report();
    if (report == nullptr) {
        // What was made of other values is not shown beside these.
        m_observations->setReport(nullptr);
        m_explanations->setReport({});
        m_explanations->setSentence(tr("computing…"));
        m_region->setComputing();
        return;
    }
    m_observations->setReport(*report ? &**report : nullptr);
    if (!*report) {
        m_explanations->setReport({});
        m_explanations->setSentence(shownText(report->error().message));
        return;
    }
    m_explanations->setReport(**report);
    m_region->setReport(**report);
}

} // namespace qbn::ui

#include "moc_explain_panel.cpp"
