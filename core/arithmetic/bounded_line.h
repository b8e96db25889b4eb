#pragma once

#include "core/arithmetic/bounded.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

namespace qbn {

/// The line a * n + b over whole numbers, each value rounded once to binary64 with the proof of Bounded, in binary64 alone:
///     a     = a1 + a2                   a1 has 43 bits and a2 no more, so that a1 * n and a2 * n are exact
///     b     = b1 + b2
///     s + e = a1 * n + b1               exact (Knuth's two-sum)
///     value = s + (e + a2 * n + b2)     and at most `reach` away from it
class BoundedLine
{
public:
    /// Tells nothing.
    BoundedLine() = default;

    /// For n of magnitudes up to `farthest`. Tells nothing where that is 1024 or more, or a or b are near the ends of binary64's range.
    BoundedLine(const Bounded& a, const Bounded& b, double farthest)
    {
        const long double magnitude = std::abs(a.value()) * farthest + std::abs(b.value());
        const bool fits = farthest < 1024 && is_tame(a.value()) && is_tame(b.value());
        if (!fits)
            return;
        constexpr std::uint64_t kept = ~std::uint64_t{0x3ff};
        a1_ = std::bit_cast<double>(std::bit_cast<std::uint64_t>(static_cast<double>(a.value()))
                                    & kept);
        a2_ = static_cast<double>(a.value() - a1_);
        b1_ = static_cast<double>(b.value());
        b2_ = static_cast<double>(b.value() - b1_);
        // The roundings of what is added to s are below 2^-92 of the magnitude.
        reach_ = static_cast<double>((a.error() * farthest + b.error() + 0x1p-90L * magnitude)
                                     * (1 + 0x1p-20L));
    }

    /// As Bounded::rounded(). Requires: |n| is at most `farthest`.
    std::optional<double> rounded(double n) const
    {
        const double product = a1_ * n;
        const double s = product + b1_;
        const double from_b = s - product;
        const double e = (product - (s - from_b)) + (b1_ - from_b);
        const double rest = (e + a2_ * n) + b2_;
        const double low = s + (rest - reach_);
        const double high = s + (rest + reach_);
        return low == high && low != 0 ? std::optional(low) : std::nullopt;
    }

private:
    static bool is_tame(long double value)
    {
        return value == 0 || (std::abs(value) > 0x1p-900L && std::abs(value) < 0x1p900L);
    }

    double a1_ = 0, a2_ = 0, b1_ = 0, b2_ = 0;
    double reach_ = std::numeric_limits<double>::infinity();
};

} // namespace qbn
