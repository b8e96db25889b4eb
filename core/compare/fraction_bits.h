#pragma once

#include "core/formula/fraction_bits.h"
#include "core/layer/batch_norm.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace qbn {

/// The most fraction bits, 4 to 30, with which M, B and acc of fixed-point.formula fit into the accumulator for every input code of
/// the channel. None if even 4 do not; the backend then takes 4 and wraps.
std::optional<int> largest_safe_fraction_bits(const BatchNormLayer& layer, int channel,
                                              Accumulator accumulator = Accumulator::int32);

/// How the codes of "fixed-point:n" agree with exact mathematics on all input codes of a channel.
enum class Agreement : std::uint8_t
{
    none, ///< another code differs than those of `but_for_ties`
    but_for_ties, ///< only exact ties differ: halves go up, not to even
    complete,
};

/// Element n is of n fraction bits, max_fraction_bits + 1 of them; none below min_fraction_bits.
std::vector<Agreement> agreement_with_exact(const BatchNormLayer& layer, int channel,
                                            Accumulator accumulator);

/// With which of them it is complete.
std::vector<bool> exact_fraction_bits(const BatchNormLayer& layer, int channel,
                                      Accumulator accumulator);

/// How many fraction bits `fixed-point` needs and has room for, the same for all channels.
struct FractionBits
{
    /// Why there is no smallest_exact.
    enum class Obstacle : std::uint8_t
    {
        none,
        ties, ///< some number is right on all codes but exact ties: halves go up, not to even
        unfit, ///< a channel's multiplier or offset is no number, or does not fit with 4 bits
        room, ///< a channel needs more bits than its accumulator or 30 leave room for
        no_common, ///< each channel has a number of its own, but none suits all
    };
    Accumulator accumulator = Accumulator::int32;
    std::optional<int> largest_safe; ///< every channel's acc fits into the accumulator
    std::optional<int> smallest_exact; ///< every channel gives the codes of `exact`
    Obstacle obstacle = Obstacle::none;
    int obstacle_channel = 0; ///< of unfit and room, the first
};

FractionBits fraction_bits_for(const BatchNormLayer& layer,
                               Accumulator accumulator = Accumulator::int32);

} // namespace qbn
