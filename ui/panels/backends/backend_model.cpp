#include "ui/panels/backends/backend_model.h"

#include "ui/table/table_roles.h"

#include <array>

namespace qbn::ui {

BackendModel::BackendModel(Document& document, QObject* parent)
    : QAbstractTableModel(parent)
    , m_document(document)
{
    connect(&document, &Document::changed, this, &BackendModel::refresh);
    connect(&document.selection(), &SelectionModel::changed, this, &BackendModel::refresh);
}

int BackendModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_document.experiment().backends.size());
}

int BackendModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant BackendModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const bool number = index.column() != Title;
    switch (role) {
    case Qt::DisplayRole:
        return display(index.row(), index.column());
    case SortRole:
        return sortKey(index.row(), index.column());
    case Qt::ToolTipRole:
        return toolTip(index.row());
    case Qt::ForegroundRole:
        return foreground(index.row(), index.column());
    case Qt::TextAlignmentRole:
        return number ? TableStyle::numberAlignment() : TableStyle::textAlignment();
    case Qt::FontRole:
        return number ? m_style.numberFont() : QVariant();
    default:
        return {};
    }
}

QVariant BackendModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section == Title ? TableStyle::textAlignment() : TableStyle::numberAlignment();
    const auto at = static_cast<std::size_t>(section);
    if (role == Qt::DisplayRole) {
        const std::array<QString, ColumnCount> names{tr("backend"), tr("unrounded"), tr("code"),
                                                     tr("differ")};
        return names[at];
    }
    if (role == Qt::ToolTipRole) {
        const std::array<QString, ColumnCount> tips{
            tr("Choose one to see its codes everywhere"),
            tr("In output steps, zero point included, before rounding and clamp"),
            tr("The output code that it gives for the current input code"),
            tr("Input codes of this channel on which it differs from the chosen backend")};
        return tips[at];
    }
    return {};
}

const Backend& BackendModel::backendAt(int row) const
{
    return *result(row).backend;
}

int BackendModel::chosenRow() const
{
    int row = 0;
    while (result(row).backend != m_document.evaluation().chosen)
        ++row;
    return row;
}

void BackendModel::refresh()
{
    emit dataChanged(index(0, BeforeRounding), index(rowCount() - 1, ColumnCount - 1));
}

const BackendResult& BackendModel::result(int row) const
{
    return m_document.evaluation().backends[static_cast<std::size_t>(row)];
}

double BackendModel::beforeRounding(int row) const
{
    // Of `exact` the sum itself is known, rounded once.
    if (!result(row).backend->arithmetic)
        return m_document.evaluation().row().exact.requantized;
    return result(row).trace.result.steps + m_document.layer().output.zero_point;
}

QVariant BackendModel::display(int row, int column) const
{
    switch (column) {
    case Title:
        return textOf(result(row).backend->title);
    case BeforeRounding:
        return numberText(beforeRounding(row));
    case Code:
        return QString::number(result(row).trace.result.output_code);
    default:
        return QString::number(result(row).differing);
    }
}

QVariant BackendModel::sortKey(int row, int column) const
{
    switch (column) {
    case Title:
        return display(row, column);
    case BeforeRounding:
        return beforeRounding(row);
    case Code:
        return result(row).trace.result.output_code;
    default:
        return result(row).differing;
    }
}

QVariant BackendModel::foreground(int row, int column) const
{
    const Colors& colors = m_style.colors();
    if (column == Code) {
        const bool differs
            = result(row).trace.result.output_code != m_document.evaluation().row().output_code;
        return differs ? colors.problem : colors.output;
    }
    if (column == Differ)
        return result(row).differing > 0 && result(row).compared ? colors.problem : colors.muted;
    if (!result(row).compared)
        return colors.muted;
    return {};
}

QString BackendModel::toolTip(int row) const
{
    const Backend& backend = *result(row).backend;
    return QStringLiteral("%1\n%2\n%3\n%4")
        .arg(textOf(backend.id), textOf(backend.formula), textOf(backend.source),
             tr("before rounding: %1").arg(numberText(beforeRounding(row))));
}

} // namespace qbn::ui
