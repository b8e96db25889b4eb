#include "core/explain/report.h"

#include "core/text/sentence.h"

#include <algorithm>
#include <array>

namespace qbn {

namespace {

Verdict verdict_of(const Diagnosis& diagnosis, const BatchNormLayer& layer)
{
    if (diagnosis.observations.empty())
        return Verdict::nothing_observed;
    if (!placeholders(layer).empty())
        return Verdict::parameters_missing;
    if (diagnosis.explanations.empty())
        return Verdict::unexplained;
    // The prediction makes no mistake and stands before all that explain as much.
    const Explanation& best = diagnosis.explanations.front();
    if (best.explains_all() && best.recipe->kind == Recipe::Kind::chosen_backend)
        return Verdict::explained;
    const bool by_chance = best.coincidence > chance_limit;
    if (best.explains_all())
        return by_chance ? Verdict::explained_by_chance : Verdict::explained_by_recipe;
    return by_chance || 2 * best.explains < best.of ? Verdict::unexplained
                                                    : Verdict::partly_explained;
}

/// What a sentence says of the observations.
class Sentence
{
public:
    Sentence(const Diagnosis& diagnosis, const BatchNormLayer& layer, const Backend& chosen,
             const UnknownPair& unknowns)
        : diagnosis_(diagnosis)
        , layer_(layer)
        , chosen_(chosen)
        , unknowns_(unknowns)
    { }

    std::string of(Verdict verdict) const
    {
        switch (verdict) {
        case Verdict::nothing_observed:
            return "nothing was observed";
        case Verdict::parameters_missing:
            return missing();
        case Verdict::explained:
            return explained();
        case Verdict::explained_by_recipe:
            return observed() + " explained by a difference: " + title_of(best());
        case Verdict::explained_by_chance:
            return observed() + " would fit \"" + title_of(best()) + "\", but as likely by chance: "
                + (is_one() ? "this code is" : "these codes are") + " no evidence of it";
        case Verdict::partly_explained:
            return std::to_string(best().explains) + " of " + std::to_string(best().of)
                + " observations explained, by " + title_of(best());
        case Verdict::unexplained:
            break;
        }
        return unexplained();
    }

private:
    const Explanation& best() const { return diagnosis_.explanations.front(); }
    bool is_one() const { return diagnosis_.observations.size() == 1; }

    /// "38 -> 52", or "12 observations".
    std::string observed() const
    {
        if (!is_one())
            return counted(diagnosis_.observations.size(), "observation");
        const Observation& seen = diagnosis_.observations.front().observation;
        return std::to_string(seen.input_code) + " -> " + std::to_string(seen.output_code);
    }

    /// "gamma and beta are", "eps is"
    static std::string subject(const std::vector<Field>& fields)
    {
        std::string text;
        for (std::size_t i = 0; i < fields.size(); ++i) {
            if (i > 0)
                text += i + 1 == fields.size() ? " and " : ", ";
            text += spaced_name(fields[i]);
        }
        return text + (fields.size() == 1 ? " is" : " are");
    }

    std::string missing() const
    {
        const std::vector<Field> fields = placeholders(layer_);
        const bool is_solved = std::all_of(
            fields.begin(), fields.end(), [this](Field field) { return covers(unknowns_, field); });
        std::string left = "no single value";
        if (is_solved && unknowns_.effective)
            left = "a region of slope gamma / sqrt(var + eps) and offset beta - mean * slope, and "
                   "no single value";
        else if (is_solved)
            left = fields.size() == 1 ? "a range of it and no single value"
                                      : "a region of them and no single value";
        return subject(fields) + " missing, so that " + observed()
            + (is_one() ? " leaves " : " leave ") + left;
    }

    std::string explained() const
    {
        const std::string title(chosen_.title);
        const auto printed = static_cast<std::size_t>(best().within_rounding);
        if (printed == 0)
            return observed() + " explained: " + title + " gives "
                + (is_one() ? "this code" : "every observed code");
        const std::string rest = " with parameters that print like these";
        if (is_one())
            return observed() + " explained within the rounding of the print: " + title
                + " gives this code" + rest;
        return observed() + " explained within the rounding of the print: " + title + " gives "
            + counted(diagnosis_.observations.size() - printed, "code") + " as it stands and "
            + std::to_string(printed) + rest;
    }

    std::string unexplained() const
    {
        const std::string text = observed() + " not explained: no backend and no known mistake ";
        if (is_one())
            return text + "gives this code";
        if (diagnosis_.explanations.empty())
            return text + "gives one of these codes";
        return text + "gives more than " + std::to_string(best().explains) + " of them"
            + (best().coincidence > chance_limit ? ", as many as chance does" : "");
    }

    const Diagnosis& diagnosis_;
    const BatchNormLayer& layer_;
    const Backend& chosen_;
    const UnknownPair& unknowns_;
};

/// Nothing follows from placeholders: the observations are left, and what does not need them.
void forget_predictions(Diagnosis& diagnosis)
{
    diagnosis.explanations.clear();
    for (ExplainedObservation& one : diagnosis.observations) {
        one.explained_by.clear();
        one.backends.clear();
    }
}

} // namespace

std::string_view name_of(Verdict verdict)
{
    constexpr std::array<std::string_view, 7> names{
        "nothing-observed",    "parameters-missing", "explained",   "explained-by-recipe",
        "explained-by-chance", "partly-explained",   "unexplained",
    };
    return names[static_cast<std::size_t>(verdict)];
}

void solve_for(Report& report, const BatchNormLayer& layer, const Backend& chosen, int channel,
               const UnknownPair& unknowns)
{
    report.unknowns = unknowns;
    report.region_channel = channel;
    report.sentence
        = Sentence(report.diagnosis, layer, chosen, unknowns).of(report.verdict) + report.added;
    report.region.reset();
    report.no_region_because.clear();
    if (layer.observations.empty())
        return;
    auto region = sought_region(layer, channel, unknowns);
    if (region)
        report.region = std::move(*region);
    else
        report.no_region_because = region.error().message;
}

std::string without_affine(const BatchNormLayer& layer, const Backend& chosen,
                           const std::stop_token& stop)
{
    const std::vector<Field> missing = placeholders(layer);
    const bool is_affine_alone = std::all_of(missing.begin(), missing.end(), [](Field field) {
        return field == Field::gamma || field == Field::beta;
    });
    if (!is_affine_alone || layer.observations.size() < 2)
        return {};
    const auto diagnosis = explain(layer, chosen, layer.observations, {}, stop);
    if (!diagnosis || diagnosis->explanations.empty()
        || !diagnosis->explanations.front().explains_all())
        return {};
    const Explanation& best = diagnosis->explanations.front();
    std::string text = "; without them, with gamma 1 and beta 0, all "
        + std::to_string(layer.observations.size()) + " are explained";
    if (best.recipe->kind != Recipe::Kind::chosen_backend)
        text += " by a difference: " + title_of(best);
    return text + (best.coincidence > chance_limit ? ", but as likely by chance" : "");
}

Result<Report> make_report(const BatchNormLayer& layer, const Backend& chosen,
                           const ReportOptions& options)
{
    auto diagnosis = explain(layer, chosen, layer.observations, options.also, options.stop);
    if (!diagnosis)
        return diagnosis.error();
    const int first = layer.observations.empty() ? 0 : layer.observations.front().channel;
    const int channel = options.region_channel.value_or(first);
    if (channel < 0 || channel >= layer.channels())
        return Error{"there is no channel " + std::to_string(channel) + ", the layer has "
                     + std::to_string(layer.channels())};
    Report report{.diagnosis = std::move(*diagnosis)};
    report.verdict = verdict_of(report.diagnosis, layer);
    if (report.verdict == Verdict::parameters_missing)
        forget_predictions(report.diagnosis);
    report.outside_causes = report.verdict >= Verdict::explained_by_chance;
    if (!layer.observations.empty() && report.verdict != Verdict::parameters_missing)
        report.next = next_measurement(layer, report.diagnosis, options.stop);
    const bool is_open = report.verdict == Verdict::unexplained
        || report.verdict == Verdict::partly_explained
        || report.verdict == Verdict::explained_by_chance;
    if (is_open)
        report.single_unknowns = solve_single_unknowns(layer, layer.observations, options.stop);
    if (!report.single_unknowns.empty())
        report.added = "; " + sentence_of(report.single_unknowns.front(), layer)
            + " would explain all of them";
    if (report.verdict == Verdict::parameters_missing)
        report.added = without_affine(layer, chosen, options.stop);
    solve_for(report, layer, chosen, channel,
              options.unknowns ? *options.unknowns : default_unknowns(layer));
    return report;
}

} // namespace qbn
