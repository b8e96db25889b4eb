#pragma once

#include "core/arithmetic/arithmetic.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace qbn {

inline constexpr int min_fraction_bits = 4;
inline constexpr int max_fraction_bits = 30;

/// One input code in integer arithmetic.
struct FixedPointCode
{
    std::int64_t centred = 0; ///< x_q - x_zero_point
    std::int64_t product = 0; ///< with the multiplier, in 2^-n output steps
    std::int64_t acc = 0; ///< product + quantized_offset
    std::int64_t shifted = 0; ///< acc / 2^n, rounded
    Requantized result;
};

/// One channel as integer-only hardware runs it, after
///     real_multiplier = gamma * x_scale / (sqrt(var + eps) * y_scale)
///     real_offset     = (beta - mean * gamma / sqrt(var + eps)) / y_scale
/// were computed in binary64 and turned into integers with n fraction bits. By Integer::Rounding:
///
/// half_up_shift:  M   = rint(real_multiplier * 2^n)
///                 B   = rint(real_offset * 2^n)
///                 acc = M * (x_q - x_zero_point) + B         wraps at the accumulator's width
///                 y_q = clamp(y_zero_point + ((acc + 2^(n-1)) >> n))    the sum does not overflow
/// gemmlowp:       real_multiplier = M * 2^(e-31)             with 2^30 <= |M| < 2^31
///                 n   = shift - e
///                 acc = SaturatingRoundingDoublingHighMul((x_q - x_zero_point) << shift, M) + B
///                 y_q = clamp(y_zero_point + RoundingDivideByPOT(acc, n))
///                 saturating where a sum or a shift does not fit into int32
///                 (gemmlowp fixedpoint/fixedpoint.h; TensorFlow Lite rescales its sums so)
///
/// A fused ReLU is max(y_q, y_zero_point) before the clamp. A multiplier or offset that is not
/// finite, or that int64 does not hold, is 0.
class FixedPointChannel
{
public:
    FixedPointChannel(const BatchNormLayer& layer, int channel, const Arithmetic::Integer& how);

    double real_multiplier() const { return real_multiplier_; }
    double real_offset() const { return real_offset_; }
    Arithmetic::Integer::Rounding rounding() const { return how_.rounding; }
    int fraction_bits() const { return fraction_bits_; } ///< n
    std::int64_t quantized_multiplier() const { return multiplier_; } ///< M
    std::int64_t quantized_offset() const { return offset_; } ///< B

    FixedPointCode evaluate(std::int32_t input_code) const;

private:
    void quantize_half_up(const BatchNormLayer& layer);
    void quantize_gemmlowp(const BatchNormLayer& layer);
    std::int64_t gemmlowp_product(std::int64_t centred) const;

    Arithmetic::Integer how_;
    QuantizationParameters output_;
    bool relu_ = false;
    std::int32_t input_zero_point_ = 0;
    double real_multiplier_ = 0;
    double real_offset_ = 0;
    int fraction_bits_ = 0;
    int shift_ = 0; ///< gemmlowp: of x_q - x_zero_point, to the left
    int exponent_ = 0; ///< gemmlowp: e
    std::int64_t multiplier_ = 0;
    std::int64_t offset_ = 0;
};

/// The most fraction bits, 4 to 30, with which acc fits into the accumulator for every input code
/// of the channel, and M and B with it (half_up_shift). None if even 4 do not; the backend then
/// takes 4 and wraps.
std::optional<int> largest_safe_fraction_bits(const BatchNormLayer& layer, int channel,
                                              Arithmetic::Integer::Accumulator accumulator
                                              = Arithmetic::Integer::Accumulator::int32);

/// How the codes of half_up_shift agree with exact mathematics on all input codes of a channel.
enum class Agreement : std::uint8_t
{
    none, ///< another code differs than those of `but_for_ties`
    but_for_ties, ///< only exact ties differ: halves go up, not to even
    complete,
};

/// Element n is of n fraction bits, max_fraction_bits + 1 of them; none below min_fraction_bits.
std::vector<Agreement> agreement_with_exact(const BatchNormLayer& layer, int channel,
                                            Arithmetic::Integer::Accumulator accumulator);

/// With which of them it is complete.
std::vector<bool> exact_fraction_bits(const BatchNormLayer& layer, int channel,
                                      Arithmetic::Integer::Accumulator accumulator);

} // namespace qbn
