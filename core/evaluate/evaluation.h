#pragma once

#include "core/arithmetic/exact.h"
#include "core/backends/backend.h"
#include "core/compare/difference.h"
#include "core/compare/tie_map.h"
#include "core/evaluate/experiment.h"
#include "core/evaluate/layer_summary.h"

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
    CodeMargin margin; ///< how near the exact value lies to where the code changes
    bool differs = false; ///< a compared backend gives another code than the chosen one
};

/// One backend on the selected channel.
struct BackendResult
{
    const Backend* backend = nullptr;
    bool compared = true; ///< see BackendChoice
    std::vector<std::int32_t> codes; ///< index i is input code qmin + i
    int differing = 0; ///< codes that differ from the chosen backend's
    Trace trace{}; ///< of the selected code
};

/// All that the views show.
struct Evaluation
{
    Selection selection;
    std::shared_ptr<const BatchNormLayer> layer;
    const Backend* chosen = nullptr;
    std::vector<CodeRow> rows; ///< all input codes, ascending
    std::vector<BackendResult> backends; ///< the experiment's, in its order
    /// Of the chosen backend and the one that the selection names, or the first that differs.
    std::shared_ptr<const Difference> difference;
    std::shared_ptr<const ChannelSummary> channel_summary; ///< of the selected channel
    std::shared_ptr<const LayerSummary> summary; ///< null until it is computed (see Document)

    const CodeRow& row() const
    {
        return rows[static_cast<std::size_t>(selection.code - layer->input.type.qmin())];
    }
    /// The chosen backend's result.
    const BackendResult& result() const;
    /// The result of `exact`.
    const BackendResult& exact() const;
    /// Those that are compared with the chosen one.
    std::vector<const Backend*> compared() const;
};

/// A pure function but for what it may save: of `previous`, results of the same layer, channel and
/// backend are taken over. The summary is left null unless the previous one fits. Requires: the
/// selection exists in the experiment (clamped()), the backends' ids are known, and the chosen one
/// and `exact` are among them.
Evaluation evaluate(const Experiment& experiment, const Selection& selection,
                    const Evaluation* previous = nullptr);

/// Whether the summary is of this layer and these backends.
bool fits(const LayerSummary& summary, const Evaluation& evaluation);

} // namespace qbn
