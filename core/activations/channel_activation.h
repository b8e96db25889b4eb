#pragma once

#include "core/activations/code_counts.h"
#include "core/backends/backend.h"

#include <span>
#include <stop_token>
#include <vector>

namespace qbn {

/// How the elements of a channel lie on the codes of a type.
struct CodeUse
{
    std::uint64_t elements = 0;
    std::uint64_t at_qmin = 0; ///< elements on the lowest code
    std::uint64_t at_qmax = 0; ///< on the highest
    int unused = 0; ///< codes of the type on which no element lies
    double mean = 0; ///< of the codes, NaN without an element
};

/// `counts`: one for each code of the type, qmin first.
CodeUse code_use(std::span<const std::uint64_t> counts, CodeType type);

/// How often each output code occurs where the input codes occur so often. `codes`: the output code of each input code.
std::vector<std::uint64_t> output_counts(std::span<const std::uint64_t> inputs,
                                         std::span<const std::int32_t> codes, CodeType output);

/// What a backend makes of the elements of a channel.
struct ChannelActivation
{
    CodeUse input, output;
    std::uint64_t clamped_low = 0; ///< elements that the clamp lifted to qmin
    std::uint64_t clamped_high = 0; ///< that it lowered to qmax
    /// Mean square over the elements of the exact real output, after a fused ReLU, and of what the output code stands for less that;
    /// NaN without an element or a real answer.
    double signal = 0, noise = 0;

    double sqnr() const; ///< in dB; infinity without noise
};

/// One channel of a layer. Requires: counts of inputs that fit the layer; `requantized` is the backend's, index i for code qmin + i.
ChannelActivation channel_activation(const CodeCounts& counts, const BatchNormLayer& layer,
                                     int channel, std::span<const Requantized> requantized);

/// All channels; costs the same however many elements were counted. When a stop is requested it returns within a channel's time, and
/// what it returns means nothing.
std::vector<ChannelActivation> channel_activations(const CodeCounts& counts,
                                                   const BatchNormLayer& layer,
                                                   const Backend& backend,
                                                   const std::stop_token& stop = {});

/// All channels as one. Signal and noise are those of the channels that have them, by their elements.
ChannelActivation whole(std::span<const ChannelActivation> channels);

} // namespace qbn
