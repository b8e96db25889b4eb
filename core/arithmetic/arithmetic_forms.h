#pragma once

#include "core/arithmetic/arithmetic.h"

#include <cmath>

/// The forms of Arithmetic in floating point, one class each: prepared for a channel, then a
/// function from an input code to output steps. They tell a recorder (core/arithmetic/trace.h) every
/// intermediate as they compute it. For core/arithmetic/arithmetic.cpp alone.
namespace qbn::forms {

template <bool fused> float multiply_add(float a, float x, float b)
{
    if constexpr (fused)
        return std::fma(a, x, b);
    const float product = a * x;
    return product + b;
}

struct Narrowed
{
    Narrowed(const BatchNormLayer& layer, int channel)
        : mean(static_cast<float>(layer.mean[channel]))
        , var(static_cast<float>(layer.var[channel]))
        , gamma(static_cast<float>(layer.gamma[channel]))
        , beta(static_cast<float>(layer.beta[channel]))
        , eps(static_cast<float>(layer.eps))
    { }
    float mean, var, gamma, beta, eps;
};

inline float centred(std::int32_t code, std::int64_t zero_point)
{
    return static_cast<float>(code - zero_point);
}

/// Form::two_parameter for one channel.
template <bool fused> class TwoParameter
{
public:
    template <typename Recorder>
    TwoParameter(const BatchNormLayer& layer, int channel, Lane lane, Recorder& recorder)
        : zero_point_(layer.input.zero_point)
        , simd_(lane == Lane::simd)
    {
        if (simd_)
            zero_point_ = static_cast<std::int64_t>(static_cast<float>(layer.input.zero_point));
        const Narrowed p(layer, channel);
        const double x_scale = layer.input.scale;
        const double y_scale = layer.output.scale;
        const float std_dev = std::sqrt(p.var + p.eps);
        const auto inv_std = static_cast<float>(1.0 / static_cast<double>(std_dev));
        const float gain = inv_std * p.gamma;
        alpha_ = static_cast<float>(static_cast<double>(gain) * (x_scale / y_scale));
        const float scaled_mean = p.mean * inv_std;
        const float shift = scaled_mean * p.gamma;
        const float offset = p.beta - shift;
        beta_ = static_cast<float>(static_cast<double>(offset) / y_scale);

        recorder.step("std_dev", "f32(sqrt(f32(var + eps)))", std_dev);
        recorder.step("inv_std", "f32(1 / f64(std_dev))", inv_std);
        recorder.step("gain", "f32(inv_std * gamma)", gain);
        recorder.step("alpha", "f32(f64(gain) * (x_scale / y_scale))", alpha_);
        recorder.step("scaled_mean", "f32(mean * inv_std)", scaled_mean);
        recorder.step("shift", "f32(scaled_mean * gamma)", shift);
        recorder.step("offset", "f32(beta - shift)", offset);
        recorder.step("fused_beta", "f32(f64(offset) / y_scale)", beta_);
    }

    template <typename Recorder> float steps(std::int32_t input_code, Recorder& recorder) const
    {
        const float x = centred(input_code, zero_point_);
        recorder.step("centred", simd_ ? "f32(x_q - f32(x_zero_point))" : "f32(x_q - x_zero_point)",
                      x);
        const float steps = multiply_add<fused>(alpha_, x, beta_);
        if constexpr (!fused)
            recorder.step("scaled", "f32(alpha * centred)", alpha_ * x);
        recorder.step("requantized",
                      fused ? "fma(alpha, centred, fused_beta)" : "f32(scaled + fused_beta)",
                      steps);
        return steps;
    }

private:
    float alpha_ = 0;
    float beta_ = 0;
    std::int64_t zero_point_;
    bool simd_;
};

/// Form::four_stages for one channel. ReLU acts on the real value here.
template <bool fused> class FourStages
{
public:
    template <typename Recorder>
    FourStages(const BatchNormLayer& layer, int channel, const Arithmetic& arithmetic,
               Recorder& recorder)
        : x_scale_(static_cast<float>(layer.input.scale))
        , y_scale_(static_cast<float>(layer.output.scale))
        , reciprocal_(1.0F / y_scale_)
        , zero_point_(layer.input.zero_point)
        , divide_(arithmetic.rescale == Arithmetic::Rescale::divide)
        , relu_(layer.relu)
    {
        const Narrowed p(layer, channel);
        const float std_dev = std::sqrt(p.var + p.eps);
        const float inv_std = 1.0F / std_dev;
        gain_ = inv_std * p.gamma;
        recorder.step("std_dev", "f32(sqrt(f32(var + eps)))", std_dev);
        recorder.step("inv_std", "f32(1 / std_dev)", inv_std);
        recorder.step("gain", "f32(inv_std * gamma)", gain_);
        if (arithmetic.offset_multiply_add == Arithmetic::MultiplyAdd::fused) {
            offset_ = std::fma(-p.mean, gain_, p.beta);
            recorder.step("offset", "fma(-mean, gain, beta)", offset_);
        } else {
            const float shift = p.mean * gain_;
            offset_ = p.beta - shift;
            recorder.step("shift", "f32(mean * gain)", shift);
            recorder.step("offset", "f32(beta - shift)", offset_);
        }
        if (!divide_)
            recorder.step("reciprocal", "f32(1 / f32(y_scale))", reciprocal_);
    }

    template <typename Recorder> float steps(std::int32_t input_code, Recorder& recorder) const
    {
        const float dequantized = centred(input_code, zero_point_) * x_scale_;
        recorder.step("dequantized", "f32(f32(x_q - x_zero_point) * f32(x_scale))", dequantized);
        float y = multiply_add<fused>(dequantized, gain_, offset_);
        if constexpr (!fused)
            recorder.step("product", "f32(dequantized * gain)", dequantized * gain_);
        recorder.step("affine", fused ? "fma(dequantized, gain, offset)" : "f32(product + offset)",
                      y);
        if (relu_) {
            y = y > 0 || std::isnan(y) ? y : 0.0F;
            recorder.step("relu", "max(affine, 0)", y);
        }
        const float steps = divide_ ? y / y_scale_ : y * reciprocal_;
        recorder.step("requantized",
                      divide_ ? "f32(affine / f32(y_scale))" : "f32(affine * reciprocal)", steps);
        return steps;
    }

private:
    float gain_ = 0;
    float offset_ = 0;
    float x_scale_, y_scale_, reciprocal_;
    std::int32_t zero_point_;
    bool divide_, relu_;
};

/// Form::binary64_stages for one channel. ReLU acts on the real value here, as np.maximum does.
class Binary64Stages
{
public:
    template <typename Recorder>
    Binary64Stages(const BatchNormLayer& layer, int channel, Recorder& recorder)
        : layer_(layer)
        , mean_(layer.mean[channel])
        , gamma_(layer.gamma[channel])
        , beta_(layer.beta[channel])
        , std_dev_(std::sqrt(layer.var[channel] + layer.eps))
    {
        recorder.step("std_dev", "sqrt(var + eps)", std_dev_);
    }

    template <typename Recorder> double steps(std::int32_t input_code, Recorder& recorder) const
    {
        const auto centred
            = static_cast<double>(std::int64_t{input_code} - layer_.input.zero_point);
        const double dequantized = layer_.input.scale * centred;
        const double normalized = (dequantized - mean_) / std_dev_;
        double affine = gamma_ * normalized + beta_;
        recorder.step("dequantized", "x_scale * (x_q - x_zero_point)", dequantized);
        recorder.step("normalized", "(dequantized - mean) / std_dev", normalized);
        recorder.step("affine", "gamma * normalized + beta", affine);
        if (layer_.relu) {
            affine = affine > 0 || std::isnan(affine) ? affine : 0.0;
            recorder.step("relu", "max(affine, 0)", affine);
        }
        const double steps = affine / layer_.output.scale;
        recorder.step("requantized", "affine / y_scale", steps);
        return steps;
    }

private:
    const BatchNormLayer& layer_;
    double mean_, gamma_, beta_, std_dev_;
};

} // namespace qbn::forms
