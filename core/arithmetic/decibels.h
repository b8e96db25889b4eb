#pragma once

#include <cmath>
#include <limits>

namespace qbn {

/// A ratio of mean squares in dB; infinity without noise, NaN where one of them has no answer.
inline double decibels(double signal, double noise)
{
    if (noise == 0)
        return std::numeric_limits<double>::infinity();
    return 10 * std::log10(signal / noise);
}

} // namespace qbn
