#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <limits>
#include <optional>

namespace qbn {

/// A number from outside as an integer: exactly, or nothing for NaN, an infinity, a fraction and what T does not hold. The
/// only way from a number of a file, a text or a person to an integer; a cast of what does not fit is undefined.
template <std::integral T> std::optional<T> checked_integer(double value)
{
    using Limits = std::numeric_limits<T>;
    constexpr auto low = static_cast<double>(Limits::min());
    // The largest T may have no binary64 of its own; the power of two behind it has.
    constexpr T half = Limits::max() / 2 + 1;
    constexpr double end = static_cast<double>(half) * 2;
    if (!(value >= low && value < end) || std::trunc(value) != value)
        return std::nullopt;
    return static_cast<T>(value);
}

/// The nearest integer (ties to even) that T holds; 0 for NaN.
template <std::integral T> T clamped_integer(double value)
{
    if (std::isnan(value))
        return 0;
    const double rounded = std::nearbyint(value);
    if (const auto exact = checked_integer<T>(rounded))
        return *exact;
    return rounded < 0 ? std::numeric_limits<T>::min() : std::numeric_limits<T>::max();
}

/// The nearest integer (ties to even) within [low, high]; nothing for NaN. Requires: low <= high, and binary64 holds both.
template <std::integral T> std::optional<T> clamped_integer(double value, T low, T high)
{
    if (std::isnan(value))
        return std::nullopt;
    return static_cast<T>(
        std::clamp(std::nearbyint(value), static_cast<double>(low), static_cast<double>(high)));
}

} // namespace qbn
