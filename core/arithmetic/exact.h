#pragma once

#include "core/arithmetic/exact_lanes.h"
#include "core/arithmetic/trace.h"
#include "core/layer/batch_norm.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace qbn {

/// The stages of one input code as real mathematics gives them, each rounded once to binary64:
///     dequantized = x_scale * (x_q - x_zero_point)
///     normalized  = (dequantized - mean) / sqrt(var + eps)
///     affine      = gamma * normalized + beta
///     requantized = affine / y_scale + y_zero_point          before rounding, ReLU and clamp
/// NaN where mathematics has no answer: var + eps < 0, 0/0, a parameter that is NaN.
struct ExactStages
{
    double dequantized = 0;
    double normalized = 0;
    double affine = 0;
    double requantized = 0;
};

/// Where the exact value of an input code lies among the points at which the output code changes.
struct Boundary
{
    double steps = 0; ///< in output steps, without the zero point, rounded once
    /// The nearest of those points: half way between two codes within the clamp.
    double nearest = 0;
    double distance = 0; ///< between the two, rounded once; infinity if the code never changes
    bool tie = false; ///< they are equal
    bool below = false; ///< the exact value is below the nearest, though steps may be rounded to it
};

/// The roundings and terms that backends make of a channel's parameters, as real mathematics gives
/// them, each rounded once to binary64.
struct ExactParameters
{
    double std_dev = 0; ///< sqrt(var + eps)
    double inv_std = 0; ///< 1 / std_dev
    double gain = 0; ///< gamma * inv_std
    double alpha = 0; ///< gain * x_scale / y_scale
    double scaled_mean = 0; ///< mean * inv_std
    double shift = 0; ///< mean * gain
    double offset = 0; ///< beta - shift
    double fused_beta = 0; ///< offset / y_scale
    double reciprocal = 0; ///< 1 / y_scale
};

/// One channel in exact arithmetic. Parameters are binary64 and taken as they stand, so every one
/// is a rational number with a power of two below; the one irrational step, the square root, is
/// squared away:
///     t < h  <=>  gamma * (x - mean) < (y_scale * h - beta) * sqrt(var + eps)
/// which signs and squares decide. So each code is proved and a tie is a tie, for every finite
/// binary64 in every parameter and however much of the sum cancels. Most codes never need it: when
/// binary64 with an error bound puts t farther from the next rounding boundary than the bound, that
/// decides.
///
/// Where there is no real answer: var + eps = 0 divides by zero and gives +-infinity, or nothing
/// for 0/0; infinity clamps to the end of the range; nothing (NaN) gives qmin, as the frameworks'
/// reference patterns do. An output scale of 0 divides alike.
class ExactChannel
{
public:
    ExactChannel(const BatchNormLayer& layer, int channel);
    ~ExactChannel();
    ExactChannel(ExactChannel&&) noexcept;
    ExactChannel& operator=(ExactChannel&&) noexcept;

    ExactStages stages(std::int32_t input_code) const;
    /// That of stages() alone.
    double affine(std::int32_t input_code) const;
    /// affine / y_scale, rounded once.
    double steps(std::int32_t input_code) const;
    Requantized requantize(std::int32_t input_code) const;
    ExactParameters parameters() const;

    /// Points beyond the clamp, or below the zero point of a fused ReLU, change no code. Everything
    /// is NaN where there is no real answer. With fewer than 53 bits, 28 to 40, the distance of a code
    /// that is not near is right to so many, which is much faster, and its steps are nearly right.
    Boundary boundary(std::int32_t input_code, int bits = 53) const;

    /// Of all input codes what requantize() clamps: its sum, lifted by a fused ReLU. Beyond 2^40 it is another number there. NaN where
    /// there is no real answer.
    Lanes sums() const;
    /// Of all input codes the distance of boundary(code, bits); -1 where only boundary() tells it.
    Lanes distances(int bits) const;

private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

/// As requantize_all() and trace() of a backend.
std::vector<Requantized> exact_requantized(const BatchNormLayer& layer, int channel);
/// What becomes of a sum of ExactChannel::sums().
std::int32_t clamped_code(double sum, CodeType type);
/// The output codes of those.
std::vector<std::int32_t> exact_codes(const BatchNormLayer& layer, int channel);
Trace exact_trace(const BatchNormLayer& layer, int channel, std::int32_t input_code);

} // namespace qbn
