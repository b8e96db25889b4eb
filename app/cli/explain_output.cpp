#include "app/cli/explain_output.h"

#include "app/cli/command.h"
#include "core/explain/outside_cause.h"
#include "core/text/printable.h"
#include "core/text/text_number.h"

#include <QJsonArray>

#include <algorithm>

namespace qbn::cli {

namespace {

constexpr std::size_t listed = 12; ///< explanations and observations that the text lists

std::string indented(const std::string& title, const std::vector<std::string>& sentences)
{
    if (sentences.empty())
        return {};
    std::string text = title + "\n";
    for (const std::string& sentence : sentences)
        text += "  " + printable(sentence) + "\n";
    return text;
}

/// Two digits are all that the model of chance is good for.
std::string probability_text(double probability)
{
    if (probability == 0)
        return "below 1e-300";
    return QString::number(probability, 'g', 2).toStdString();
}

std::string backends_text(const ExplainedObservation& observation)
{
    std::string text;
    for (const Backend* backend : observation.backends)
        text += (text.empty() ? "" : ", ") + std::string(backend->id);
    return text.empty() ? "no backend" : text;
}

/// Empty where the prediction would be one of placeholders.
std::string prediction_text(const Report& report, const ExplainedObservation& observation)
{
    if (report.verdict == Verdict::parameters_missing)
        return {};
    std::string text = ", predicted " + std::to_string(observation.predicted);
    if (observation.is_within_rounding())
        text += ", " + std::to_string(observation.possible.lowest) + " to "
            + std::to_string(observation.possible.highest) + " within the rounding of the print";
    return text + "; given by " + backends_text(observation);
}

std::string observations_text(const Report& report)
{
    const auto& all = report.diagnosis.observations;
    if (all.empty())
        return "Nothing was observed.\n";
    std::string text = "Observed\n";
    for (std::size_t i = 0; i < std::min(listed, all.size()); ++i) {
        const Observation& seen = all[i].observation;
        text += "  channel " + std::to_string(seen.channel) + ": " + std::to_string(seen.input_code)
            + " -> " + std::to_string(seen.output_code) + prediction_text(report, all[i]) + "\n";
    }
    if (all.size() > listed)
        text += "  and " + std::to_string(all.size() - listed) + " more\n";
    return text;
}

std::string recipes_text(const Report& report)
{
    const auto& all = report.diagnosis.explanations;
    if (all.empty())
        return {};
    std::string text = "Recipes\n";
    for (std::size_t i = 0; i < std::min(listed, all.size()); ++i) {
        const Explanation& one = all[i];
        text += "  " + id_of(one) + ": explains " + std::to_string(one.explains) + " of "
            + std::to_string(one.of)
            + (one.within_rounding > 0 ? " (" + std::to_string(one.within_rounding)
                       + " within the rounding of the print)"
                                       : "")
            + ", a coincidence with probability " + probability_text(one.coincidence) + "\n    "
            + title_of(one) + ": " + formula_of(one) + "\n";
        if (!one.codes.empty())
            text += "    gives " + format_number(one.codes.front()) + " for the first\n";
    }
    if (all.size() > listed)
        text += "  and " + std::to_string(all.size() - listed) + " more\n";
    return text;
}

std::string single_unknowns_text(const BatchNormLayer& layer, const Report& report)
{
    if (report.single_unknowns.empty())
        return {};
    std::string text = "One number that would explain all\n";
    for (const SingleUnknown& solved : report.single_unknowns)
        text += "  " + sentence_of(solved, layer) + " (" + format_number(solved.low) + " to "
            + format_number(solved.high) + ")\n";
    return text;
}

std::string next_text(const Report& report)
{
    if (!report.next)
        return {};
    const NextMeasurement& next = *report.next;
    std::string text = "Measure next: channel " + std::to_string(next.channel) + ", input code "
        + std::to_string(next.input_code) + "\n";
    for (const NextMeasurement::Prediction& prediction : next.predictions)
        text += "  " + id_of(report.diagnosis.explanations[prediction.explanation]) + " gives "
            + format_number(prediction.code) + "\n";
    return text;
}

std::string point_text(const FeasibleRegion::Point& point)
{
    return "(" + format_number(point.x) + ", " + format_number(point.y) + ")";
}

std::string edge_text(const FeasibleRegion::Edge& edge, const UnknownPair& unknowns)
{
    return format_number(edge.a) + " * " + std::string(first_name(unknowns)) + " + "
        + format_number(edge.b) + " * " + std::string(second_name(unknowns)) + " + "
        + format_number(edge.c) + (edge.closed ? " >= 0" : " > 0");
}

/// A strip in one line: -113.5 < -0.944 * gamma + beta < -108.2. Empty for what has other edges.
std::string strip_equation(const FeasibleRegion& region, const UnknownPair& unknowns)
{
    if (region.kind != FeasibleRegion::Kind::strip || region.edges.size() != 2)
        return {};
    const auto& [first, second] = std::pair(region.edges[0], region.edges[1]);
    if (first.b == 0 || second.b == 0)
        return {};
    // Solved for the second unknown: below it stands the edge with b above 0.
    const FeasibleRegion::Edge& low = first.b > 0 ? first : second;
    const FeasibleRegion::Edge& high = first.b > 0 ? second : first;
    const auto sign = [](const FeasibleRegion::Edge& edge) { return edge.closed ? " <= " : " < "; };
    return format_number(-low.c / low.b) + sign(low) + format_number(low.a / low.b) + " * "
        + std::string(first_name(unknowns)) + " + " + std::string(second_name(unknowns))
        + sign(high) + format_number(high.c / -high.b);
}

std::string region_text(const BatchNormLayer& layer, int channel, const UnknownPair& unknowns)
{
    const auto region = sought_region(layer, channel, unknowns);
    std::string text = "Feasible " + std::string(first_name(unknowns)) + " and "
        + std::string(second_name(unknowns)) + " of channel " + std::to_string(channel) + ": ";
    if (!region)
        return text + "none, " + region.error().message + "\n";
    text += std::string(name_of(region->kind)) + "\n";
    if (const std::string equation = strip_equation(*region, unknowns); !equation.empty())
        text += "  " + equation + "\n";
    for (const FeasibleRegion::Edge& edge : region->edges)
        text += "  " + edge_text(edge, unknowns) + "\n";
    for (const FeasibleRegion::Point& corner : region->corners)
        text += "  corner " + point_text(corner) + "\n";
    if (region->centre)
        text += "  centre " + point_text(*region->centre) + "\n";
    for (const std::size_t index : region->contradiction) {
        const Observation& seen = layer.observations[index];
        text += "  contradicting: " + std::to_string(seen.input_code) + " -> "
            + std::to_string(seen.output_code) + "\n";
    }
    return text;
}

std::string regions_text(const BatchNormLayer& layer, const Report& report,
                         const std::vector<int>& channels)
{
    std::string text;
    if (report.unknowns.effective && !channels.empty())
        text += "Of the whole layer: slope = gamma / sqrt(var + eps), offset = beta - mean * "
                "slope\n";
    for (std::size_t i = 0; i < std::min(listed, channels.size()); ++i)
        text += region_text(layer, channels[i], report.unknowns);
    if (channels.size() > listed)
        text += "and of " + std::to_string(channels.size() - listed)
            + " more channels; --channel names one, --json gives all\n";
    return text;
}

std::string outside_text(const Report& report)
{
    if (!report.outside_causes)
        return {};
    std::string text = "If none of these is it, look outside of this layer\n";
    for (const OutsideCause& cause : all_outside_causes())
        text += "  " + std::string(cause.title) + ": " + std::string(cause.check) + "\n";
    return text;
}

QJsonArray texts_json(const std::vector<std::string>& texts)
{
    QJsonArray json;
    for (const std::string& text : texts)
        json.append(QString::fromStdString(text));
    return json;
}

QJsonObject parameters_json(const BatchNormLayer& layer)
{
    QJsonObject json;
    for (const Field field : all_fields) {
        QJsonObject entry{
            {QStringLiteral("from"), text_of(name_of(layer.provenance.of(field).origin))}};
        if (is_per_channel(field)) {
            QJsonArray values;
            for (int channel = 0; channel < layer.channels(); ++channel)
                values.append(number_json(value_of(layer, field, channel)));
            entry[QStringLiteral("value")] = values;
        } else if (field == Field::input_type || field == Field::output_type) {
            const CodeType type = field == Field::input_type ? layer.input.type : layer.output.type;
            entry[QStringLiteral("value")] = QString::fromStdString(name_of(type));
        } else if (field == Field::relu) {
            entry[QStringLiteral("value")] = layer.relu;
        } else {
            entry[QStringLiteral("value")] = number_json(value_of(layer, field, 0));
        }
        json[text_of(name_of(field))] = entry;
    }
    return json;
}

QJsonArray observations_json(const Report& report)
{
    // Nothing is predicted from placeholders.
    const bool is_predicted = report.verdict != Verdict::parameters_missing;
    QJsonArray json;
    for (const ExplainedObservation& one : report.diagnosis.observations) {
        QJsonArray ids;
        for (const std::size_t index : one.explained_by)
            ids.append(QString::fromStdString(id_of(report.diagnosis.explanations[index])));
        QJsonArray backends;
        for (const Backend* backend : one.backends)
            backends.append(text_of(backend->id));
        QJsonObject entry{
            {QStringLiteral("channel"), one.observation.channel},
            {QStringLiteral("input_code"), one.observation.input_code},
            {QStringLiteral("output_code"), one.observation.output_code},
            {QStringLiteral("predicted"), is_predicted ? QJsonValue(one.predicted) : QJsonValue()},
            {QStringLiteral("backends"), backends},
            {QStringLiteral("explained_by"), ids}};
        if (one.is_within_rounding()) {
            entry[QStringLiteral("within_rounding")] = true;
            entry[QStringLiteral("possible")]
                = QJsonArray{one.possible.lowest, one.possible.highest};
        }
        json.append(entry);
    }
    return json;
}

QJsonArray recipes_json(const Report& report)
{
    QJsonArray json;
    for (const Explanation& one : report.diagnosis.explanations) {
        QJsonArray codes;
        for (const double code : one.codes)
            codes.append(number_json(code));
        QJsonObject entry{{QStringLiteral("id"), QString::fromStdString(id_of(one))},
                          {QStringLiteral("title"), QString::fromStdString(title_of(one))},
                          {QStringLiteral("formula"), QString::fromStdString(formula_of(one))},
                          {QStringLiteral("gives"), codes},
                          {QStringLiteral("explains"), one.explains},
                          {QStringLiteral("of"), one.of},
                          {QStringLiteral("coincidence"), number_json(one.coincidence)}};
        if (one.within_rounding > 0)
            entry[QStringLiteral("within_rounding")] = one.within_rounding;
        if (one.computation.channel)
            entry[QStringLiteral("channel")] = *one.computation.channel;
        json.append(entry);
    }
    return json;
}

QJsonArray point_json(const FeasibleRegion::Point& point)
{
    return {number_json(point.x), number_json(point.y)};
}

QJsonObject region_json(const BatchNormLayer& layer, int channel, const UnknownPair& unknowns)
{
    QJsonObject json{{QStringLiteral("unknowns"),
                      QJsonArray{text_of(first_name(unknowns)), text_of(second_name(unknowns))}},
                     {QStringLiteral("channel"), channel}};
    const auto region = sought_region(layer, channel, unknowns);
    if (!region) {
        json[QStringLiteral("because")] = QString::fromStdString(region.error().message);
        return json;
    }
    QJsonArray corners;
    for (const FeasibleRegion::Point& corner : region->corners)
        corners.append(point_json(corner));
    QJsonArray edges;
    for (const FeasibleRegion::Edge& edge : region->edges)
        edges.append(QJsonObject{{QStringLiteral("a"), number_json(edge.a)},
                                 {QStringLiteral("b"), number_json(edge.b)},
                                 {QStringLiteral("c"), number_json(edge.c)},
                                 {QStringLiteral("closed"), edge.closed}});
    QJsonArray contradiction;
    for (const std::size_t index : region->contradiction)
        contradiction.append(static_cast<qint64>(index));
    if (const std::string equation = strip_equation(*region, unknowns); !equation.empty())
        json[QStringLiteral("equation")] = QString::fromStdString(equation);
    json[QStringLiteral("kind")] = text_of(name_of(region->kind));
    json[QStringLiteral("corners")] = corners;
    json[QStringLiteral("edges")] = edges;
    json[QStringLiteral("centre")] = region->centre ? point_json(*region->centre) : QJsonValue();
    json[QStringLiteral("contradiction")] = contradiction;
    return json;
}

/// The region of the report's channel, and those of all asked for beside it.
QJsonObject feasible_json(const BatchNormLayer& layer, const Report& report,
                          const std::vector<int>& channels)
{
    if (channels.empty())
        return {{QStringLiteral("because"), QStringLiteral("nothing was observed")}};
    QJsonArray all;
    QJsonObject json;
    for (const int channel : channels) {
        const QJsonObject region = region_json(layer, channel, report.unknowns);
        if (channel == report.region_channel)
            json = region;
        all.append(region);
    }
    json[QStringLiteral("channels")] = all;
    return json;
}

QJsonArray single_unknowns_json(const BatchNormLayer& layer, const Report& report)
{
    QJsonArray json;
    for (const SingleUnknown& solved : report.single_unknowns)
        json.append(QJsonObject{
            {QStringLiteral("id"), text_of(id_of(solved.number))},
            {QStringLiteral("value"), number_json(solved.simplest)},
            {QStringLiteral("low"), number_json(solved.low)},
            {QStringLiteral("high"), number_json(solved.high)},
            {QStringLiteral("sentence"), QString::fromStdString(sentence_of(solved, layer))}});
    return json;
}

QJsonValue next_json(const Report& report)
{
    if (!report.next)
        return {};
    QJsonArray predictions;
    for (const NextMeasurement::Prediction& prediction : report.next->predictions)
        predictions.append(QJsonObject{
            {QStringLiteral("id"),
             QString::fromStdString(id_of(report.diagnosis.explanations[prediction.explanation]))},
            {QStringLiteral("gives"), number_json(prediction.code)}});
    return QJsonObject{{QStringLiteral("channel"), report.next->channel},
                       {QStringLiteral("input_code"), report.next->input_code},
                       {QStringLiteral("predictions"), predictions}};
}

} // namespace

std::string explain_text(const Reading& reading, const BatchNormLayer& layer, const Report& report,
                         const std::vector<int>& channels)
{
    return indented("Understood", reading.understood) + indented("Assumed", reading.assumed)
        + indented("Missing", reading.missing)
        + indented("To print what is missing", reading.snippets) + "Layer " + printable(layer.name)
        + ", " + std::to_string(layer.channels())
        + (layer.channels() == 1 ? " channel\n" : " channels\n") + observations_text(report)
        + "Verdict: " + report.sentence + "\n" + recipes_text(report)
        + single_unknowns_text(layer, report) + next_text(report)
        + regions_text(layer, report, channels) + outside_text(report);
}

QJsonObject explain_json(const Reading& reading, const BatchNormLayer& layer, const Report& report,
                         const std::vector<int>& channels)
{
    return {{QStringLiteral("understood"),
             QJsonObject{{QStringLiteral("layer"), QString::fromStdString(layer.name)},
                         {QStringLiteral("channels"), layer.channels()},
                         {QStringLiteral("parameters"), parameters_json(layer)},
                         {QStringLiteral("sentences"), texts_json(reading.understood)}}},
            {QStringLiteral("assumed"), texts_json(reading.assumed)},
            {QStringLiteral("missing"), texts_json(reading.missing)},
            {QStringLiteral("verdict"), text_of(name_of(report.verdict))},
            {QStringLiteral("sentence"), QString::fromStdString(report.sentence)},
            {QStringLiteral("observations"), observations_json(report)},
            {QStringLiteral("recipes"), recipes_json(report)},
            {QStringLiteral("single_unknowns"), single_unknowns_json(layer, report)},
            {QStringLiteral("snippets"), texts_json(reading.snippets)},
            {QStringLiteral("next"), next_json(report)},
            {QStringLiteral("feasible"), feasible_json(layer, report, channels)}};
}

QJsonArray claims_json(const std::vector<Claim>& claims)
{
    QJsonArray json;
    for (const Claim& claim : claims) {
        const bool is_left = claim.use == Claim::Use::left;
        QJsonObject entry{{QStringLiteral("line"), claim.line},
                          {QStringLiteral("column"), claim.column},
                          {QStringLiteral("text"), QString::fromStdString(claim.text)},
                          {QStringLiteral("used"), !is_left}};
        entry[is_left ? QStringLiteral("because") : QStringLiteral("meaning")]
            = QString::fromStdString(claim.meaning);
        json.append(entry);
    }
    return json;
}

} // namespace qbn::cli
