#pragma once

#include "core/layer/quantization.h"

#include <bit>
#include <cstdint>

namespace qbn {

/// Equality of what is stored: a NaN equals itself, 0 is not -0. By it no edit is lost and no
/// result kept too long.
inline bool same_bits(double a, double b)
{
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

inline bool same_bits(const QuantizationParameters& a, const QuantizationParameters& b)
{
    return a.type == b.type && a.zero_point == b.zero_point && same_bits(a.scale, b.scale);
}

} // namespace qbn
