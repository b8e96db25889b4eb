#include "ui/panels/codes/channel_panel.h"

#include "core/text/text_number.h"
#include "ui/field/value_list.h"
#include "ui/look/plain_text.h"
#include "ui/panels/codes/channel_model.h"
#include "ui/table/number_sort_proxy.h"
#include "ui/table/table_view.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QVBoxLayout>

namespace qbn::ui {

ChannelPanel::ChannelPanel(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_model(new ChannelModel(document, this))
    , m_sorted(new NumberSortProxy(this))
    , m_table(new TableView(this))
{
    setObjectName(QStringLiteral("channelPanel"));
    setAccessibleName(tr("Channels"));
    m_sorted->setSourceModel(m_model);
    m_table->setObjectName(QStringLiteral("channelTable"));
    m_table->setAccessibleName(tr("Channels of the layer"));
    m_table->setToolTip(tr("Click selects the channel, double-click or F2 edits a number, "
                           "Ctrl+V pastes a whole column"));
    m_table->setModel(m_sorted);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(ChannelModel::Number, Qt::AscendingOrder);
    m_table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed
                             | QAbstractItemView::AnyKeyPressed);
    m_table->setPadding(4);
    measure();

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_table);
    setFocusProxy(m_table);

    auto* paste = new QAction(tr("&Paste a column…"), m_table);
    paste->setObjectName(QStringLiteral("pasteColumn"));
    paste->setShortcut(QKeySequence::Paste);
    paste->setShortcutContext(Qt::WidgetShortcut);
    connect(paste, &QAction::triggered, this, &ChannelPanel::pasteColumn);
    m_table->addAction(paste);

    connect(m_table, &TableView::currentRowChanged, this, [this](int row) {
        m_document.selection().setChannel(m_sorted->mapToSource(m_sorted->index(row, 0)).row());
    });
    connect(m_model, &ChannelModel::modelReset, this, &ChannelPanel::measure);
    connect(&document, &Document::commitRequested, m_table, &TableView::commit);
    connect(&document, &Document::changed, this, &ChannelPanel::follow);
    connect(&document.selection(), &SelectionModel::changed, this, &ChannelPanel::follow);
    follow();
}

// A view that goes later would commit what is being typed in it, or tell of a row, to a panel that
// is no more.
ChannelPanel::~ChannelPanel()
{
    delete m_table;
}

/// A number into the current cell, a list into its column.
void ChannelPanel::pasteColumn()
{
    const QString text = QGuiApplication::clipboard()->text();
    const auto field = ChannelModel::fieldOf(m_table->currentIndex().column());
    if (const auto number = parse_typed_number(text.toStdString()); field && number)
        m_document.setValue(*field, m_document.selection().channel(), *number);
    else if (field)
        setFromList(m_document, *field, text, window());
    else
        showProblem(tr("Choose a cell of mean, var, gamma or beta: its column takes the list."),
                    window());
}

void ChannelPanel::measure()
{
    const QString number = QStringLiteral("117.5");
    m_table->setSamples({QString::number(m_model->rowCount() - 1), number, number, number, number,
                         QStringLiteral("100%"), QStringLiteral("256")});
}

void ChannelPanel::follow()
{
    const QModelIndex source = m_model->index(m_document.selection().channel(), 0);
    m_table->setCurrentRow(m_sorted->mapFromSource(source).row());
}

} // namespace qbn::ui

#include "moc_channel_panel.cpp"
