#include "app/cli/compare_output.h"

#include "app/cli/command.h"
#include "core/compare/tie_map.h"
#include "core/text/printable.h"
#include "core/text/sentence.h"
#include "core/text/text_number.h"

#include <QJsonArray>

#include <algorithm>

namespace qbn::cli {

namespace {

/// Where the verb has a plural too.
std::string count_text(std::int64_t count, const std::string& one, const std::string& many)
{
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

/// "10 by +1, 2 by -1"
std::string by_difference_text(const PairComparison& pair)
{
    std::string text;
    for (const auto& [difference, count] : pair.by_difference) {
        text += text.empty() ? "" : ", ";
        text += std::to_string(count) + " by " + (difference > 0 ? "+" : "")
            + std::to_string(difference);
    }
    return text;
}

std::string pair_text(const PairComparison& pair)
{
    std::string text = "  " + std::string(pair.first->id) + ", " + std::string(pair.second->id)
        + ": " + count_text(pair.differing, "code differs", "codes differ") + " ("
        + by_difference_text(pair) + ")\n";
    for (const DifferingCode& place : pair.places)
        text += "    channel " + std::to_string(place.channel) + ", code "
            + std::to_string(place.input_code) + ": " + std::to_string(place.first) + " and "
            + std::to_string(place.second) + "\n";
    if (pair.differing > static_cast<std::int64_t>(pair.places.size()))
        text += "    ...\n";
    return text;
}

/// "; not covered: openvino, litert", or nothing.
std::string listed(const char* what, const std::vector<const Backend*>& backends)
{
    std::string text;
    for (const Backend* backend : backends)
        text += (text.empty() ? what : ", ") + std::string(backend->id);
    return text;
}

std::string ties_text(const ComparedLayer& compared)
{
    const LayerComparison& comparison = compared.comparison;
    if (comparison.certified())
        return "  no tie and none near: certified, every sound binary32 backend gives the same "
               "codes"
            + listed("; proved of their own roundings: ", compared.proved)
            + listed("; not covered: ", compared.uncovered) + "\n";
    const ChannelComparison all = comparison.all();
    std::string text = "  " + counted(all.ties, "tie") + ", " + counted(all.near, "code")
        + " that another order of roundings could flip";
    if (all.uncertain > 0)
        text += ", " + counted(all.uncertain, "code")
            + " uncertain (parameters too extreme, or a zero point outside of its type)";
    return text + "; " + counted(comparison.certified_channels(), "channel") + " of "
        + std::to_string(compared.layer->channels()) + " certified\n";
}

/// "    code 38: 3.1e-07 output steps from the boundary, 0.8 ulp of pytorch", ties and near ones.
std::string codes_text(const ComparedLayer& compared, int channel)
{
    std::string text;
    const ChannelTieMap map = tie_map(*compared.ulp_of, *compared.layer, channel);
    std::int32_t code = compared.layer->input.type.qmin();
    for (const CodeMargin& margin : map.codes) {
        const std::string head = "      code " + std::to_string(code++) + ": ";
        if (margin.tie)
            text += head + "a tie\n";
        else if (margin.near_tie())
            text += head + format_number(static_cast<float>(margin.steps))
                + " output steps from where the code changes, "
                + format_number(static_cast<float>(margin.ulp)) + " ulp of "
                + std::string(compared.ulp_of->id) + "\n";
    }
    return text;
}

/// The channels of which there is something to say; a few of them where no list was asked for.
std::string channels_text(const ComparedLayer& compared)
{
    constexpr int few = 5;
    std::string text;
    int shown = 0;
    for (int channel = 0; channel < compared.layer->channels(); ++channel) {
        const ChannelComparison& counts
            = compared.comparison.channels[static_cast<std::size_t>(channel)];
        if (counts.certified() && counts.differing == 0)
            continue;
        if (!compared.list_ties && shown++ == few)
            return text + "    ...\n";
        text += "    channel " + std::to_string(channel) + ": " + counted(counts.ties, "tie") + ", "
            + std::to_string(counts.near) + " near, " + std::to_string(counts.uncertain)
            + " uncertain; " + count_text(counts.differing, "code differs", "codes differ") + "\n";
        if (compared.list_ties)
            text += codes_text(compared, channel);
    }
    return text;
}

std::string accumulator_name(const FractionBits& bits)
{
    return bits.accumulator == Accumulator::int64 ? "int64" : "int32";
}

/// Why there is no number of bits with which all codes are those of exact mathematics.
std::string obstacle_text(const FractionBits& bits)
{
    using Obstacle = FractionBits::Obstacle;
    const std::string channel = "channel " + std::to_string(bits.obstacle_channel);
    switch (bits.obstacle) {
    case Obstacle::ties:
        return "ties: half up against half even";
    case Obstacle::unfit:
        return channel + ": its multiplier or offset is no number, or does not fit";
    case Obstacle::room:
        return channel + ": it needs more than " + accumulator_name(bits) + " or "
            + std::to_string(max_fraction_bits) + " bits leave room for";
    case Obstacle::no_common:
        return "each channel has one, none suits all";
    case Obstacle::none:
        break;
    }
    return {};
}

std::string bits_text(const FractionBits& bits)
{
    const bool wide = bits.accumulator == Accumulator::int64;
    const std::string name = wide ? "fixed-point, int64" : "fixed-point";
    std::string text = "  " + name + ": largest safe number of fraction bits "
        + (bits.largest_safe ? std::to_string(*bits.largest_safe)
                             : "none (" + std::to_string(min_fraction_bits) + " do not fit into "
                   + accumulator_name(bits) + ")");
    return text + ", smallest exact "
        + (bits.smallest_exact ? std::to_string(*bits.smallest_exact)
                               : "none (" + obstacle_text(bits) + ")")
        + "\n";
}

// namespace

QJsonObject pair_json(const PairComparison& pair)
{
    QJsonObject by_difference;
    for (const auto& [difference, count] : pair.by_difference)
        by_difference[QString::number(difference)] = static_cast<qint64>(count);
    QJsonArray places;
    for (const DifferingCode& place : pair.places)
        places.append(
            QJsonObject{{QStringLiteral("channel"), place.channel},
                        {QStringLiteral("input_code"), place.input_code},
                        {QStringLiteral("output_codes"), QJsonArray{place.first, place.second}}});
    return {
        {QStringLiteral("backends"), QJsonArray{text_of(pair.first->id), text_of(pair.second->id)}},
        {QStringLiteral("differing"), static_cast<qint64>(pair.differing)},
        {QStringLiteral("by_difference"), by_difference},
        {QStringLiteral("first"), places}};
}

QJsonObject channel_json(const ComparedLayer& compared, int channel)
{
    const ChannelComparison& counts
        = compared.comparison.channels[static_cast<std::size_t>(channel)];
    QJsonObject json{{QStringLiteral("channel"), channel},
                     {QStringLiteral("differing"), static_cast<qint64>(counts.differing)},
                     {QStringLiteral("ties"), static_cast<qint64>(counts.ties)},
                     {QStringLiteral("near_ties"), static_cast<qint64>(counts.near)},
                     {QStringLiteral("uncertain"), static_cast<qint64>(counts.uncertain)},
                     {QStringLiteral("certified"), counts.certified()}};
    if (!compared.list_ties)
        return json;
    QJsonArray steps;
    QJsonArray ulp;
    for (const CodeMargin& margin : tie_map(*compared.ulp_of, *compared.layer, channel).codes) {
        steps.append(number_json(margin.steps));
        ulp.append(number_json(margin.ulp));
    }
    json[QStringLiteral("distance_steps")] = steps;
    json[QStringLiteral("distance_ulp")] = ulp;
    return json;
}

QJsonObject bits_json(const FractionBits& bits)
{
    const auto value
        = [](const std::optional<int>& count) { return count ? QJsonValue(*count) : QJsonValue(); };
    const std::string obstacle = obstacle_text(bits);
    return {{QStringLiteral("accumulator"), QString::fromStdString(accumulator_name(bits))},
            {QStringLiteral("largest_safe"), value(bits.largest_safe)},
            {QStringLiteral("smallest_exact"), value(bits.smallest_exact)},
            {QStringLiteral("no_exact_because"),
             obstacle.empty() ? QJsonValue() : QJsonValue(QString::fromStdString(obstacle))}};
}

} // namespace

std::string layer_text(const ComparedLayer& compared)
{
    const LayerComparison& comparison = compared.comparison;
    std::string text = "layer " + std::to_string(compared.index) + ": "
        + printable(compared.layer->name) + ", " + counted(compared.layer->channels(), "channel")
        + ", " + counted(comparison.codes, "code") + "\n";
    for (const PairComparison& pair : comparison.pairs) {
        if (pair.differing > 0)
            text += pair_text(pair);
    }
    const auto agreeing = std::count_if(comparison.pairs.begin(), comparison.pairs.end(),
                                        [](const PairComparison& p) { return p.differing == 0; });
    if (agreeing > 0)
        text += "  " + count_text(agreeing, "pair agrees", "pairs agree") + " on every code\n";
    text += ties_text(compared) + channels_text(compared);
    for (const FractionBits& bits : compared.bits)
        text += bits_text(bits);
    return text;
}

QJsonObject layer_json(const ComparedLayer& compared)
{
    const auto ids = [](const std::vector<const Backend*>& backends) {
        QJsonArray list;
        for (const Backend* backend : backends)
            list.append(text_of(backend->id));
        return list;
    };
    const LayerComparison& comparison = compared.comparison;
    QJsonArray pairs;
    for (const PairComparison& pair : comparison.pairs)
        pairs.append(pair_json(pair));
    QJsonArray by_channel;
    for (int channel = 0; channel < compared.layer->channels(); ++channel)
        by_channel.append(channel_json(compared, channel));
    const ChannelComparison all = comparison.all();
    QJsonObject json{
        {QStringLiteral("layer"), compared.index},
        {QStringLiteral("name"), QString::fromStdString(compared.layer->name)},
        {QStringLiteral("channels"), compared.layer->channels()},
        {QStringLiteral("codes"), static_cast<qint64>(comparison.codes)},
        {QStringLiteral("pairs"), pairs},
        {QStringLiteral("ties"), static_cast<qint64>(all.ties)},
        {QStringLiteral("near_ties"), static_cast<qint64>(all.near)},
        {QStringLiteral("uncertain"), static_cast<qint64>(all.uncertain)},
        {QStringLiteral("certified_channels"),
         static_cast<qint64>(comparison.certified_channels())},
        {QStringLiteral("certified"), comparison.certified()},
        {QStringLiteral("proved"), ids(compared.proved)},
        {QStringLiteral("not_covered"), ids(compared.uncovered)},
        {QStringLiteral("by_channel"), by_channel},
        {QStringLiteral("ulp_of"), text_of(compared.ulp_of->id)},
    };
    QJsonArray bits;
    std::transform(compared.bits.begin(), compared.bits.end(), std::back_inserter(bits), bits_json);
    if (!bits.isEmpty())
        json[QStringLiteral("fraction_bits")] = bits;
    return json;
}
std::string summary_text(const std::vector<ComparedLayer>& layers)
{
    std::int64_t codes = 0;
    std::int64_t differing = 0;
    for (const ComparedLayer& layer : layers) {
        codes += layer.comparison.codes;
        differing += layer.comparison.differs() ? 1 : 0;
    }
    return counted(layers.size(), "layer") + ", " + counted(codes, "code") + ": backends differ in "
        + counted(differing, "layer") + "\n";
}

} // namespace qbn::cli
