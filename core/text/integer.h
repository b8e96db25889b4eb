#pragma once

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
    constexpr double end = static_cast<double>(Limits::max() / 2 + 1) * 2;
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

} // namespace qbn
