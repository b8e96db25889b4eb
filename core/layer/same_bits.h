#pragma once

#include "core/layer/quantization.h"

#include <bit>
#include <cstdint>
#include <optional>

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

inline bool same_bits(const std::optional<IntermediateQuantization>& a,
                      const std::optional<IntermediateQuantization>& b)
{
    return a && b ? same_bits(a->gain, b->gain) && same_bits(a->offset, b->offset)
            && same_bits(a->product, b->product)
                  : !a && !b;
}

} // namespace qbn
