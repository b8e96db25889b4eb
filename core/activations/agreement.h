#pragma once

#include "core/activations/code_counts.h"
#include "core/backends/backend.h"

#include <optional>
#include <stop_token>
#include <vector>

namespace qbn {

/// Elements of one channel with one input code whose output code is not the backend's.
struct Disagreement
{
    int channel = 0;
    std::int32_t input = 0;
    std::int32_t expected = 0; ///< what the backend gives
    std::int32_t got = 0; ///< what was read
    std::uint64_t count = 0;
    std::uint64_t first = 0; ///< the first element of them

    bool operator==(const Disagreement&) const = default;
};

/// How a backend agrees with an output that was read beside its input.
struct BackendAgreement
{
    const Backend* backend = nullptr;
    std::uint64_t elements = 0;
    std::uint64_t agreeing = 0;
    std::vector<std::uint64_t> channels; ///< agreeing elements of each
    int worst_channel = -1; ///< with the least share of them; -1: all agree
    int codes = 0; ///< input codes that occur, counted in each channel
    int never = 0; ///< of these, those none of whose elements agrees
    int partly = 0; ///< those of which some do and some do not
    std::optional<Disagreement> first; ///< of the first element in the tensor that disagrees

    double share() const { return static_cast<double>(agreeing) / static_cast<double>(elements); }
};

/// Requires: counts with pairs that fit the layer. When a stop is requested it returns within a backend's time, and what it returns
/// means nothing.
BackendAgreement agreement(const CodeCounts& counts, const BatchNormLayer& layer,
                           const Backend& backend);
/// Of each; the one that agrees most comes first, those that agree alike stay in their order.
std::vector<BackendAgreement> agreements(const CodeCounts& counts, const BatchNormLayer& layer,
                                         const std::vector<const Backend*>& backends,
                                         const std::stop_token& stop = {});

/// All of a backend's, by channel, input and output code.
std::vector<Disagreement> disagreements(const CodeCounts& counts, const BatchNormLayer& layer,
                                        const Backend& backend);

/// Input codes that have several output codes in one channel, which no backend gives: halves that fell at random, or another layer's
/// tensor.
struct SeveralOutputs
{
    int codes = 0; ///< how many, over all channels
    int channel = 0; ///< of the first
    std::int32_t input = 0;
    std::vector<CodePair> pairs; ///< the first's
};
std::optional<SeveralOutputs> several_outputs(const CodeCounts& counts);

} // namespace qbn
