#include "app/cli/explain_output.h"

#include "app/cli/command.h"
#include "core/explain/outside_cause.h"
#include "core/text/printable.h"
#include "core/text/text_number.h"

#include <QJsonArray>

#include <algorithm>

namespace qbn::cli {

namespace {

constexpr std::size_t most_listed = 12; ///< explanations and observations that the text lists

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
    for (std::size_t i = 0; i < std::min(most_listed, all.size()); ++i) {
        const Observation& seen = all[i].observation;
        text += "  channel " + std::to_string(seen.channel) + ": " + std::to_string(seen.input_code)
            + " -> " + std::to_string(seen.output_code) + prediction_text(report, all[i]) + "\n";
    }
    if (all.size() > most_listed)
        text += "  and " + std::to_string(all.size() - most_listed) + " more\n";
    return text;
}

std::string recipes_text(const Report& report)
{
    const auto& all = report.diagnosis.explanations;
    if (all.empty())
        return {};
    std::string text = "Recipes\n";
    for (std::size_t i = 0; i < std::min(most_listed, all.size()); ++i) {
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
    if (all.size() > most_listed)
        text += "  and " + std::to_string(all.size() - most_listed) + " more\n";
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
    for (std::size_t i = 0; i < std::min(most_listed, channels.size()); ++i)
        text += region_text(layer, channels[i], report.unknowns);
    if (channels.size() > most_listed)
        text += "and of " + std::to_string(channels.size() - most_listed)
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

} // namespace

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

} // namespace qbn::cli
