#pragma once

#include "core/arithmetic/requantize.h"
#include "core/arithmetic/trace.h"
#include "core/layer/batch_norm.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace qbn {

/// How an implementation computes a quantized batch norm, as a value: a backend is one constant of
/// this type (core/backends). Each choice names one thing on which implementations differ, down to
/// a single rounding.
///
/// f32(.) rounds to binary32. x is the input code, zi, si, zo, so the zero points and scales of
/// input and output. In the first two forms all parameters are narrowed to binary32 first, but for
/// the scales of the two-parameter form.
struct Arithmetic
{
    enum class Form : std::uint8_t
    {
        /// Prepared for each channel, in output steps already:
        ///     inv   = f32(1 / f64(sqrt(f32(var + eps))))
        ///     alpha = f32(f64(f32(inv * gamma)) * (si / so))             si / so in binary64
        ///     beta' = f32(f64(f32(beta - f32(f32(mean * inv) * gamma))) / so)
        ///     steps = alpha * f32(x - zi) + beta'                        multiply_add
        /// The conversions with a SIMD part take f32(zi) for zi there, another number beyond 2^24.
        two_parameter,
        /// Four stages, the middle ones folded into gain * d + offset in real units:
        ///     d      = f32(f32(x - zi) * f32(si))
        ///     gain   = f32(f32(1 / sqrt(f32(var + eps))) * gamma)
        ///     offset = beta - mean * gain                                offset_multiply_add
        ///     y      = d * gain + offset                                 multiply_add
        ///     steps  = y times or divided by so                          rescale
        four_stages,
        /// The formula as a person writes it, every operation in binary64, parameters as they
        /// stand:
        ///     d     = si * (x - zi)
        ///     n     = (d - mean) / sqrt(var + eps)
        ///     y     = gamma * n + beta                                   multiply_add
        ///     steps = y / so
        binary64_stages,
        /// Integers only, with n fraction bits (core/arithmetic/fixed_point.h); `integer` says how.
        integer,
    };

    /// One rounding, or one after the product and one after the sum.
    enum class MultiplyAdd : std::uint8_t
    {
        fused,
        separate
    };

    /// steps = f32(y * f32(1 / so)), or f32(y / so).
    enum class Rescale : std::uint8_t
    {
        multiply_by_reciprocal,
        divide
    };

    /// How steps becomes a code. All round half to even; they differ in what NaN and overflow give.
    enum class Conversion : std::uint8_t
    {
        /// NaN gives qmin; else clamp(zo + rint(steps)), infinities included.
        clamping,
        /// NaN and |steps| >= 2^63 give qmin; else clamp(zo + rint(steps)).
        through_int64,
        /// lrintf to int64, INT64_MIN for what does not fit and for NaN; zo is added and wraps;
        /// ReLU; clamp.
        int64_wrapping,
        /// The first 8 * floor(C / 8) of C channels: capped at 2147483520 (NaN too), below -2^31
        /// INT32_MIN; zo is added in int32 and wraps; clamp; ReLU against the zero point narrowed
        /// to the code's type. The other channels as int64_wrapping.
        int32_wrapping_simd,
        /// The same channels: through_int64, then ReLU against the zero point narrowed likewise.
        /// The other channels as int64_wrapping.
        through_int64_simd,
        /// np.clip(np.round(steps) + zo, qmin, qmax).astype(...): infinities are clipped, NaN stays
        /// NaN and its conversion gives 0 (NumPy on x86-64).
        numpy_clip,
    };

    /// Form::integer: how wide, how scaled and how rounded.
    struct Integer
    {
        enum class Rounding : std::uint8_t
        {
            half_up_shift, ///< acc = M * (x - zi) + B;  (acc + 2^(n-1)) >> n
            gemmlowp, ///< SaturatingRoundingDoublingHighMul, then RoundingDivideByPOT
        };
        enum class Accumulator : std::uint8_t
        {
            int32, ///< wraps
            int64
        };
        Rounding rounding = Rounding::half_up_shift;
        Accumulator accumulator = Accumulator::int32;
        int fraction_bits = 0; ///< 0: the most that keep acc of this channel in int32
    };

    Form form = Form::two_parameter;
    MultiplyAdd multiply_add = MultiplyAdd::fused;
    MultiplyAdd offset_multiply_add = MultiplyAdd::fused;
    Rescale rescale = Rescale::divide;
    Conversion conversion = Conversion::clamping;
    Integer integer = {};
};

/// All input codes of one channel: index i is input code qmin + i, type.count() of them.
/// Domain: any parameters whatever; 0 <= channel < layer.channels(). Rounds to nearest
/// (FE_TONEAREST) only.
std::vector<Requantized> evaluate_requantized(const Arithmetic& arithmetic,
                                              const BatchNormLayer& layer, int channel);

/// The same computation for one input code, with every intermediate; in another lane than the
/// channel's own if one is given.
Trace evaluate_trace(const Arithmetic& arithmetic, const BatchNormLayer& layer, int channel,
                     std::int32_t input_code, std::optional<Lane> lane = std::nullopt);

/// The arithmetic computes a channel otherwise in its SIMD part than in its scalar one.
bool has_lanes(const Arithmetic& arithmetic);

/// What the arithmetic's conversion alone makes of a number of steps: narrowed to binary32, but for
/// numpy_clip. ReLU is done where that conversion does it, else on steps before. Requires: not
/// Form::integer.
Requantized convert(const Arithmetic& arithmetic, Lane lane, double steps, const Target& target);

} // namespace qbn
