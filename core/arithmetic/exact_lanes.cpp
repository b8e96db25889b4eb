#include "core/arithmetic/exact_lanes.h"

#include <cmath>
#include <limits>

namespace qbn {

namespace {

constexpr double far = 0x1p40; // beyond it every code is clamped alike

double limited(double steps)
{
    const double low = steps < -far ? -far : steps;
    return low > far ? far : low;
}

/// std::nearbyint() of what is limited: no room is left below 1.
double to_nearest(double steps)
{
    constexpr double no_fraction = 0x1.8p52;
    return (steps + no_fraction) - no_fraction;
}

} // namespace

Lanes lanes_of(const SteppedLine& of, double first)
{
    const SteppedLine line = of; // which no lane can change
    Lanes steps;
    for (int i = 0; i < 256; ++i)
        steps[static_cast<std::size_t>(i)] = line.steps(first + i);
    return steps;
}

Lanes rounded_lanes(const Lanes& steps, const OutputRange& of)
{
    const OutputRange range = of;
    Lanes sums;
    for (std::size_t i = 0; i < 256; ++i) {
        const double rounded = to_nearest(limited(steps[i]));
        const double sum = rounded + range.zero_point;
        const double lifted = sum < range.least ? range.least : sum;
        sums[i] = room_left(steps[i], rounded, range.bound) > 0
            ? lifted
            : std::numeric_limits<double>::quiet_NaN();
    }
    return sums;
}

Lanes distance_lanes(const Lanes& steps, const OutputRange& of, double farther)
{
    const OutputRange range = of;
    Lanes distances;
    for (std::size_t i = 0; i < 256; ++i) {
        const double inside = limited(steps[i]);
        const double rounded = to_nearest(inside);
        const double sum = rounded - (rounded > inside ? 1 : 0) + range.zero_point;
        const double low = sum < range.lowest ? range.lowest : sum;
        const double nearest = (low > range.highest ? range.highest : low) - range.zero_point + 0.5;
        const double distance = range.lowest <= range.highest
            ? std::abs(steps[i] - nearest)
            : std::numeric_limits<double>::infinity();
        distances[i] = distance > farther ? distance : -1;
    }
    return distances;
}

} // namespace qbn
