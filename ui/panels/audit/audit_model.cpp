#include "ui/panels/audit/audit_model.h"

#include <cmath>
#include <utility>

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
    : TableModel(parent)
    , m_runner(runner)
{
    const auto name = [](int row) { return tr("Channel %1").arg(row); };
    const auto isSampled = [this](int row) { return channelAt(row).is_sampled; };
    const auto tipOfSamples = [=](int row) {
        return isSampled(row) ? name(row) : tr("%1: the histogram counts no input").arg(name(row));
    };
    std::vector<TableColumn> columns{
        {.title = tr("channel"),
         .toolTip = tr("Channel"),
         .value = [](int row) { return row; },
         .cellToolTip = name},
        {.title = tr("inputs sat."),
         .toolTip = tr("Share of the inputs whose output code is clamped"),
         .value = [this](int row) { return channelAt(row).saturation; },
         .text =
             [this](int row) {
                 const ChannelAudit& channel = channelAt(row);
                 return channel.is_sampled ? shareText(channel.saturation) : tr("no samples");
             },
         .color =
             [this](int row) {
                 return channelAt(row).saturates() ? QVariant(colors().problem) : QVariant();
             },
         .cellToolTip =
             [=, this](int row) {
                 return channelAt(row).saturates()
                     ? tr("%1: more than 1 % of the inputs saturate").arg(name(row))
                     : tipOfSamples(row);
             }}};
    addCodeColumns(columns);
    columns.push_back({.title = tr("SQNR"),
                       .toolTip = tr("Exact output over quantization error, in decibels"),
                       .value = [this](int row) { return channelAt(row).sqnr(); },
                       .text =
                           [=, this](int row) {
                               return isSampled(row) ? decibelText(channelAt(row).sqnr())
                                                     : QStringLiteral("–");
                           },
                       .cellToolTip = tipOfSamples});
    for (auto column = columns.begin() + 1; column != columns.end(); ++column)
        column->color = [this, usual = column->color](int row) {
            return m_isPlaceholder ? QVariant(colors().muted) : usual ? usual(row) : QVariant();
        };
    setColumns(std::move(columns));
    connect(&runner, &AuditRunner::changed, this, &AuditModel::refresh);
    refresh();
}

void AuditModel::addCodeColumns(std::vector<TableColumn>& columns)
{
    const auto name = [](int row) { return tr("Channel %1").arg(row); };
    columns.push_back({.title = tr("used"),
                       .toolTip = tr("Output codes that some input code gives"),
                       .value = [this](int row) { return channelAt(row).used_codes; },
                       .color =
                           [this](int row) {
                               return channelAt(row).wastes_codes() ? QVariant(colors().problem)
                                                                    : QVariant();
                           },
                       .cellToolTip =
                           [=, this](int row) {
                               const ChannelAudit& channel = channelAt(row);
                               return channel.wastes_codes()
                                   ? tr("%1: %2 of %3 output codes are used")
                                         .arg(name(row))
                                         .arg(channel.used_codes)
                                         .arg(channel.used_codes + channel.dead_codes)
                                   : name(row);
                           }});
    columns.push_back({.title = tr("dead"),
                       .toolTip = tr("Output codes that none gives"),
                       .value = [this](int row) { return channelAt(row).dead_codes; },
                       .cellToolTip = name});
    columns.push_back({.title = tr("merged"),
                       .toolTip = tr("Input codes that share their output code with another"),
                       .value = [this](int row) { return channelAt(row).merged_codes; },
                       .cellToolTip = name});
}

void AuditModel::setPlaceholder(bool on)
{
    if (std::exchange(m_isPlaceholder, on) != on)
        emitChanged(Saturation, Sqnr);
}

void AuditModel::refresh()
{
    const LayerAudit* result = m_runner.result();
    change(result != nullptr ? static_cast<int>(result->channels.size()) : 0, [] { });
}

const ChannelAudit& AuditModel::channelAt(int row) const
{
    return m_runner.result()->channels[static_cast<std::size_t>(row)];
}

} // namespace qbn::ui

#include "moc_audit_model.cpp"
