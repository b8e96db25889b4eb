#include "ui/table/table_view.h"

#include "ui/look/theme.h"
#include "ui/table/table_delegate.h"
#include "ui/table/table_header.h"
#include "ui/table/table_text.h"

#include <QAction>
#include <QClipboard>
#include <QFontMetricsF>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMouseEvent>

#include <algorithm>
#include <numeric>

namespace qbn::ui {

TableView::TableView(QWidget* parent)
    : QTableView(parent)
    , m_delegate(new TableDelegate(this))
    , m_header(new TableHeader(this))
{
    setHorizontalHeader(m_header);
    setItemDelegate(m_delegate);
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setShowGrid(false);
    setWordWrap(false);
    setFrameShape(NoFrame);
    setTabKeyNavigation(false);
    setHorizontalScrollMode(ScrollPerPixel);
    setContextMenuPolicy(Qt::ActionsContextMenu);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    connect(m_header, &QHeaderView::sectionResized, this, [this] {
        // A larger font may widen sections by itself.
        const bool isByFont = font() != m_measuredFont;
        m_sizedByUser = m_sizedByUser || (!m_distributing && !isByFont);
    });
    addCopyActions();
    measure();
}

void TableView::addCopyActions()
{
    const auto add
        = [this](const QString& name, const QString& text, const QKeySequence& keys, auto slot) {
              auto* action = new QAction(text, this);
              action->setObjectName(name);
              action->setShortcut(keys);
              action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
              connect(action, &QAction::triggered, this, slot);
              addAction(action);
          };
    add(QStringLiteral("copyRows"), tr("&Copy rows"), QKeySequence::Copy, &TableView::copySelected);
    add(QStringLiteral("copyWithHeader"), tr("Copy rows with &header"),
        QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_C), &TableView::copyWithHeader);
    add(QStringLiteral("copyAll"), tr("Copy &all with header"), {}, &TableView::copyAll);
    add(QStringLiteral("copyImage"), tr("Copy &image"), {}, &TableView::copyImage);
}

void TableView::setSamples(const QStringList& samples)
{
    m_samples = samples;
    measure();
}

void TableView::setWholeColumn(int column)
{
    m_wholeColumn = column;
    measure();
}

void TableView::setPadding(int padding)
{
    m_delegate->setPadding(padding);
    m_header->setPadding(padding);
    measure();
}

void TableView::setCurrentRow(int row)
{
    const QModelIndex current = currentIndex();
    if (current.row() == row && selectionModel()->hasSelection())
        return;
    selectionModel()->setCurrentIndex(model()->index(row, std::max(0, current.column())),
                                      QItemSelectionModel::ClearAndSelect
                                          | QItemSelectionModel::Rows);
}

void TableView::commit()
{
    QWidget* editor = state() == EditingState ? indexWidget(currentIndex()) : nullptr;
    if (editor == nullptr || m_committing)
        return;
    commitData(editor);
    closeEditor(editor, QAbstractItemDelegate::NoHint);
}

/// What it changes may ask all editors to commit, this one too.
void TableView::commitData(QWidget* editor)
{
    m_committing = true;
    QTableView::commitData(editor);
    m_committing = false;
}

QList<int> TableView::selectedRows() const
{
    QList<int> rows;
    for (const QModelIndex& index : selectionModel()->selectedRows())
        rows += index.row();
    std::sort(rows.begin(), rows.end());
    return rows;
}

void TableView::copySelected() const
{
    QGuiApplication::clipboard()->setText(
        tabSeparated(*model(), selectedRows(), CopiedHeader::None));
}

void TableView::copyWithHeader() const
{
    QGuiApplication::clipboard()->setText(
        tabSeparated(*model(), selectedRows(), CopiedHeader::First));
}

void TableView::copyAll() const
{
    QList<int> rows(model()->rowCount());
    std::iota(rows.begin(), rows.end(), 0);
    QGuiApplication::clipboard()->setText(tabSeparated(*model(), rows, CopiedHeader::First));
}

/// As it is seen.
void TableView::copyImage()
{
    QGuiApplication::clipboard()->setPixmap(grab());
}

void TableView::scrollTo(const QModelIndex& index, ScrollHint hint)
{
    executeDelayedItemsLayout(); // of rows that have just come
    // A row far away comes to the middle, so that its neighbours are seen too.
    if (hint == EnsureVisible) {
        const int top = rowViewportPosition(index.row());
        const int height = rowHeight(index.row());
        const bool far = top < -height || top > viewport()->height() + height;
        if (far)
            hint = PositionAtCenter;
    }
    QTableView::scrollTo(index, hint);
}

QSize TableView::sizeHint() const
{
    const int width = std::accumulate(m_widths.begin(), m_widths.end(), 0);
    return {std::max(width, 120), 8 * verticalHeader()->defaultSectionSize()};
}

QSize TableView::minimumSizeHint() const
{
    return {120, 4 * verticalHeader()->defaultSectionSize()};
}

void TableView::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QTableView::currentChanged(current, previous);
    if (current.isValid() && current.row() != previous.row())
        emit currentRowChanged(current.row());
}

void TableView::keyPressEvent(QKeyEvent* event)
{
    // With whole rows there is nothing to find at the ends of a row.
    const bool home = event->key() == Qt::Key_Home;
    const bool end = event->key() == Qt::Key_End;
    if ((home || end) && event->modifiers() == Qt::NoModifier && model()->rowCount() > 0) {
        setCurrentRow(home ? 0 : model()->rowCount() - 1);
        return;
    }
    QTableView::keyPressEvent(event);
}

void TableView::mousePressEvent(QMouseEvent* event)
{
    // Below the last row is nothing to select: the current row stays marked.
    if (indexAt(event->position().toPoint()).isValid())
        QTableView::mousePressEvent(event);
}

void TableView::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    distribute();
}

void TableView::changeEvent(QEvent* event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        measure();
}

void TableView::measure()
{
    m_measuredFont = font();
    const QFontMetricsF numbers(monospaceFont(font()));
    const QFontMetricsF texts(font());
    verticalHeader()->setDefaultSectionSize(qCeil(std::max(texts.height(), numbers.height())) + 6);
    m_widths.clear();
    m_wishes.clear();
    for (int column = 0; model() && column < model()->columnCount(); ++column) {
        const auto header
            = [&](int role) { return model()->headerData(column, Qt::Horizontal, role); };
        const bool number
            = header(Qt::TextAlignmentRole).value<Qt::Alignment>().testFlag(Qt::AlignRight);
        const QString sample = m_samples.value(column);
        const int name = m_header->widthFor(header(Qt::DisplayRole).toString());
        const int text = qCeil((number ? numbers : texts).horizontalAdvance(sample))
            + 2 * m_delegate->padding() + 1;
        m_widths += number || column == m_wholeColumn ? std::max(name, text) : name;
        m_wishes += std::max(name, text);
    }
    distribute();
}

void TableView::distribute()
{
    if (m_sizedByUser || m_widths.isEmpty())
        return;
    m_distributing = true;
    QList<int> widths = m_widths;
    int spare = std::max(0, viewport()->width() - std::accumulate(widths.begin(), widths.end(), 0));
    for (qsizetype column = 0; column < widths.size(); ++column) {
        const int more = std::min(spare, m_wishes[column] - widths[column]);
        widths[column] += more;
        spare -= more;
    }
    for (int column = 0; column < static_cast<int>(widths.size()); ++column) {
        const int share = spare / (static_cast<int>(widths.size()) - column);
        setColumnWidth(column, widths[column] + share);
        spare -= share;
    }
    m_distributing = false;
}

} // namespace qbn::ui

#include "moc_table_view.cpp"
