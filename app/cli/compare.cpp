#include "app/cli/command.h"
#include "app/cli/output.h"
#include "core/code_comparison.h"
#include "core/fixed_point.h"
#include "core/formats/error_text.h"
#include "core/formats/json_numbers.h"
#include "core/text_number.h"
#include "core/tie_map.h"

#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>

namespace qbn::cli {

namespace {

struct ComparedLayer
{
    int index = 0;
    const BatchNormLayer* layer = nullptr;
    LayerComparison comparison;
    bool has_integers = false;
    std::vector<FractionBits> bits; ///< for each accumulator of `fixed-point` among the compared
    const Backend* ulp_of = nullptr; ///< whose units in the last place are counted
    bool list_ties = false;
};

bool is_integer(const Backend& backend)
{
    return backend.arithmetic && backend.arithmetic->form == Arithmetic::Form::integer;
}

std::string counted(std::int64_t count, const std::string& one, const std::string& many)
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
        + ": " + counted(pair.differing, "code differs", "codes differ") + " ("
        + by_difference_text(pair) + ")\n";
    for (const DifferingCode& place : pair.places)
        text += "    channel " + std::to_string(place.channel) + ", code "
            + std::to_string(place.input_code) + ": " + std::to_string(place.first) + " and "
            + std::to_string(place.second) + "\n";
    if (pair.differing > static_cast<std::int64_t>(pair.places.size()))
        text += "    ...\n";
    return text;
}

std::string ties_text(const ComparedLayer& compared)
{
    const LayerComparison& comparison = compared.comparison;
    if (comparison.certified())
        return std::string("  no tie and none near: certified, every sound binary32 backend gives "
                           "the same codes")
            + (compared.has_integers ? "; integers are not covered\n" : "\n");
    const ChannelComparison all = comparison.all();
    std::string text = "  " + counted(all.ties, "tie", "ties") + ", "
        + counted(all.near, "code", "codes") + " that another order of roundings could flip";
    if (all.uncertain > 0)
        text += ", " + counted(all.uncertain, "code", "codes")
            + " uncertain (parameters too extreme, or a zero point outside of its type)";
    return text + "; " + counted(comparison.certified_channels(), "channel", "channels") + " of "
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
        text += "    channel " + std::to_string(channel) + ": "
            + counted(counts.ties, "tie", "ties") + ", " + std::to_string(counts.near) + " near, "
            + std::to_string(counts.uncertain) + " uncertain; "
            + counted(counts.differing, "code differs", "codes differ") + "\n";
        if (compared.list_ties)
            text += codes_text(compared, channel);
    }
    return text;
}

std::string accumulator_name(const FractionBits& bits)
{
    return bits.accumulator == Arithmetic::Integer::Accumulator::int64 ? "int64" : "int32";
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
    const bool wide = bits.accumulator == Arithmetic::Integer::Accumulator::int64;
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

std::string layer_text(const ComparedLayer& compared)
{
    const LayerComparison& comparison = compared.comparison;
    std::string text = "layer " + std::to_string(compared.index) + ": "
        + printable(compared.layer->name) + ", "
        + counted(compared.layer->channels(), "channel", "channels") + ", "
        + counted(comparison.codes, "code", "codes") + "\n";
    for (const PairComparison& pair : comparison.pairs) {
        if (pair.differing > 0)
            text += pair_text(pair);
    }
    const auto agreeing = std::count_if(comparison.pairs.begin(), comparison.pairs.end(),
                                        [](const PairComparison& p) { return p.differing == 0; });
    if (agreeing > 0)
        text += "  " + counted(agreeing, "pair agrees", "pairs agree") + " on every code\n";
    text += ties_text(compared) + channels_text(compared);
    for (const FractionBits& bits : compared.bits)
        text += bits_text(bits);
    return text;
}

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

QJsonObject layer_json(const ComparedLayer& compared)
{
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
        {QStringLiteral("by_channel"), by_channel},
        {QStringLiteral("ulp_of"), text_of(compared.ulp_of->id)},
    };
    QJsonArray bits;
    std::transform(compared.bits.begin(), compared.bits.end(), std::back_inserter(bits), bits_json);
    if (!bits.isEmpty())
        json[QStringLiteral("fraction_bits")] = bits;
    return json;
}

/// Those of `fixed-point` among the backends; gemmlowp's form chooses its bits otherwise.
std::vector<FractionBits> bits_of(const BatchNormLayer& layer,
                                  const std::vector<const Backend*>& backends)
{
    using Integer = Arithmetic::Integer;
    std::vector<FractionBits> bits;
    for (const auto accumulator : {Integer::Accumulator::int32, Integer::Accumulator::int64}) {
        const bool used = std::any_of(backends.begin(), backends.end(), [&](const Backend* b) {
            return is_integer(*b) && b->arithmetic->integer.accumulator == accumulator
                && b->arithmetic->integer.rounding == Integer::Rounding::half_up_shift;
        });
        if (used)
            bits.push_back(fraction_bits_for(layer, accumulator));
    }
    return bits;
}

ComparedLayer compared(const Model& model, int index, const std::vector<const Backend*>& backends,
                       bool list_ties)
{
    const BatchNormLayer& layer = *model.layers[static_cast<std::size_t>(index)];
    return {.index = index,
            .layer = &layer,
            .comparison = compare(layer, backends),
            .has_integers
            = std::any_of(backends.begin(), backends.end(),
                          [](const Backend* backend) { return is_integer(*backend); }),
            .bits = bits_of(layer, backends),
            .ulp_of = backends.front(),
            .list_ties = list_ties};
}

std::string summary_text(const std::vector<ComparedLayer>& layers)
{
    std::int64_t codes = 0;
    std::int64_t differing = 0;
    for (const ComparedLayer& layer : layers) {
        codes += layer.comparison.codes;
        differing += layer.comparison.differs() ? 1 : 0;
    }
    return counted(static_cast<std::int64_t>(layers.size()), "layer", "layers") + ", "
        + counted(codes, "code", "codes") + ": backends differ in "
        + counted(differing, "layer", "layers") + "\n";
}

} // namespace

ExitCode run_compare(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "Compares backends on every code of every channel: how many codes differ, by "
        "how much, and where first; how near the codes lie to a tie. Exits with 1 if "
        "any code differs."));
    parser.addPositionalArgument(QStringLiteral("FILE"),
                                 QStringLiteral("A session or a torch.save state_dict."));
    const QCommandLineOption layer_opt = layer_option();
    const QCommandLineOption backends_opt = backends_option(
        QStringLiteral("The backends to compare, two at least; without it all but fixed point"));
    const QCommandLineOption json_opt = json_option();
    const QCommandLineOption ties_opt(
        QStringLiteral("ties"),
        QStringLiteral("List every tie and near tie with its distance in output steps and in ulp "
                       "of the first backend; with --json the distances of all codes."));
    parser.addOptions({layer_opt, backends_opt, ties_opt, json_opt});
    if (const auto code = parse(parser, arguments, 1))
        return *code;
    const auto backends = parser.isSet(backends_opt)
        ? find_backends_or_complain(parser.value(backends_opt))
        : std::optional(compared_by_default());
    if (!backends)
        return usage_error;
    const QString path = parser.positionalArguments().front();
    const auto model = load(path);
    if (!model)
        return bad_input;
    std::optional<int> only;
    if (parser.isSet(layer_opt)) {
        only = find_layer(*model, parser.value(layer_opt), path);
        if (!only)
            return usage_error;
    }

    Output output({});
    std::vector<ComparedLayer> layers;
    for (int index = 0; index < static_cast<int>(model->layers.size()); ++index) {
        if (only && *only != index)
            continue;
        layers.push_back(compared(*model, index, *backends, parser.isSet(ties_opt)));
        if (!parser.isSet(json_opt))
            output.write(layer_text(layers.back()));
    }
    const bool differs = std::any_of(layers.begin(), layers.end(), [](const ComparedLayer& layer) {
        return layer.comparison.differs();
    });
    if (parser.isSet(json_opt)) {
        QJsonArray json;
        std::transform(layers.begin(), layers.end(), std::back_inserter(json), layer_json);
        output.write(
            json_text({{QStringLiteral("layers"), json}, {QStringLiteral("differs"), differs}}));
    } else {
        output.write(summary_text(layers));
    }
    const ExitCode code = output.finish();
    return code == done && differs ? found : code;
}

} // namespace qbn::cli
