#include "ui/panels/codes/code_panel.h"

#include "ui/panels/codes/code_model.h"
#include "ui/table/number_sort_proxy.h"
#include "ui/table/table_view.h"

#include <QHeaderView>
#include <QVBoxLayout>

namespace qbn::ui {

CodePanel::CodePanel(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_model(new CodeModel(document, this))
    , m_sorted(new NumberSortProxy(this))
    , m_table(new TableView(this))
{
    setObjectName(QStringLiteral("codePanel"));
    setAccessibleName(tr("Codes"));
    m_sorted->setSourceModel(m_model);
    m_table->setObjectName(QStringLiteral("codeTable"));
    m_table->setAccessibleName(tr("All input codes of the channel"));
    m_table->setToolTip(tr("Click or arrow keys select the code; Ctrl+C copies rows"));
    m_table->setModel(m_sorted);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(CodeModel::InputCode, Qt::AscendingOrder);
    const QString number = QStringLiteral("-0.94431");
    m_table->setSamples({QStringLiteral("-128"), number, number, number, number,
                         QStringLiteral("0.4999"), QStringLiteral("-128"), number,
                         QStringLiteral("none"),
                         QStringLiteral("tie, pytorch-reference gives 52")});

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_table);
    setFocusProxy(m_table);

    connect(m_table, &TableView::currentRowChanged, this, [this](int row) {
        const int source = m_sorted->mapToSource(m_sorted->index(row, 0)).row();
        m_document.selection().setCode(m_document.layer().input.type.qmin() + source);
    });
    connect(&document, &Document::changed, this, &CodePanel::follow);
    connect(&document.selection(), &SelectionModel::changed, this, &CodePanel::follow);
    connect(m_table->horizontalHeader(), &QHeaderView::sortIndicatorChanged, this,
            [this] { m_table->scrollTo(m_table->currentIndex()); });
    follow();
}

// A view that goes later would tell of a row to a panel that is no more.
CodePanel::~CodePanel()
{
    delete m_table;
}

void CodePanel::follow()
{
    const int row = m_document.selection().code() - m_document.layer().input.type.qmin();
    m_table->setCurrentRow(m_sorted->mapFromSource(m_model->index(row, 0)).row());
}

} // namespace qbn::ui

#include "moc_code_panel.cpp"
