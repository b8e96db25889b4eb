#include "ui/panels/codes/channel_model.h"

#include "core/text/text_number.h"
#include "ui/look/plain_text.h"
#include "ui/look/provenance_text.h"
#include "ui/table/table_roles.h"

#include <array>
#include <optional>

namespace qbn::ui {

namespace {

std::optional<Field> fieldOf(int column)
{
    switch (column) {
    case ChannelModel::Mean:
        return Field::mean;
    case ChannelModel::Var:
        return Field::var;
    case ChannelModel::Gamma:
        return Field::gamma;
    case ChannelModel::Beta:
        return Field::beta;
    default:
        return std::nullopt;
    }
}

int saturated(const ChannelSummary& summary)
{
    return summary.saturated_low + summary.saturated_high;
}

} // namespace

ChannelModel::ChannelModel(Document& document, QObject* parent)
    : QAbstractTableModel(parent)
    , m_document(document)
    , m_layer(document.evaluation().layer)
    , m_summary(document.evaluation().summary)
    , m_shownLayer(document.selection().layer())
{
    connect(&document, &Document::changed, this, &ChannelModel::refresh);
    connect(&document, &Document::summaryChanged, this, &ChannelModel::refreshSummary);
    connect(&document.selection(), &SelectionModel::changed, this, [this](bool codeOnly) {
        if (!codeOnly)
            refresh();
    });
}

int ChannelModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_layer->channels();
}

int ChannelModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ChannelModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        return display(index.row(), index.column());
    case SortRole:
        return sortKey(index.row(), index.column());
    case Qt::ToolTipRole:
        return plainToolTip(toolTip(index.row(), index.column()));
    case Qt::ForegroundRole:
        return foreground(index.row(), index.column());
    case Qt::TextAlignmentRole:
        return TableStyle::numberAlignment();
    case Qt::FontRole:
        return m_style.numberFont();
    default:
        return {};
    }
}

bool ChannelModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    const std::optional<Field> field = fieldOf(index.column());
    if (role != Qt::EditRole || !field
        || !checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return false;
    const std::optional<double> number = parse_typed_number(value.toString().toStdString());
    if (!number)
        return false;
    m_document.setValue(*field, index.row(), *number);
    return true;
}

Qt::ItemFlags ChannelModel::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    return index.isValid() && fieldOf(index.column()) ? flags | Qt::ItemIsEditable : flags;
}

QVariant ChannelModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return TableStyle::numberAlignment();
    const auto at = static_cast<std::size_t>(section);
    if (role == Qt::DisplayRole) {
        const std::array<QString, ColumnCount> names{QStringLiteral("#"), tr("mean"), tr("var"),
                                                     tr("gamma"),         tr("beta"), tr("sat."),
                                                     tr("differ")};
        return names[at];
    }
    if (role == Qt::ToolTipRole) {
        const std::array<QString, ColumnCount> tips{
            tr("Channel"),
            tr("Running mean; double-click to edit"),
            tr("Running variance; double-click to edit"),
            tr("Factor after normalization (weight); double-click to edit"),
            tr("Offset after normalization (bias); double-click to edit"),
            tr("Share of the input codes that saturate"),
            tr("Input codes on which some backend differs from the chosen one")};
        return tips[at];
    }
    return {};
}

void ChannelModel::refresh()
{
    const Evaluation& evaluation = m_document.evaluation();
    const int layer = m_document.selection().layer();
    const bool sameShape = evaluation.layer->channels() == m_layer->channels();
    if (evaluation.layer == m_layer && evaluation.summary == m_summary && layer == m_shownLayer)
        return;
    if (!sameShape)
        beginResetModel();
    // While a summary is under way the old one stands, if it is of this layer.
    if (evaluation.summary || layer != m_shownLayer || !sameShape)
        m_summary = evaluation.summary;
    m_layer = evaluation.layer;
    m_shownLayer = layer;
    if (!sameShape)
        endResetModel();
    else if (rowCount() > 0)
        emit dataChanged(index(0, Mean), index(rowCount() - 1, ColumnCount - 1));
}

void ChannelModel::refreshSummary()
{
    m_summary = m_document.evaluation().summary;
    if (rowCount() > 0)
        emit dataChanged(index(0, Saturated), index(rowCount() - 1, Differ));
}

const ChannelSummary* ChannelModel::summaryOf(int row) const
{
    return m_summary ? &m_summary->channels[static_cast<std::size_t>(row)] : nullptr;
}

QVariant ChannelModel::display(int row, int column) const
{
    if (const std::optional<Field> field = fieldOf(column))
        return numberText(value_of(*m_layer, *field, row));
    if (column == Number)
        return QString::number(row);
    const ChannelSummary* summary = summaryOf(row);
    if (!summary)
        return QStringLiteral("…");
    if (column == Differ)
        return QString::number(summary->differing);
    const int count = m_layer->input.type.count();
    return tr("%1%").arg(qRound(100.0 * saturated(*summary) / count));
}

QVariant ChannelModel::sortKey(int row, int column) const
{
    if (const std::optional<Field> field = fieldOf(column))
        return value_of(*m_layer, *field, row);
    if (column == Number)
        return row;
    const ChannelSummary* summary = summaryOf(row);
    if (!summary)
        return -1;
    return column == Differ ? summary->differing : saturated(*summary);
}

QVariant ChannelModel::foreground(int row, int column) const
{
    if (column != Saturated && column != Differ)
        return {};
    const ChannelSummary* summary = summaryOf(row);
    if (!summary)
        return m_style.colors().muted;
    const bool problem = column == Differ ? summary->differing > 0
                                          : 2 * saturated(*summary) >= m_layer->input.type.count();
    return problem ? QVariant(m_style.colors().problem) : QVariant();
}

QString ChannelModel::toolTip(int row, int column) const
{
    if (const std::optional<Field> field = fieldOf(column))
        return tr("%1 of channel %2: %3\n%4")
            .arg(spokenName(*field))
            .arg(row)
            .arg(numberText(value_of(*m_layer, *field, row)),
                 provenanceSentence(m_layer->provenance.of(*field, row)));
    const ChannelSummary* summary = summaryOf(row);
    if (column == Number || !summary)
        return tr("Channel %1").arg(row);
    const int count = m_layer->input.type.count();
    if (column == Saturated)
        return tr("Of %1 input codes %2 saturate low and %3 high; %4 output codes are used")
            .arg(count)
            .arg(summary->saturated_low)
            .arg(summary->saturated_high)
            .arg(summary->used_codes);
    return tr("On %1 of %2 input codes some backend differs from the chosen one")
        .arg(summary->differing)
        .arg(count);
}

} // namespace qbn::ui
