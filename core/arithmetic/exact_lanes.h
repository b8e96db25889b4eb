#pragma once

#include <array>
#include <cstdint>

namespace qbn {

/// A number for each input code of a channel: index i is input code qmin + i, those behind the last code mean nothing.
using Lanes = std::array<double, 256>;

/// A channel in binary64, lane i of which is the centred code first + i:
///     steps = (gamma * ((scale * code - mean) * inv_std) + beta) / y_scale
struct SteppedLine
{
    double scale = 1;
    double mean = 0;
    double inv_std = 1;
    double gamma = 1;
    double beta = 0;
    double y_scale = 1;
    double first = 0;
};
Lanes lanes_of(const SteppedLine& line);

/// Where steps become codes, and how far they may be from the truth.
struct OutputRange
{
    double zero_point = 0;
    double lowest = 0; ///< the first code with another above it
    double highest = 0; ///< the last one
    double least = 0; ///< what a fused ReLU lifts sums to
    double bound = 0;
};

/// Rounds steps half to even, adds the zero point and lifts what is below the least. NaN where the bound leaves the code open. Of
/// steps beyond 2^40 it takes those.
Lanes rounded_lanes(const Lanes& steps, const OutputRange& range);

/// From the nearest of the points half way between two codes: infinity where there is none, -1 where `farther` is not exceeded.
Lanes distance_lanes(const Lanes& steps, const OutputRange& range, double farther);

} // namespace qbn
