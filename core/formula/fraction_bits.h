#pragma once

#include <cstdint>

namespace qbn {

inline constexpr int min_fraction_bits = 4;
inline constexpr int max_fraction_bits = 30;

/// Where integer hardware adds up; what does not fit wraps.
enum class Accumulator : std::uint8_t
{
    int32,
    int64
};

/// A channel in real numbers, steps = multiplier * centred + offset, and the ends of centred = x - z_in.
struct IntegerRange
{
    double multiplier = 0;
    double offset = 0;
    std::int64_t first = 0;
    std::int64_t last = 0;
};

/// The most n of 4 .. 30 with which M = rint(multiplier * 2^n), B = rint(offset * 2^n) and M * centred + B fit into the
/// accumulator, for all of centred. 0 if not even 4 do.
int most_fraction_bits(const IntegerRange& range, Accumulator accumulator);

/// With multiplier = M * 2^(e - 31) as quantized_multiplier and quantized_shift give it: the most n of 0 .. 30 with which
/// rint(offset * 2^n), centred * 2^clamp(n + e, 0, 30) and the sum, saturated where gemmlowp does, fit into int32. 0 if none do.
int gemmlowp_fraction_bits(const IntegerRange& range);

} // namespace qbn
