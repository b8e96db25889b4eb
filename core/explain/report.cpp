#include "core/explain/report.h"

#include <algorithm>

namespace qbn {

namespace {

bool is_prediction(const Explanation& explanation)
{
    return explanation.recipe->kind == Recipe::Kind::chosen_backend;
}

/// Whether a placeholder stands in the prediction of what was observed.
bool is_placeholder(const BatchNormLayer& layer, Field field)
{
    const auto is_unknown = [&](int channel) {
        return layer.provenance.of(field, channel).origin == Origin::unknown;
    };
    if (!is_per_channel(field))
        return is_unknown(-1);
    return std::any_of(layer.observations.begin(), layer.observations.end(),
                       [&](const Observation& seen) { return is_unknown(seen.channel); });
}

/// Types and a ReLU have no number to solve for and are assumed.
std::vector<Field> missing_numbers(const BatchNormLayer& layer)
{
    std::vector<Field> missing = missing_fields(layer);
    std::erase_if(missing, [&](Field field) {
        return field == Field::input_type || field == Field::output_type || field == Field::relu
            || !is_placeholder(layer, field);
    });
    return missing;
}

Verdict verdict_of(const Diagnosis& diagnosis, const BatchNormLayer& layer)
{
    if (diagnosis.observations.empty())
        return Verdict::nothing_observed;
    if (!missing_numbers(layer).empty())
        return Verdict::parameters_missing;
    if (diagnosis.explanations.empty() || diagnosis.explanations.front().explains == 0)
        return Verdict::unexplained;
    const Explanation& best = diagnosis.explanations.front();
    if (!best.explains_all())
        return Verdict::partly_explained;
    const bool predicted
        = std::any_of(diagnosis.explanations.begin(), diagnosis.explanations.end(),
                      [](const Explanation& e) { return is_prediction(e) && e.explains_all(); });
    return predicted ? Verdict::explained : Verdict::explained_by_recipe;
}

/// "38 -> 52", or "12 observations".
std::string observed_text(const Diagnosis& diagnosis)
{
    if (diagnosis.observations.size() != 1)
        return std::to_string(diagnosis.observations.size()) + " observations";
    const Observation& seen = diagnosis.observations.front().observation;
    return std::to_string(seen.input_code) + " -> " + std::to_string(seen.output_code);
}

/// "gamma and beta are", "eps is"
std::string missing_text(const BatchNormLayer& layer)
{
    const std::vector<Field> missing = missing_numbers(layer);
    std::string text;
    for (std::size_t i = 0; i < missing.size(); ++i) {
        if (i > 0)
            text += i + 1 == missing.size() ? " and " : ", ";
        text += spaced_name(missing[i]);
    }
    return text + (missing.size() == 1 ? " is" : " are");
}

std::string sentence_of(Verdict verdict, const Diagnosis& diagnosis, const BatchNormLayer& layer,
                        const Backend& chosen)
{
    const std::string observed = observed_text(diagnosis);
    switch (verdict) {
    case Verdict::nothing_observed:
        return "nothing was observed";
    case Verdict::parameters_missing:
        return missing_text(layer) + " missing, so that " + observed
            + (diagnosis.observations.size() == 1 ? " leaves" : " leave")
            + " a region of them and no single value";
    case Verdict::explained:
        return observed + " explained: " + std::string(chosen.title) + " gives "
            + (diagnosis.observations.size() == 1 ? "this code" : "every observed code");
    case Verdict::explained_by_recipe:
        return observed + " explained by a difference: " + title_of(diagnosis.explanations.front());
    case Verdict::partly_explained: {
        const Explanation& best = diagnosis.explanations.front();
        return std::to_string(best.explains) + " of " + std::to_string(best.of)
            + " observations explained, by " + title_of(best);
    }
    case Verdict::unexplained:
        break;
    }
    return observed + " not explained: no backend and no known mistake gives "
        + (diagnosis.observations.size() == 1 ? "this code" : "one of these codes");
}

} // namespace

std::string_view name_of(Verdict verdict)
{
    switch (verdict) {
    case Verdict::nothing_observed:
        return "nothing-observed";
    case Verdict::parameters_missing:
        return "parameters-missing";
    case Verdict::explained:
        return "explained";
    case Verdict::explained_by_recipe:
        return "explained-by-recipe";
    case Verdict::partly_explained:
        return "partly-explained";
    case Verdict::unexplained:
        break;
    }
    return "unexplained";
}

std::vector<Field> missing_fields(const BatchNormLayer& layer)
{
    std::vector<Field> missing;
    std::copy_if(all_fields.begin(), all_fields.end(), std::back_inserter(missing),
                 [&](Field field) { return layer.provenance.of(field).origin == Origin::unknown; });
    return missing;
}

UnknownPair default_unknowns(const BatchNormLayer& layer)
{
    const std::vector<Field> missing = missing_fields(layer);
    for (const Field first : missing) {
        for (const Field second : missing) {
            const UnknownPair pair{first, second};
            if (first < second && feasible_region(layer, 0, {}, pair))
                return pair;
        }
    }
    return {};
}

Result<Report> make_report(const BatchNormLayer& layer, const Backend& chosen,
                           const UnknownPair& unknowns)
{
    auto diagnosis = explain(layer, chosen, layer.observations);
    if (!diagnosis)
        return diagnosis.error();
    Report report{.diagnosis = std::move(*diagnosis)};
    report.verdict = verdict_of(report.diagnosis, layer);
    report.sentence = sentence_of(report.verdict, report.diagnosis, layer, chosen);
    report.unknowns = unknowns;
    report.outside_causes
        = report.verdict == Verdict::partly_explained || report.verdict == Verdict::unexplained;
    if (layer.observations.empty())
        return report;
    if (report.verdict != Verdict::parameters_missing)
        report.next = next_measurement(layer, report.diagnosis);
    report.region_channel = layer.observations.front().channel;
    auto region = feasible_region(layer, report.region_channel, layer.observations, unknowns);
    if (region)
        report.region = std::move(*region);
    else
        report.no_region_because = region.error().message;
    return report;
}

} // namespace qbn
