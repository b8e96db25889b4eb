#pragma once

#include "core/backends/backend.h"
#include "core/exact.h"
#include "core/experiment.h"
#include "core/findings.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace qbn {

/// One input code of the selected channel, as the tables and plots show it.
struct CodeRow
{
    std::int32_t input_code = 0;
    float dequantized = 0; ///< binary32, as frameworks print it
    ExactStages exact;
    std::int32_t output_code = 0; ///< of the chosen backend
    float output_value = 0; ///< binary32, as frameworks print it
    Saturation saturation = Saturation::none; ///< of the chosen backend
    bool tie = false; ///< exactly half way between two codes
    bool differs = false; ///< some backend gives another code than the chosen one
};

/// One backend on the selected channel.
struct BackendResult
{
    const Backend* backend = nullptr;
    std::vector<std::int32_t> codes; ///< index i is input code qmin + i
    int differing = 0; ///< codes that differ from the chosen backend's
    Trace trace{}; ///< of the selected code
};

/// One channel of the selected layer, by the chosen backend.
struct ChannelSummary
{
    int saturated_low = 0;
    int saturated_high = 0;
    int used_codes = 0; ///< different output codes
    int differing = 0; ///< input codes on which some backend differs from the chosen one
    std::vector<Finding> findings;
};

/// The whole selected layer. Costs the codes of all backends on all channels.
struct LayerSummary
{
    std::shared_ptr<const BatchNormLayer> layer; ///< what it was computed from
    const Backend* chosen = nullptr;
    std::vector<Finding> findings; ///< of the layer itself
    std::vector<ChannelSummary> channels; ///< C of them
};

/// All that the views show.
struct Evaluation
{
    Selection selection;
    std::shared_ptr<const BatchNormLayer> layer;
    const Backend* chosen = nullptr;
    std::vector<CodeRow> rows; ///< all input codes, ascending
    std::vector<BackendResult> backends; ///< all, in display order
    std::shared_ptr<const LayerSummary> summary; ///< null until it is computed (see Document)

    const CodeRow& row() const
    {
        return rows[static_cast<std::size_t>(selection.code - layer->input.type.qmin())];
    }
    /// The chosen backend's result.
    const BackendResult& result() const;
    /// The result of `exact`.
    const BackendResult& exact() const;
};

/// A pure function but for what it may save: of `previous`, results of the same layer, channel and
/// backend are taken over. The summary is left null unless the previous one fits. Requires: the
/// selection exists in the experiment (clamped()), the backend's id is known.
Evaluation evaluate(const Experiment& experiment, const Selection& selection,
                    const Evaluation* previous = nullptr);

/// Channels whose parameters are as in `previous` are taken over from there, if the layer's own are
/// the same.
std::shared_ptr<const LayerSummary> summarize(const std::shared_ptr<const BatchNormLayer>& layer,
                                              const Backend& chosen,
                                              const LayerSummary* previous = nullptr);

} // namespace qbn
