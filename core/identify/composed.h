#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace qbn {

/// An arithmetic put together from the choices that implementers have.
struct Composed
{
    enum class Order : std::uint8_t
    {
        stages, ///< ((d - mean) / std) * gamma + beta, then over the output scale
        gain_and_offset, ///< d * gain + offset, then over the output scale
        multiplier, ///< (x - z_in) * multiplier + offset, all folded
        folded_zero_point, ///< x * multiplier + offset, the input zero point folded too
        sum_first, ///< (x - z_in + offset) * multiplier
    };
    enum class Precision : std::uint8_t
    {
        binary32,
        constants_binary64, ///< computed in binary64, kept and used in binary32
        binary64,
        binary16,
    };
    enum class Fused : std::uint8_t
    {
        nowhere,
        codes, ///< what is computed for each code
        everywhere, ///< the offset of the channel too
    };
    enum class Rounding : std::uint8_t
    {
        half_even,
        half_away,
        half_up,
        truncate,
        floor,
    };
    Order order = Order::gain_and_offset;
    Precision precision = Precision::binary32;
    Fused fused = Fused::nowhere;
    bool reciprocal_of_root = true; ///< gamma * (1 / std), not gamma / std
    bool reciprocal_of_scale = false; ///< times 1 / s_out, not over s_out
    Rounding rounding = Rounding::half_even;
    bool zero_point_inside = false; ///< added before the rounding

    bool operator==(const Composed&) const = default;
};

/// Its formula (core/formula/syntax.h).
std::string formula_of(const Composed& composed);

/// In words: "gain and offset in binary32, no fma, over the output scale, halves to even".
std::string words_of(const Composed& composed);

/// All of them, the usual choices first.
std::vector<Composed> all_composed();

/// Integer hardware: a multiplier and an offset of n fraction bits.
struct ComposedInteger
{
    enum class Rounding : std::uint8_t
    {
        half_up,
        half_away,
        floor,
    };
    int fraction_bits = 16;
    Rounding rounding = Rounding::half_up;
    bool rounded_offset = false; ///< the offset has no fraction bits of its own
};

std::string formula_of(const ComposedInteger& composed);
std::string words_of(const ComposedInteger& composed);
std::vector<ComposedInteger> all_composed_integers();

} // namespace qbn
