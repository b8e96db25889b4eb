#include "app/cli/command.h"
#include "app/cli/output.h"
#include "core/code_comparison.h"
#include "core/formats/error_text.h"
#include "core/formats/json_numbers.h"

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
    std::optional<FractionBits> bits; ///< where an integer backend is among the compared
};

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
        return "  no tie and none near: certified, every sound backend gives the same codes\n";
    return "  " + counted(comparison.ties, "tie", "ties") + ", "
        + counted(comparison.near, "code", "codes")
        + " that another order of roundings could flip; "
        + counted(comparison.certified_channels, "channel", "channels") + " of "
        + std::to_string(compared.layer->channels()) + " certified\n";
}

std::string bits_text(const FractionBits& bits)
{
    const auto text = [](const std::optional<int>& count) {
        return count ? std::to_string(*count) : std::string("none");
    };
    return "  fixed-point: largest safe number of fraction bits " + text(bits.largest_safe)
        + ", smallest exact " + text(bits.smallest_exact) + "\n";
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
    text += ties_text(compared);
    if (compared.bits)
        text += bits_text(*compared.bits);
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

QJsonObject layer_json(const ComparedLayer& compared)
{
    const LayerComparison& comparison = compared.comparison;
    QJsonArray pairs;
    for (const PairComparison& pair : comparison.pairs)
        pairs.append(pair_json(pair));
    QJsonObject json{
        {QStringLiteral("layer"), compared.index},
        {QStringLiteral("name"), QString::fromStdString(compared.layer->name)},
        {QStringLiteral("channels"), compared.layer->channels()},
        {QStringLiteral("codes"), static_cast<qint64>(comparison.codes)},
        {QStringLiteral("pairs"), pairs},
        {QStringLiteral("ties"), static_cast<qint64>(comparison.ties)},
        {QStringLiteral("near_ties"), static_cast<qint64>(comparison.near)},
        {QStringLiteral("certified_channels"), comparison.certified_channels},
        {QStringLiteral("certified"), comparison.certified()},
    };
    if (compared.bits) {
        const auto value = [](const std::optional<int>& bits) {
            return bits ? QJsonValue(*bits) : QJsonValue();
        };
        json[QStringLiteral("fraction_bits")]
            = QJsonObject{{QStringLiteral("largest_safe"), value(compared.bits->largest_safe)},
                          {QStringLiteral("smallest_exact"), value(compared.bits->smallest_exact)}};
    }
    return json;
}

ComparedLayer compared(const Model& model, int index, const std::vector<const Backend*>& backends)
{
    const BatchNormLayer& layer = *model.layers[static_cast<std::size_t>(index)];
    ComparedLayer result{.index = index, .layer = &layer, .comparison = compare(layer, backends)};
    const bool integer = std::any_of(backends.begin(), backends.end(), [](const Backend* backend) {
        return backend->arithmetic && backend->arithmetic->form == Arithmetic::Form::integer;
    });
    if (integer)
        result.bits = fraction_bits_for(layer);
    return result;
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
    parser.addOptions({layer_opt, backends_opt, json_opt});
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
        layers.push_back(compared(*model, index, *backends));
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
