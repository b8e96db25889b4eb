#include "ui/panels/audit/audit_model.h"

#include "ui/table/table_roles.h"

#include <array>
#include <cmath>

namespace qbn::ui {

namespace {

QString twoDigits(double value)
{
    if (std::isnan(value))
        return QStringLiteral("–");
    if (std::isinf(value))
        return value > 0 ? QStringLiteral("∞") : QStringLiteral("-∞");
    return QString::number(value, 'f', 2);
}

} // namespace

QString shareText(double share)
{
    return QStringLiteral("%1 %").arg(twoDigits(100 * share));
}

QString decibelText(double decibels)
{
    return QStringLiteral("%1 dB").arg(twoDigits(decibels));
}

AuditModel::AuditModel(const AuditRunner& runner, QObject* parent)
    : QAbstractTableModel(parent)
    , m_runner(runner)
{
    connect(&runner, &AuditRunner::changed, this, &AuditModel::refresh);
    refresh();
}

int AuditModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_rows;
}

int AuditModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant AuditModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return display(index.row(), index.column());
    case SortRole:
        return sortKey(index.row(), index.column());
    case Qt::ToolTipRole:
        return toolTip(index.row(), index.column());
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

QVariant AuditModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return TableStyle::numberAlignment();
    const auto at = static_cast<std::size_t>(section);
    if (role == Qt::DisplayRole) {
        const std::array<QString, ColumnCount> names{tr("channel"), tr("saturation"), tr("used"),
                                                     tr("dead"),    tr("merged"),     tr("SQNR")};
        return names[at];
    }
    if (role == Qt::ToolTipRole) {
        const std::array<QString, ColumnCount> tips{
            tr("Channel"),
            tr("Share of the inputs whose output code is clamped"),
            tr("Output codes that some input code gives"),
            tr("Output codes that none gives"),
            tr("Input codes that share their output code with another"),
            tr("Exact output over quantization error, in decibels")};
        return tips[at];
    }
    return {};
}

void AuditModel::refresh()
{
    const LayerAudit* result = m_runner.result();
    const int rows = result != nullptr ? static_cast<int>(result->channels.size()) : 0;
    if (rows != m_rows) {
        beginResetModel();
        m_rows = rows;
        endResetModel();
    } else if (rows > 0) {
        emit dataChanged(index(0, 0), index(rows - 1, ColumnCount - 1));
    }
}

const ChannelAudit& AuditModel::channelAt(int row) const
{
    return m_runner.result()->channels[static_cast<std::size_t>(row)];
}

QVariant AuditModel::display(int row, int column) const
{
    const ChannelAudit& channel = channelAt(row);
    switch (column) {
    case Channel:
        return QString::number(row);
    case Saturation:
        return channel.is_sampled ? shareText(channel.saturation) : tr("no samples");
    case Used:
        return QString::number(channel.used_codes);
    case Dead:
        return QString::number(channel.dead_codes);
    case Merged:
        return QString::number(channel.merged_codes);
    default:
        return channel.is_sampled ? decibelText(channel.sqnr()) : QStringLiteral("–");
    }
}

QVariant AuditModel::sortKey(int row, int column) const
{
    const ChannelAudit& channel = channelAt(row);
    switch (column) {
    case Channel:
        return row;
    case Saturation:
        return channel.saturation;
    case Used:
        return channel.used_codes;
    case Dead:
        return channel.dead_codes;
    case Merged:
        return channel.merged_codes;
    default:
        return channel.sqnr();
    }
}

QVariant AuditModel::foreground(int row, int column) const
{
    const ChannelAudit& channel = channelAt(row);
    const bool problem = (column == Saturation && channel.saturates())
        || (column == Used && channel.wastes_codes());
    return problem ? QVariant(m_style.colors().problem) : QVariant();
}

QString AuditModel::toolTip(int row, int column) const
{
    const ChannelAudit& channel = channelAt(row);
    const QString name = tr("Channel %1").arg(row);
    if (!channel.is_sampled && (column == Saturation || column == Sqnr))
        return tr("%1: the histogram counts no input").arg(name);
    if (column == Saturation && channel.saturates())
        return tr("%1: more than 1 % of the inputs saturate").arg(name);
    if (column == Used && channel.wastes_codes())
        return tr("%1: %2 of %3 output codes are used")
            .arg(name)
            .arg(channel.used_codes)
            .arg(channel.used_codes + channel.dead_codes);
    return name;
}

} // namespace qbn::ui
