#include "core/evaluate/evaluation.h"

#include "core/backends/bound_backend.h"

#include <algorithm>
#include <cassert>

namespace qbn {

namespace {

const BackendResult& result_of(const Evaluation& evaluation, const Backend* backend)
{
    const auto found
        = std::find_if(evaluation.backends.begin(), evaluation.backends.end(),
                       [backend](const BackendResult& r) { return r.backend == backend; });
    assert(found != evaluation.backends.end());
    return *found;
}

std::vector<CodeRow> evaluate_rows(const BatchNormLayer& layer, int channel,
                                   const ChannelCodes& codes, const ChannelTieMap& margins)
{
    const ExactChannel exact(layer, channel);
    const CodeType type = layer.input.type;
    std::vector<CodeRow> rows;
    rows.reserve(static_cast<std::size_t>(type.count()));
    for (std::int32_t code = type.qmin(); code <= type.qmax(); ++code) {
        const Requantized& result = codes.chosen[rows.size()];
        rows.push_back({
            .input_code = code,
            .dequantized = dequantize(layer.input, code),
            .exact = exact.stages(code),
            .output_code = result.output_code,
            .output_value = dequantize(layer.output, result.output_code),
            .saturation = result.saturation,
            .margin = margins.codes[rows.size()],
        });
    }
    return rows;
}

void mark_differences(Evaluation& evaluation)
{
    for (BackendResult& other : evaluation.backends) {
        for (std::size_t i = 0; i < evaluation.rows.size(); ++i) {
            CodeRow& row = evaluation.rows[i];
            if (other.codes[i] != row.output_code) {
                ++other.differing;
                row.differs = row.differs || other.compared;
            }
        }
    }
}

/// Every backend once on the selected channel, and all that follows from it. `bound` are the experiment's backends.
void evaluate_channel(Evaluation& evaluation, const Experiment& experiment,
                      std::vector<BoundBackend>& bound)
{
    const BatchNormLayer& layer = *evaluation.layer;
    const int channel = evaluation.selection.channel;
    const ChannelTieMap margins = tie_map(*evaluation.chosen, layer, channel);
    ChannelCodes all{.chosen = {}, .compared = {}, .ties = counts_of(margins)};
    for (std::size_t i = 0; i < bound.size(); ++i) {
        const BackendChoice& choice = experiment.backends[i];
        const Backend* backend = find_backend(choice.id);
        const bool chosen = backend == evaluation.chosen;
        if (chosen)
            all.chosen = bound[i].requantize_all(channel);
        evaluation.backends.push_back(
            {.backend = backend,
             .compared = choice.compared,
             .codes = chosen ? codes(all.chosen) : bound[i].codes(channel)});
        if (choice.compared && !chosen)
            all.compared.push_back(evaluation.backends.back().codes);
    }
    evaluation.rows = evaluate_rows(layer, channel, all, margins);
    mark_differences(evaluation);
    evaluation.channel_summary
        = std::make_shared<const ChannelSummary>(summarize_channel(layer, channel, all));
}

/// The backend that the chosen one is explained against.
const Backend& other_backend(const Evaluation& evaluation)
{
    const auto at
        = static_cast<std::size_t>(evaluation.selection.code - evaluation.layer->input.type.qmin());
    const std::int32_t code = evaluation.rows[at].output_code;
    const auto first = [&](auto condition) {
        const auto found
            = std::find_if(evaluation.backends.begin(), evaluation.backends.end(),
                           [&](const BackendResult& result) {
                               return result.backend != evaluation.chosen && condition(result);
                           });
        return found == evaluation.backends.end() ? nullptr : found->backend;
    };
    const auto named
        = [&](const BackendResult& r) { return r.backend->id == evaluation.selection.against; };
    const auto differs_here
        = [&](const BackendResult& r) { return r.compared && r.codes[at] != code; };
    const auto differs = [](const BackendResult& r) { return r.compared && r.differing > 0; };
    const auto compared = [](const BackendResult& r) { return r.compared; };
    if (const Backend* backend = first(named))
        return *backend;
    if (const Backend* backend = first(differs_here))
        return *backend;
    if (const Backend* backend = first(differs))
        return *backend;
    if (const Backend* backend = first(compared))
        return *backend;
    return *evaluation.exact().backend;
}

bool same_backends(const Evaluation& evaluation, const Experiment& experiment)
{
    return std::equal(
        evaluation.backends.begin(), evaluation.backends.end(), experiment.backends.begin(),
        experiment.backends.end(), [](const BackendResult& result, const BackendChoice& choice) {
            return result.backend == find_backend(choice.id) && result.compared == choice.compared;
        });
}

} // namespace

const BackendResult& Evaluation::result() const
{
    return result_of(*this, chosen);
}

const BackendResult& Evaluation::exact() const
{
    return result_of(*this, find_backend("exact"));
}

std::vector<const Backend*> Evaluation::compared() const
{
    std::vector<const Backend*> compared;
    for (const BackendResult& result : backends) {
        if (result.compared && result.backend != chosen)
            compared.push_back(result.backend);
    }
    return compared;
}

bool fits(const LayerSummary& summary, const Evaluation& evaluation)
{
    return summary.layer == evaluation.layer && summary.chosen == evaluation.chosen
        && summary.compared == evaluation.compared();
}

Evaluation evaluate(const Experiment& experiment, const Selection& selection,
                    const Evaluation* previous)
{
    // An undo step may have brought another text back.
    for (const UserFormula& formula : experiment.model.formulas)
        static_cast<void>(add_backend(formula.id, formula.text));
    Evaluation evaluation;
    evaluation.selection = selection;
    evaluation.layer = experiment.model.layers[static_cast<std::size_t>(selection.layer)];
    evaluation.chosen = find_backend(experiment.backend);
    assert(evaluation.chosen);
    const BatchNormLayer& layer = *evaluation.layer;
    std::vector<BoundBackend> bound;
    bound.reserve(experiment.backends.size());
    for (const BackendChoice& choice : experiment.backends) {
        const Backend* backend = find_backend(choice.id);
        assert(backend);
        bound.emplace_back(*backend, layer);
    }

    if (previous && previous->layer == evaluation.layer && previous->chosen == evaluation.chosen
        && previous->selection.channel == selection.channel
        && same_backends(*previous, experiment)) {
        evaluation.rows = previous->rows;
        evaluation.backends = previous->backends;
        evaluation.channel_summary = previous->channel_summary;
    } else {
        evaluate_channel(evaluation, experiment, bound);
    }
    for (std::size_t i = 0; i < bound.size(); ++i)
        evaluation.backends[i].trace = bound[i].trace(selection.channel, selection.code);
    evaluation.difference = std::make_shared<const Difference>(explain_difference(
        *evaluation.chosen, other_backend(evaluation), layer, selection.channel, selection.code));
    if (previous && previous->summary && fits(*previous->summary, evaluation))
        evaluation.summary = previous->summary;
    return evaluation;
}

} // namespace qbn
