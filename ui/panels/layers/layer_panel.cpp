#include "ui/panels/layers/layer_panel.h"

#include "ui/document/document.h"
#include "ui/look/measures.h"
#include "ui/panels/layers/layer_model.h"
#include "ui/table/number_sort_proxy.h"
#include "ui/table/table_view.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace qbn::ui {

LayerPanel::LayerPanel(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_model(new LayerModel(document, this))
    , m_sorted(new NumberSortProxy(this))
    , m_filter(new QLineEdit(this))
    , m_again(new QPushButton(tr("Look through the rest"), this))
    , m_table(new TableView(this))
{
    setObjectName(QStringLiteral("layerPanel"));
    setAccessibleName(tr("Layers"));
    m_filter->setObjectName(QStringLiteral("layerFilter"));
    m_filter->setAccessibleName(tr("Filter of the layers"));
    m_filter->setPlaceholderText(tr("Part of a name"));
    m_filter->setToolTip(tr("Only layers that have this in their name are listed"));
    m_filter->setClearButtonEnabled(true);
    m_again->setObjectName(QStringLiteral("surveyAgain"));
    m_again->setAccessibleName(m_again->text());
    m_again->setToolTip(tr("Compare the layers that are not known yet after all"));
    m_sorted->setSourceModel(m_model);
    m_sorted->setFilterKeyColumn(LayerModel::Name);
    m_sorted->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_table->setObjectName(QStringLiteral("layerTable"));
    m_table->setAccessibleName(tr("Layers of the model"));
    m_table->setToolTip(tr("Click or arrow keys select the layer"));
    m_table->setModel(m_sorted);
    m_table->setSortingEnabled(true);
    m_table->setSamples({QStringLiteral("features.denseblock4.denselayer16.norm2"),
                         QStringLiteral("4096"), QStringLiteral("1048576"), QStringLiteral("4096"),
                         QStringLiteral("100.0%")});

    auto* row = new QHBoxLayout;
    row->setContentsMargins(panelEdge, panelSpacing, panelEdge, panelSpacing);
    row->addWidget(m_filter, 1);
    row->addWidget(m_again);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addLayout(row);
    layout->addWidget(m_table, 1);
    setFocusProxy(m_table);

    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_isFollowing = true; // a row that goes is no choice
        m_sorted->setFilterFixedString(text);
        m_isFollowing = false;
        follow();
        m_table->scrollToTop();
    });
    connect(m_table->horizontalHeader(), &QHeaderView::sortIndicatorChanged, m_table,
            &TableView::scrollToTop, Qt::QueuedConnection); // once it is sorted
    connect(m_again, &QPushButton::clicked, &document.survey(), &ModelSurvey::resume);
    connect(m_table, &TableView::currentRowChanged, this, [this](int proxyRow) {
        if (!m_isFollowing)
            m_document.selection().setLayer(
                m_sorted->mapToSource(m_sorted->index(proxyRow, 0)).row());
    });
    connect(&document, &Document::changed, this, &LayerPanel::refresh);
    connect(&document.selection(), &SelectionModel::changed, this, [this](bool codeOnly) {
        if (!codeOnly)
            follow();
    });
    connect(&document.survey(), &ModelSurvey::changed, this,
            [this] { m_again->setVisible(m_document.survey().isCancelled()); });
    m_again->hide();
    refresh();
    m_table->sortByColumn(-1, Qt::AscendingOrder); // the file's order, until one sorts
}

// A view that goes later would tell of a row to a panel that is no more.
LayerPanel::~LayerPanel()
{
    delete m_table;
}

void LayerPanel::refresh()
{
    m_isFollowing = true; // new rows are no choice
    m_model->refresh();
    m_isFollowing = false;
    follow();
}

void LayerPanel::follow()
{
    const QModelIndex row
        = m_sorted->mapFromSource(m_model->index(m_document.selection().layer(), 0));
    m_isFollowing = true;
    if (row.isValid())
        m_table->setCurrentRow(row.row());
    else
        m_table->setCurrentIndex({}); // filtered away
    m_isFollowing = false;
}

} // namespace qbn::ui

#include "moc_layer_panel.cpp"
