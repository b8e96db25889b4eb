#include "ui/table/table_model.h"

#include "ui/look/glossary.h"
#include "ui/look/plain_text.h"

namespace qbn::ui {

namespace {

QString exactText(const QVariant& value)
{
    switch (value.typeId()) {
    case QMetaType::Double:
        return numberText(value.toDouble());
    case QMetaType::Float:
        return numberText(value.toFloat());
    default:
        return value.toString();
    }
}

} // namespace

int TableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_rows;
}

int TableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QVariant TableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const int row = index.row();
    const TableColumn& column = m_columns[static_cast<std::size_t>(index.column())];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        return textAt(column, row);
    case SortRole:
        return column.value ? column.value(row) : textAt(column, row);
    case Qt::ToolTipRole:
        return column.cellToolTip ? plainToolTip(column.cellToolTip(row)) : QVariant();
    case Qt::ForegroundRole:
        return column.color ? column.color(row) : QVariant();
    case Qt::TextAlignmentRole:
        return alignment(column);
    case Qt::FontRole:
        return column.kind == TableColumn::Kind::Number ? m_style.numberFont() : QVariant();
    default:
        return otherData(row, index.column(), role);
    }
}

bool TableModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::EditRole || !flags(index).testFlag(Qt::ItemIsEditable)
        || !checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return false;
    return column(index.column()).edit(index.row(), value.toString());
}

Qt::ItemFlags TableModel::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    const bool editable
        = index.isValid() && m_columns[static_cast<std::size_t>(index.column())].edit;
    return editable ? flags | Qt::ItemIsEditable : flags;
}

QVariant TableModel::headerToolTip(const TableColumn& column)
{
    QStringList lines{column.toolTip,
                      definitionOf(column.term.isEmpty() ? column.title : column.term)};
    lines.removeAll(QString());
    return lines.isEmpty() ? QVariant() : plainToolTip(lines.join(u'\n'));
}

QVariant TableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const TableColumn& column = m_columns[static_cast<std::size_t>(section)];
    switch (role) {
    case Qt::DisplayRole:
        return column.title;
    case Qt::ToolTipRole:
        return headerToolTip(column);
    case Qt::TextAlignmentRole:
        return alignment(column);
    default:
        return {};
    }
}

void TableModel::change(int rows, const std::function<void()>& take, int first)
{
    const bool sameRows = rows == m_rows;
    if (!sameRows)
        beginResetModel();
    take();
    m_rows = rows;
    if (!sameRows)
        endResetModel();
    else
        emitChanged(first, columnCount() - 1);
}

void TableModel::emitChanged(int firstColumn, int lastColumn)
{
    if (m_rows > 0)
        emit dataChanged(index(0, firstColumn), index(m_rows - 1, lastColumn));
}

QVariant TableModel::otherData(int /*row*/, int /*column*/, int /*role*/) const
{
    return {};
}

QString TableModel::textAt(const TableColumn& column, int row) const
{
    return column.text ? column.text(row) : exactText(column.value(row));
}

QVariant TableModel::alignment(const TableColumn& column) const
{
    return column.kind == TableColumn::Kind::Number ? TableStyle::numberAlignment()
                                                    : TableStyle::textAlignment();
}

} // namespace qbn::ui

#include "moc_table_model.cpp"
