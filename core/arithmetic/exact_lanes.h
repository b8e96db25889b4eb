#pragma once

#include <array>
#include <cmath>

namespace qbn {

/// A number for each input code of a channel: index i is input code qmin + i, those behind the last code mean nothing.
using Lanes = std::array<double, 256>;

/// A channel in binary64:
///     steps = (gamma * ((scale * centred code - mean) * inv_std) + beta) / y_scale
struct SteppedLine
{
    double steps(double centred) const
    {
        return (gamma * ((scale * centred - mean) * inv_std) + beta) / y_scale;
    }

    double scale = 1;
    double mean = 0;
    double inv_std = 1;
    double gamma = 1;
    double beta = 0;
    double y_scale = 1;
};
/// Lane i is the centred code first + i.
Lanes lanes_of(const SteppedLine& line, double first);

/// How far steps, at most `bound` away from the truth, may be moved before they round to another code: above 0 the code is decided. Beyond
/// 2^40 every code is clamped alike, and the bound is far smaller than that.
inline double room_left(double steps, double rounded, double bound)
{
    const double magnitude = std::abs(steps);
    return magnitude < 0x1p40 ? 0.5 - std::abs(steps - rounded) - bound : magnitude - 4 * bound;
}

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
