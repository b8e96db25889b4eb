#pragma once

#include "core/evaluate/layer_summary.h"

#include <memory>
#include <optional>
#include <vector>

namespace qbn {

/// What a list of layers says of one: a LayerSummary without its codes. Of a model of any size all
/// digests can be kept.
struct LayerDigest
{
    std::shared_ptr<const BatchNormLayer> layer; ///< what it was computed from
    const Backend* chosen = nullptr;
    std::vector<const Backend*> compared;
    int differing = 0; ///< input codes, of all channels, on which a compared backend differs
    int differing_channels = 0; ///< those with one at least
    int saturated = 0; ///< input codes, of all channels, that the chosen backend saturates
    int errors = 0, warnings = 0, notes = 0; ///< findings
    std::optional<CodePlace> first_difference, last_difference;

    /// Input codes of all channels.
    int codes() const { return layer->channels() * layer->input.type.count(); }
};

LayerDigest digest_of(const LayerSummary& summary);

} // namespace qbn
