#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <optional>

namespace qbn {

/// The integer nearest to a computed number, half to even, and the end of [low, high] that is nearest where it lies
/// beyond; nothing for NaN. A cast of what does not fit would be undefined. Requires: low <= high, and both are
/// binary64 numbers.
template <std::integral T> std::optional<T> clamped_integer(double value, T low, T high)
{
    if (std::isnan(value))
        return std::nullopt;
    return static_cast<T>(
        std::clamp(std::nearbyint(value), static_cast<double>(low), static_cast<double>(high)));
}

} // namespace qbn
