#include "ui/panels/fold/fold_model.h"

#include "core/text/text_number.h"
#include "ui/table/table_roles.h"

#include <array>

namespace qbn::ui {

namespace {

bool isEdited(int column)
{
    return column == FoldModel::WeightScale || column == FoldModel::Bias;
}

} // namespace

FoldModel::FoldModel(Document& document, QObject* parent)
    : QAbstractTableModel(parent)
    , m_document(document)
{
    connect(&document, &Document::changed, this, &FoldModel::refresh);
    connect(&document, &Document::pathChanged, this, [this] {
        if (m_document.undoStack().count() > 0)
            return; // it was saved
        m_conv.clear();
        refresh();
    });
    connect(&document.selection(), &SelectionModel::changed, this, [this](bool codeOnly) {
        if (!codeOnly)
            refresh();
    });
    refresh();
}

int FoldModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_folded.size());
}

int FoldModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant FoldModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        return index.column() == Channel ? QString::number(index.row())
                                         : numberText(number(index.row(), index.column()));
    case SortRole:
        if (index.column() == Channel)
            return index.row();
        return number(index.row(), index.column());
    case Qt::ToolTipRole:
        return toolTip(index);
    case Qt::ForegroundRole:
        return isEdited(index.column()) ? QVariant(m_style.colors().code) : QVariant();
    case Qt::TextAlignmentRole:
        return TableStyle::numberAlignment();
    case Qt::FontRole:
        return m_style.numberFont();
    default:
        return {};
    }
}

bool FoldModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::EditRole || !isEdited(index.column())
        || !checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return false;
    const std::optional<double> number = parse_typed_number(value.toString().toStdString());
    if (!number)
        return false;
    setNumbers(static_cast<Column>(index.column()), {{index.row(), *number}});
    return true;
}

Qt::ItemFlags FoldModel::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    return index.isValid() && isEdited(index.column()) ? flags | Qt::ItemIsEditable : flags;
}

QVariant FoldModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return TableStyle::numberAlignment();
    const auto at = static_cast<std::size_t>(section);
    if (role == Qt::DisplayRole) {
        const std::array<QString, ColumnCount> names{QStringLiteral("#"), tr("conv scale"),
                                                     tr("conv bias"),     tr("factor"),
                                                     tr("folded scale"),  tr("folded bias")};
        return names[at];
    }
    if (role == Qt::ToolTipRole) {
        const std::array<QString, ColumnCount> tips{
            tr("Channel"),
            tr("Scale of the convolution's quantized weights; double-click to edit"),
            tr("Bias of the convolution, 0 if it has none; double-click to edit"),
            tr("gamma / sqrt(var + eps)"),
            tr("conv scale times |factor|, for the same integer weights"),
            tr("(conv bias - mean) times factor + beta")};
        return tips[at];
    }
    return {};
}

QString FoldModel::toolTip(const QModelIndex& index) const
{
    const bool negates = m_folded[static_cast<std::size_t>(index.row())].negates();
    if (negates && (index.column() == Factor || index.column() == FoldedScale))
        return tr("Channel %1: the factor is negative, so the integer weights change their sign")
            .arg(index.row());
    return tr("Channel %1").arg(index.row());
}

double FoldModel::number(int row, int column) const
{
    const auto at = static_cast<std::size_t>(row);
    switch (column) {
    case WeightScale:
        return m_shown[at].weight_scale;
    case Bias:
        return m_shown[at].bias;
    case Factor:
        return m_folded[at].factor;
    case FoldedScale:
        return m_folded[at].weight_scale;
    default:
        return m_folded[at].bias;
    }
}

void FoldModel::setNumbers(Column column, const std::vector<std::pair<int, double>>& numbers)
{
    std::vector<ConvChannel>& channels = conv();
    for (const auto& [row, value] : numbers) {
        if (row < 0 || row >= static_cast<int>(channels.size()))
            continue;
        ConvChannel& channel = channels[static_cast<std::size_t>(row)];
        (column == Bias ? channel.bias : channel.weight_scale) = value;
    }
    refresh();
}

Table FoldModel::table() const
{
    return fold_table(*m_layer, m_shown);
}

std::vector<ConvChannel>& FoldModel::conv()
{
    std::vector<ConvChannel>& channels = m_conv[m_document.selection().layer()];
    channels.resize(static_cast<std::size_t>(m_document.layer().channels()));
    return channels;
}

void FoldModel::refresh()
{
    const std::vector<ConvChannel>& channels = conv();
    if (m_layer == m_document.evaluation().layer && channels == m_shown)
        return;
    const bool sameShape = channels.size() == m_shown.size();
    if (!sameShape)
        beginResetModel();
    m_layer = m_document.evaluation().layer;
    m_shown = channels;
    m_folded = fold(*m_layer, m_shown);
    if (!sameShape)
        endResetModel();
    else if (rowCount() > 0)
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

} // namespace qbn::ui
