#include "core/formula/fraction_bits.h"

#include "core/formula/kernels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace qbn {

namespace {

using Int32 = std::numeric_limits<std::int32_t>;
using formula::Op;
using formula::Type;
using formula::Value;

bool fits_int32(std::int64_t value)
{
    return value >= Int32::min() && value <= Int32::max();
}

std::int64_t saturated(std::int64_t value)
{
    return std::clamp<std::int64_t>(value, Int32::min(), Int32::max());
}

/// rint(value * 2^bits), 0 where int64 has no such number.
std::int64_t scaled(double value, int bits)
{
    const double wide = std::nearbyint(std::ldexp(value, bits));
    return std::abs(wide) < 0x1p63 ? static_cast<std::int64_t>(wide) : 0; // NaN compares false
}

/// M * centred + B fits; a product that int64 does not hold counts as one that does not.
bool is_safe_at(std::int64_t multiplier, std::int64_t offset, std::int64_t centred,
                Accumulator accumulator)
{
    std::int64_t acc = 0;
    if (__builtin_mul_overflow(multiplier, centred, &acc)
        || __builtin_add_overflow(acc, offset, &acc))
        return false;
    return accumulator == Accumulator::int64 || fits_int32(acc);
}

/// acc is linear in the code, so its ends are those of the codes.
bool is_safe(const IntegerRange& range, int bits, Accumulator accumulator)
{
    const bool wide = accumulator == Accumulator::int64;
    const double limit = std::ldexp(1.0, (wide ? 63 : 31) - bits) + (wide ? 0 : 1);
    if (!(std::abs(range.multiplier) < limit && std::abs(range.offset) < limit))
        return false; // does not fit, or is no number
    const std::int64_t multiplier = scaled(range.multiplier, bits);
    const std::int64_t offset = scaled(range.offset, bits);
    return (wide || (fits_int32(multiplier) && fits_int32(offset)))
        && is_safe_at(multiplier, offset, range.first, accumulator)
        && is_safe_at(multiplier, offset, range.last, accumulator);
}

/// By the operation of the language itself.
std::int64_t computed(Op op, Type operand, Type result, const Value& a, const Value& b)
{
    Value value{.i64 = 0};
    const std::array<const void*, 2> operands{&a, &b};
    formula::plain::find_kernel(op, operand, result)(1, &value, operands.data());
    return result == Type::i64 ? value.i64 : value.i32;
}

/// The product in 2^-bits steps, as fixed-point-gemmlowp.formula computes it.
std::int64_t gemmlowp_product(std::int64_t centred, std::int64_t multiplier, int exponent, int bits)
{
    const int shift = std::clamp(bits + exponent, 0, 30);
    const int left = bits + exponent - shift;
    const auto shifted = static_cast<std::int32_t>(saturated(centred * (1LL << shift)));
    const std::int64_t high = computed(Op::high_mul_round, Type::i32, Type::i32, {.i32 = shifted},
                                       {.i32 = static_cast<std::int32_t>(multiplier)});
    if (left > 0)
        return saturated(high * (1LL << std::min(left, 31)));
    return computed(Op::divide_by_pot_round, Type::i64, Type::i64, {.i64 = high},
                    {.i64 = std::min(-left, 31)});
}

} // namespace

int most_fraction_bits(const IntegerRange& range, Accumulator accumulator)
{
    for (int bits = max_fraction_bits; bits >= min_fraction_bits; --bits) {
        if (is_safe(range, bits, accumulator))
            return bits;
    }
    return 0;
}

int gemmlowp_fraction_bits(const IntegerRange& range)
{
    const Value real{.f64 = range.multiplier};
    const std::int64_t multiplier
        = computed(Op::quantized_multiplier, Type::f64, Type::i32, real, real);
    const auto exponent
        = static_cast<int>(computed(Op::quantized_shift, Type::f64, Type::i32, real, real));
    const auto fits = [&](std::int64_t centred, int bits, std::int64_t offset) {
        return fits_int32(centred * (1LL << std::clamp(bits + exponent, 0, 30)))
            && fits_int32(gemmlowp_product(centred, multiplier, exponent, bits) + offset);
    };
    for (int bits = max_fraction_bits; bits > 0; --bits) {
        const std::int64_t offset = scaled(range.offset, bits);
        if (fits_int32(offset) && fits(range.first, bits, offset) && fits(range.last, bits, offset))
            return bits;
    }
    return 0;
}

} // namespace qbn
