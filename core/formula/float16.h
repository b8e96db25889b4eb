#pragma once

#include <bit>
#include <cstdint>

namespace qbn::formula {

/// binary16, half to even, as the binary32 of the same value. Overflow is from 65520 on; subnormals are kept.
inline float round_to_f16(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t magnitude = bits & 0x7fffffffU;
    const std::uint32_t sign = bits & 0x80000000U;
    if (magnitude > 0x7f800000U)
        return value; // NaN
    if (magnitude >= 0x477ff000U) // 65520
        return std::bit_cast<float>(sign | 0x7f800000U);
    if (magnitude
        < 0x38800000U) { // below 2^-14 all are multiples of 2^-24, as here the sum with 3/4 is
        const float sum = std::bit_cast<float>(magnitude) + 0.75F;
        return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(sum - 0.75F));
    }
    const std::uint32_t rounded = (magnitude + 0xfffU + ((magnitude >> 13) & 1U)) & ~0x1fffU;
    return std::bit_cast<float>(sign | rounded);
}

/// bfloat16, half to even: the upper half of a binary32.
inline float round_to_bf16(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    if ((bits & 0x7fffffffU) > 0x7f800000U)
        return value; // NaN
    return std::bit_cast<float>((bits + 0x7fffU + ((bits >> 16) & 1U)) & 0xffff0000U);
}

/// The binary32 from which a narrower format is rounded as from the binary64 itself: truncated, its last bit set where bits were
/// lost (Boldo and Melquiond 2008, "Emulation of FMA and correctly rounded sums").
inline float round_to_odd(double value)
{
    const auto narrowed = static_cast<float>(value);
    const auto back = static_cast<double>(narrowed);
    auto bits = std::bit_cast<std::uint32_t>(narrowed);
    if (back == value || value != value)
        return narrowed;
    const bool too_large = (back < 0 ? -back : back) > (value < 0 ? -value : value);
    if (too_large)
        --bits;
    return std::bit_cast<float>(bits | 1U);
}

inline float round_to_f16(double value)
{
    return round_to_f16(round_to_odd(value));
}
inline float round_to_bf16(double value)
{
    return round_to_bf16(round_to_odd(value));
}

/// a * b + c of narrow operands: the product is exact in binary64, and what the sum loses sets its last bit.
inline double fma_to_odd(float a, float b, float c)
{
    const double product = static_cast<double>(a) * static_cast<double>(b);
    const auto addend = static_cast<double>(c);
    const double sum = product + addend;
    const double from_addend = sum - product;
    const double lost = (product - (sum - from_addend)) + (addend - from_addend); // Knuth's two-sum
    if (lost == 0 || lost != lost)
        return sum;
    auto bits = std::bit_cast<std::uint64_t>(sum);
    if ((bits & 1U) == 0) // towards what was lost; an odd one is right as it stands
        bits += (lost > 0) == (sum > 0) ? 1U : ~std::uint64_t{0};
    return std::bit_cast<double>(bits);
}

} // namespace qbn::formula
