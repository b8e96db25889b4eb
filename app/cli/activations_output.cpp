#include "app/cli/activations_output.h"

#include "app/cli/command.h"
#include "core/text/printable.h"
#include "core/text/sentence.h"
#include "core/text/text_number.h"

#include <QJsonArray>

#include <algorithm>
#include <cmath>

namespace qbn::cli {

namespace {

constexpr std::size_t shown_disagreements = 20;

/// Two decimals, cut: what is not all is never 100 %.
std::string percent(std::uint64_t part, std::uint64_t all)
{
    if (all == 0)
        return "-";
    const double share = static_cast<double>(part) / static_cast<double>(all);
    return QString::number(std::floor(share * 1e4) / 100, 'f', 2).toStdString() + " %";
}

std::string decibels_text(double value)
{
    return (std::isfinite(value) ? QString::number(value, 'f', 2).toStdString()
                                 : format_number(value))
        + " dB";
}

std::string elements_text(std::uint64_t count)
{
    return counted(count, "element");
}

std::string use_text(const CodeUse& use)
{
    return "qmin " + percent(use.at_qmin, use.elements) + ", qmax "
        + percent(use.at_qmax, use.elements) + ", " + std::to_string(use.unused) + " codes unused";
}

std::string activation_text(const ChannelActivation& channel)
{
    const std::uint64_t all = channel.input.elements;
    return elements_text(all) + ", clamped low " + percent(channel.clamped_low, all) + ", high "
        + percent(channel.clamped_high, all) + ", SQNR " + decibels_text(channel.sqnr())
        + "; output at " + use_text(channel.output);
}

std::string disagreement_text(const MeasuredLayer& measured, const Disagreement& other)
{
    return index_text(measured.counts.layout, other.first) + ": input code "
        + std::to_string(other.input) + ", expected " + std::to_string(other.expected) + ", got "
        + std::to_string(other.got);
}

/// Nothing that was read tells them apart: they differ from it on as many elements, first on the same.
bool is_alike(const BackendAgreement& a, const BackendAgreement& b)
{
    return a.channels == b.channels && a.never == b.never && a.partly == b.partly
        && a.first == b.first;
}

std::string agreement_text(const MeasuredLayer& measured, const BackendAgreement& agreement)
{
    std::string text = "  " + std::to_string(agreement.agreeing) + " of "
        + elements_text(agreement.elements) + " (" + percent(agreement.agreeing, agreement.elements)
        + "):";
    for (const BackendAgreement& other : measured.agreements) {
        if (is_alike(agreement, other))
            text += (text.back() == ':' ? " " : ", ") + std::string(other.backend->id);
    }
    if (!agreement.first)
        return text + "\n";
    text += "\n    ";
    if (agreement.never > 0)
        text += "never " + std::to_string(agreement.never) + " of "
            + counted(static_cast<std::size_t>(agreement.codes), "code") + "; ";
    if (agreement.partly > 0)
        text += "in part " + counted(static_cast<std::size_t>(agreement.partly), "code") + "; ";
    const int worst = agreement.worst_channel;
    const CodeUse& use = measured.outputs[static_cast<std::size_t>(worst)];
    return text + "worst channel " + std::to_string(worst) + " ("
        + percent(agreement.channels[static_cast<std::size_t>(worst)], use.elements)
        + "); first at " + disagreement_text(measured, *agreement.first) + "\n";
}

std::string agreements_text(const MeasuredLayer& measured)
{
    std::string text = "elements of the output that a backend gives:\n";
    const auto& all = measured.agreements;
    for (auto next = all.begin(); next != all.end(); ++next) {
        const auto first = std::find_if(all.begin(), next, [next](const BackendAgreement& other) {
            return is_alike(*next, other);
        });
        if (first == next)
            text += agreement_text(measured, *next);
    }
    return text;
}

std::string disagreements_text(const MeasuredLayer& measured)
{
    const auto& all = measured.disagreements;
    if (all.empty())
        return {};
    std::string text = "where " + std::string(measured.backend->id) + " gives another code:\n";
    for (std::size_t i = 0; i < std::min(all.size(), shown_disagreements); ++i)
        text += "  channel " + std::to_string(all[i].channel) + ", " + elements_text(all[i].count)
            + ", first at " + disagreement_text(measured, all[i]) + "\n";
    if (all.size() > shown_disagreements)
        text += "  and " + counted(all.size() - shown_disagreements, "more pair")
            + " of codes; --csv pairs lists them\n";
    return text;
}

std::string several_text(const SeveralOutputs& several)
{
    std::string text
        = "no layer gives this: " + counted(static_cast<std::size_t>(several.codes), "input code")
        + " with several output codes each, in channel " + std::to_string(several.channel)
        + " code " + std::to_string(several.input) + " with ";
    for (const CodePair& pair : several.pairs)
        text += (&pair == several.pairs.data() ? "" : ", ") + std::to_string(pair.output) + " ("
            + std::to_string(pair.count) + ")";
    return text + "; is it this layer's input, in this layout?\n";
}

QJsonArray index_json(const MeasuredLayer& measured, std::uint64_t element)
{
    QJsonArray index;
    for (const std::int64_t number : index_of(measured.counts.layout, element))
        index.append(static_cast<qint64>(number));
    return index;
}

QJsonObject disagreement_json(const MeasuredLayer& measured, const Disagreement& other)
{
    return {{QStringLiteral("channel"), other.channel},
            {QStringLiteral("input_code"), other.input},
            {QStringLiteral("expected"), other.expected},
            {QStringLiteral("got"), other.got},
            {QStringLiteral("elements"), static_cast<qint64>(other.count)},
            {QStringLiteral("first"), index_json(measured, other.first)}};
}

QJsonObject agreement_json(const MeasuredLayer& measured, const BackendAgreement& agreement)
{
    QJsonArray channels;
    for (const std::uint64_t agreeing : agreement.channels)
        channels.append(static_cast<qint64>(agreeing));
    QJsonObject object{{QStringLiteral("backend"), text_of(agreement.backend->id)},
                       {QStringLiteral("elements"), static_cast<qint64>(agreement.elements)},
                       {QStringLiteral("agreeing"), static_cast<qint64>(agreement.agreeing)},
                       {QStringLiteral("codes"), agreement.codes},
                       {QStringLiteral("never"), agreement.never},
                       {QStringLiteral("partly"), agreement.partly},
                       {QStringLiteral("agreeing_by_channel"), channels}};
    object[QStringLiteral("first")] = agreement.first
        ? QJsonValue(disagreement_json(measured, *agreement.first))
        : QJsonValue();
    return object;
}

/// A row of the table as an object.
QJsonObject row_json(const Table& table, const std::vector<Cell>& row)
{
    QJsonObject object;
    for (std::size_t i = 0; i < row.size(); ++i) {
        const QString key = QString::fromStdString(table.columns[i]);
        if (const auto* const whole = std::get_if<std::int64_t>(&row[i]))
            object[key] = static_cast<qint64>(*whole);
        else if (const auto* const real = std::get_if<double>(&row[i]))
            object[key] = number_json(*real);
        else
            object[key] = QString::fromStdString(std::get<std::string>(row[i]));
    }
    return object;
}

void add_use(Table& table, std::vector<Cell>& row, const CodeUse& use, const std::string& side)
{
    for (const auto& [name, cell] :
         {std::pair{"at_qmin", Cell(static_cast<std::int64_t>(use.at_qmin))},
          std::pair{"at_qmax", Cell(static_cast<std::int64_t>(use.at_qmax))},
          std::pair{"unused_codes", Cell(std::int64_t{use.unused})},
          std::pair{"mean_code", Cell(use.mean)}}) {
        if (table.rows.empty())
            table.columns.push_back(side + name);
        row.push_back(cell);
    }
}

} // namespace

std::string layer_text(const MeasuredLayer& measured)
{
    std::string text = "layer " + std::to_string(measured.index) + ": "
        + printable(measured.layer->name) + ", " + shape_text(measured.counts.layout.shape) + ", "
        + (measured.channels.empty() ? "read:" : std::string(measured.backend->id) + ":") + "\n";
    if (!measured.channels.empty())
        text += "  all: " + activation_text(whole(measured.channels)) + " over all channels\n";
    for (int channel = 0; channel < measured.layer->channels(); ++channel) {
        const auto at = static_cast<std::size_t>(channel);
        text += "  channel " + std::to_string(channel) + ": "
            + (measured.channels.empty() ? elements_text(measured.outputs[at].elements) + ", at "
                       + use_text(measured.outputs[at])
                                         : activation_text(measured.channels[at]))
            + "\n";
    }
    if (measured.agreements.empty())
        return text;
    text += agreements_text(measured) + disagreements_text(measured);
    return text + (measured.several ? several_text(*measured.several) : "");
}

QJsonObject layer_json(const MeasuredLayer& measured)
{
    QJsonArray shape;
    for (const std::int64_t size : measured.counts.layout.shape)
        shape.append(static_cast<qint64>(size));
    const Table table = channel_table(measured);
    QJsonArray channels;
    for (const auto& row : table.rows)
        channels.append(row_json(table, row));
    QJsonObject object{
        {QStringLiteral("layer"), measured.index},
        {QStringLiteral("name"), QString::fromStdString(measured.layer->name)},
        {QStringLiteral("backend"), text_of(measured.backend->id)},
        {QStringLiteral("shape"), shape},
        {QStringLiteral("elements"), static_cast<qint64>(measured.counts.layout.count)},
        {QStringLiteral("channels"), channels}};
    if (!measured.channels.empty())
        object[QStringLiteral("sqnr_db")] = number_json(whole(measured.channels).sqnr());
    if (measured.agreements.empty())
        return object;
    QJsonArray agreements;
    for (const BackendAgreement& agreement : measured.agreements)
        agreements.append(agreement_json(measured, agreement));
    QJsonArray disagreements;
    for (const Disagreement& other : measured.disagreements)
        disagreements.append(disagreement_json(measured, other));
    object[QStringLiteral("agreement")] = agreements;
    object[QStringLiteral("disagreements")] = disagreements;
    object[QStringLiteral("codes_with_several_outputs")]
        = measured.several ? measured.several->codes : 0;
    return object;
}

Table channel_table(const MeasuredLayer& measured)
{
    Table table{.columns = {"channel", "elements"}, .rows = {}};
    if (!measured.channels.empty())
        table.columns.insert(table.columns.end(), {"clamped_low", "clamped_high", "sqnr_db"});
    for (int channel = 0; channel < measured.layer->channels(); ++channel) {
        const auto at = static_cast<std::size_t>(channel);
        std::vector<Cell> row{std::int64_t{channel}};
        if (!measured.channels.empty()) {
            const ChannelActivation& activation = measured.channels[at];
            row.insert(row.end(),
                       {static_cast<std::int64_t>(activation.input.elements),
                        static_cast<std::int64_t>(activation.clamped_low),
                        static_cast<std::int64_t>(activation.clamped_high), activation.sqnr()});
            add_use(table, row, activation.input, "input_");
            add_use(table, row, activation.output, "");
        } else {
            row.emplace_back(static_cast<std::int64_t>(measured.outputs[at].elements));
        }
        if (!measured.outputs.empty())
            add_use(table, row, measured.outputs[at], "read_");
        table.rows.push_back(std::move(row));
    }
    return table;
}

Table agreement_table(const MeasuredLayer& measured)
{
    Table table{.columns = {"backend", "elements", "agreeing", "codes", "never", "partly",
                            "worst_channel", "first", "input_code", "expected", "got"},
                .rows = {}};
    for (const BackendAgreement& agreement : measured.agreements) {
        std::vector<Cell> row{std::string(agreement.backend->id),
                              static_cast<std::int64_t>(agreement.elements),
                              static_cast<std::int64_t>(agreement.agreeing),
                              std::int64_t{agreement.codes},
                              std::int64_t{agreement.never},
                              std::int64_t{agreement.partly}};
        if (const auto& first = agreement.first)
            row.insert(row.end(),
                       {std::int64_t{agreement.worst_channel},
                        index_text(measured.counts.layout, first->first),
                        std::int64_t{first->input}, std::int64_t{first->expected},
                        std::int64_t{first->got}});
        else
            row.resize(table.columns.size(), std::string());
        table.rows.push_back(std::move(row));
    }
    return table;
}

Table disagreement_table(const MeasuredLayer& measured)
{
    Table table{.columns = {"channel", "input_code", "expected", "got", "elements", "first"},
                .rows = {}};
    for (const Disagreement& other : measured.disagreements)
        table.rows.push_back({std::int64_t{other.channel}, std::int64_t{other.input},
                              std::int64_t{other.expected}, std::int64_t{other.got},
                              static_cast<std::int64_t>(other.count),
                              index_text(measured.counts.layout, other.first)});
    return table;
}

} // namespace qbn::cli
