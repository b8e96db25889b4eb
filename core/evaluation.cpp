#include "core/evaluation.h"

#include "core/same_bits.h"

#include <algorithm>
#include <array>
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

std::vector<BackendResult> evaluate_backends(const BatchNormLayer& layer, int channel)
{
    std::vector<BackendResult> results;
    for (const Backend& backend : all_backends())
        results.push_back({.backend = &backend, .codes = codes(backend, layer, channel)});
    return results;
}

std::vector<CodeRow> evaluate_rows(const BatchNormLayer& layer, int channel, const Backend& chosen)
{
    const ExactChannel exact(layer, channel);
    const CodeType type = layer.input.type;
    std::vector<CodeRow> rows;
    rows.reserve(static_cast<std::size_t>(type.count()));
    const std::vector<Requantized> requantized = requantize_all(chosen, layer, channel);
    for (std::int32_t code = type.qmin(); code <= type.qmax(); ++code) {
        const Requantized& result = requantized[rows.size()];
        rows.push_back({
            .input_code = code,
            .dequantized = dequantize(layer.input, code),
            .exact = exact.stages(code),
            .output_code = result.output_code,
            .output_value = dequantize(layer.output, result.output_code),
            .saturation = result.saturation,
            .tie = exact.requantize(code).tie,
        });
    }
    return rows;
}

void mark_differences(Evaluation& evaluation)
{
    const std::vector<std::int32_t> chosen = evaluation.result().codes;
    for (BackendResult& other : evaluation.backends) {
        for (std::size_t i = 0; i < chosen.size(); ++i) {
            if (other.codes[i] != chosen[i]) {
                ++other.differing;
                evaluation.rows[i].differs = true;
            }
        }
    }
}

ChannelSummary summarize_channel(const BatchNormLayer& layer, int channel, const Backend& chosen)
{
    ChannelSummary summary;
    const std::vector<Requantized> results = requantize_all(chosen, layer, channel);
    std::array<bool, 256> used{};
    std::vector<bool> differs(results.size());
    for (const Backend& backend : all_backends()) {
        if (&backend == &chosen)
            continue;
        const std::vector<std::int32_t> other = codes(backend, layer, channel);
        for (std::size_t i = 0; i < results.size(); ++i)
            differs[i] = differs[i] || other[i] != results[i].output_code;
    }
    for (const Requantized& result : results) {
        summary.saturated_low += result.saturation == Saturation::low ? 1 : 0;
        summary.saturated_high += result.saturation == Saturation::high ? 1 : 0;
        used[static_cast<std::size_t>(result.output_code - layer.output.type.qmin())] = true;
    }
    summary.used_codes = static_cast<int>(std::count(used.begin(), used.end(), true));
    summary.differing = static_cast<int>(std::count(differs.begin(), differs.end(), true));
    summary.findings = validate_channel(layer, channel);
    return summary;
}

bool same_frame(const BatchNormLayer& a, const BatchNormLayer& b)
{
    return a.channels() == b.channels() && same_bits(a.input, b.input)
        && same_bits(a.output, b.output) && same_bits(a.eps, b.eps) && a.relu == b.relu;
}

bool same_channel(const BatchNormLayer& a, const BatchNormLayer& b, int channel)
{
    return same_bits(a.mean[channel], b.mean[channel]) && same_bits(a.var[channel], b.var[channel])
        && same_bits(a.gamma[channel], b.gamma[channel])
        && same_bits(a.beta[channel], b.beta[channel]);
}

} // namespace

const BackendResult& Evaluation::result() const
{
    return result_of(*this, chosen);
}

const BackendResult& Evaluation::exact() const
{
    return backends.front();
}

Evaluation evaluate(const Experiment& experiment, const Selection& selection,
                    const Evaluation* previous)
{
    Evaluation evaluation;
    evaluation.selection = selection;
    evaluation.layer = experiment.model.layers[static_cast<std::size_t>(selection.layer)];
    evaluation.chosen = find_backend(experiment.backend);
    assert(evaluation.chosen);
    const BatchNormLayer& layer = *evaluation.layer;

    const bool same_layer
        = previous && previous->layer == evaluation.layer && previous->chosen == evaluation.chosen;
    if (same_layer && previous->selection.channel == selection.channel) {
        evaluation.rows = previous->rows;
        evaluation.backends = previous->backends;
    } else {
        evaluation.rows = evaluate_rows(layer, selection.channel, *evaluation.chosen);
        evaluation.backends = evaluate_backends(layer, selection.channel);
        mark_differences(evaluation);
    }
    for (BackendResult& result : evaluation.backends)
        result.trace = trace(*result.backend, layer, selection.channel, selection.code);
    if (same_layer)
        evaluation.summary = previous->summary;
    return evaluation;
}

std::shared_ptr<const LayerSummary> summarize(const std::shared_ptr<const BatchNormLayer>& layer,
                                              const Backend& chosen, const LayerSummary* previous)
{
    auto summary = std::make_shared<LayerSummary>();
    summary->layer = layer;
    summary->chosen = &chosen;
    summary->findings = validate_layer(*layer);
    const bool usable
        = previous && previous->chosen == &chosen && same_frame(*previous->layer, *layer);
    for (int channel = 0; channel < layer->channels(); ++channel) {
        const bool unchanged = usable && same_channel(*previous->layer, *layer, channel);
        summary->channels.push_back(unchanged
                                        ? previous->channels[static_cast<std::size_t>(channel)]
                                        : summarize_channel(*layer, channel, chosen));
    }
    return summary;
}

} // namespace qbn
