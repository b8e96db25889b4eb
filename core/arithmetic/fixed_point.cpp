#include "core/arithmetic/fixed_point.h"

#include "core/arithmetic/exact.h"
#include "core/arithmetic/requantize.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace qbn {

namespace {

using Integer = Arithmetic::Integer;
using Int32 = std::numeric_limits<std::int32_t>;

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

std::int64_t wrapping_multiply_add(std::int64_t a, std::int64_t x, std::int64_t b)
{
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(x)
                                     + static_cast<std::uint64_t>(b));
}

std::int64_t first_centred(const QuantizationParameters& input)
{
    return std::int64_t{input.type.qmin()} - input.zero_point;
}

std::int64_t last_centred(const QuantizationParameters& input)
{
    return std::int64_t{input.type.qmax()} - input.zero_point;
}

struct RealParameters
{
    double multiplier = 0;
    double offset = 0;
};

RealParameters real_parameters(const BatchNormLayer& layer, int channel)
{
    const double std_dev = std::sqrt(layer.var[channel] + layer.eps);
    const double gamma = layer.gamma[channel];
    return {.multiplier = gamma * layer.input.scale / (std_dev * layer.output.scale),
            .offset
            = (layer.beta[channel] - layer.mean[channel] * gamma / std_dev) / layer.output.scale};
}

/// M * centred + B fits; a product that int64 does not hold counts as one that does not.
bool is_safe_at(std::int64_t multiplier, std::int64_t offset, std::int64_t centred,
                Integer::Accumulator accumulator)
{
    std::int64_t acc = 0;
    if (__builtin_mul_overflow(multiplier, centred, &acc)
        || __builtin_add_overflow(acc, offset, &acc))
        return false;
    return accumulator == Integer::Accumulator::int64 || fits_int32(acc);
}

/// acc is linear in the code, so its ends are those of the codes.
bool is_safe(const RealParameters& real, const QuantizationParameters& input, int bits,
             Integer::Accumulator accumulator)
{
    const bool wide = accumulator == Integer::Accumulator::int64;
    const double limit = std::ldexp(1.0, (wide ? 63 : 31) - bits) + (wide ? 0 : 1);
    if (!(std::abs(real.multiplier) < limit && std::abs(real.offset) < limit))
        return false; // does not fit, or is no number
    const std::int64_t multiplier = scaled(real.multiplier, bits);
    const std::int64_t offset = scaled(real.offset, bits);
    return (wide || (fits_int32(multiplier) && fits_int32(offset)))
        && is_safe_at(multiplier, offset, first_centred(input), accumulator)
        && is_safe_at(multiplier, offset, last_centred(input), accumulator);
}

std::optional<int> safe_bits(const RealParameters& real, const QuantizationParameters& input,
                             Integer::Accumulator accumulator = Integer::Accumulator::int32)
{
    for (int bits = max_fraction_bits; bits >= min_fraction_bits; --bits) {
        if (is_safe(real, input, bits, accumulator))
            return bits;
    }
    return std::nullopt;
}

/// gemmlowp::SaturatingRoundingDoublingHighMul: round(a * b / 2^31), halves away from zero upwards
/// and towards zero downwards, since the division truncates.
std::int64_t doubling_high_multiply(std::int64_t a, std::int64_t b)
{
    if (a == Int32::min() && b == Int32::min())
        return Int32::max();
    const std::int64_t product = a * b;
    const std::int64_t nudge = product >= 0 ? (1LL << 30) : 1 - (1LL << 30);
    return (product + nudge) / (1LL << 31);
}

/// gemmlowp::RoundingDivideByPOT: halves away from zero.
std::int64_t divide_by_power_of_two(std::int64_t value, int exponent)
{
    const std::int64_t mask = (std::int64_t{1} << exponent) - 1;
    const std::int64_t remainder = value & mask;
    const std::int64_t threshold = (mask >> 1) + (value < 0 ? 1 : 0);
    return (value >> exponent) + (remainder > threshold ? 1 : 0);
}

/// (value + 2^(bits-1)) >> bits without the sum, which might not fit.
std::int64_t half_up_shift(std::int64_t value, int bits)
{
    return ((value >> (bits - 1)) + 1) >> 1;
}

} // namespace

FixedPointChannel::FixedPointChannel(const BatchNormLayer& layer, int channel,
                                     const Arithmetic::Integer& how)
    : how_(how)
    , output_(layer.output)
    , relu_(layer.relu)
    , input_zero_point_(layer.input.zero_point)
{
    const RealParameters real = real_parameters(layer, channel);
    real_multiplier_ = real.multiplier;
    real_offset_ = real.offset;
    if (how.rounding == Integer::Rounding::gemmlowp)
        quantize_gemmlowp(layer);
    else
        quantize_half_up(layer);
}

void FixedPointChannel::quantize_half_up(const BatchNormLayer& layer)
{
    fraction_bits_ = how_.fraction_bits > 0
        ? how_.fraction_bits
        : safe_bits({real_multiplier_, real_offset_}, layer.input).value_or(min_fraction_bits);
    multiplier_ = scaled(real_multiplier_, fraction_bits_);
    offset_ = scaled(real_offset_, fraction_bits_);
}

void FixedPointChannel::quantize_gemmlowp(const BatchNormLayer& layer)
{
    if (std::isfinite(real_multiplier_)) {
        multiplier_ = scaled(std::frexp(real_multiplier_, &exponent_), 31);
        if (std::abs(multiplier_) == 1LL << 31) {
            multiplier_ /= 2;
            ++exponent_;
        }
    }
    // As many fraction bits as the shifted code, the offset and the sum leave room for.
    const std::int64_t first = first_centred(layer.input);
    const std::int64_t last = last_centred(layer.input);
    for (int bits = max_fraction_bits; bits >= 0; --bits) {
        fraction_bits_ = bits;
        shift_ = std::clamp(bits + exponent_, 0, 30);
        const std::int64_t offset = scaled(real_offset_, bits);
        offset_ = saturated(offset);
        const bool fits = offset == offset_ && fits_int32(first * (1LL << shift_))
            && fits_int32(last * (1LL << shift_)) && fits_int32(gemmlowp_product(first) + offset_)
            && fits_int32(gemmlowp_product(last) + offset_);
        if (fits)
            return;
    }
}

std::int64_t FixedPointChannel::gemmlowp_product(std::int64_t centred) const
{
    const std::int64_t shifted = saturated(centred * (1LL << shift_));
    const std::int64_t product = doubling_high_multiply(shifted, multiplier_);
    // Of a multiplier that the shift alone does not bring to n fraction bits.
    const int left = exponent_ + fraction_bits_ - shift_;
    if (left > 0)
        return saturated(product * (1LL << std::min(left, 31)));
    return left < 0 ? divide_by_power_of_two(product, std::min(-left, 31)) : product;
}

FixedPointCode FixedPointChannel::evaluate(std::int32_t input_code) const
{
    FixedPointCode code;
    code.centred = std::int64_t{input_code} - input_zero_point_;
    if (how_.rounding == Integer::Rounding::gemmlowp) {
        code.product = gemmlowp_product(code.centred);
        code.acc = saturated(code.product + offset_);
        code.shifted = divide_by_power_of_two(code.acc, fraction_bits_);
    } else {
        code.product = wrapping_multiply_add(multiplier_, code.centred, 0);
        code.acc = wrapping_multiply_add(multiplier_, code.centred, offset_);
        if (how_.accumulator == Integer::Accumulator::int32)
            code.acc = static_cast<std::int32_t>(code.acc);
        code.shifted = half_up_shift(code.acc, fraction_bits_);
    }
    const double steps = std::ldexp(static_cast<double>(code.acc), -fraction_bits_);
    code.result = requantize_integer(steps, code.shifted, {output_, relu_});
    return code;
}

std::optional<int> largest_safe_fraction_bits(const BatchNormLayer& layer, int channel,
                                              Integer::Accumulator accumulator)
{
    return safe_bits(real_parameters(layer, channel), layer.input, accumulator);
}

std::vector<Agreement> agreement_with_exact(const BatchNormLayer& layer, int channel,
                                            Integer::Accumulator accumulator)
{
    const std::vector<Requantized> exact = exact_requantized(layer, channel);
    std::vector<Agreement> agreement(max_fraction_bits + 1, Agreement::none);
    for (int bits = min_fraction_bits; bits <= max_fraction_bits; ++bits) {
        const FixedPointChannel fixed(layer, channel,
                                      {.accumulator = accumulator, .fraction_bits = bits});
        Agreement all = Agreement::complete;
        std::int32_t code = layer.input.type.qmin();
        for (const Requantized& expected : exact) {
            if (fixed.evaluate(code++).result.output_code == expected.output_code)
                continue;
            all = expected.tie ? Agreement::but_for_ties : Agreement::none;
            if (all == Agreement::none)
                break;
        }
        agreement[static_cast<std::size_t>(bits)] = all;
    }
    return agreement;
}

std::vector<bool> exact_fraction_bits(const BatchNormLayer& layer, int channel,
                                      Integer::Accumulator accumulator)
{
    const std::vector<Agreement> agreement = agreement_with_exact(layer, channel, accumulator);
    std::vector<bool> exact(agreement.size());
    std::transform(agreement.begin(), agreement.end(), exact.begin(),
                   [](Agreement a) { return a == Agreement::complete; });
    return exact;
}

} // namespace qbn
