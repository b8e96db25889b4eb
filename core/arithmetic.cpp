#include "core/arithmetic.h"

#include "core/requantize.h"

#include <cmath>

namespace qbn {

namespace {

using Form = Arithmetic::Form;
using MultiplyAdd = Arithmetic::MultiplyAdd;
using Rescale = Arithmetic::Rescale;
using Conversion = Arithmetic::Conversion;

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

float centred(std::int32_t code, std::int32_t zero_point)
{
    return static_cast<float>(std::int64_t{code} - zero_point);
}

/// Form::two_parameter for one channel.
template <bool fused> class TwoParameter
{
public:
    template <typename Recorder>
    TwoParameter(const BatchNormLayer& layer, int channel, const Arithmetic& /*arithmetic*/,
                 Recorder& recorder)
        : zero_point_(layer.input.zero_point)
    {
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
        recorder.step("centred", "f32(x_q - x_zero_point)", x);
        const float steps = multiply_add<fused>(alpha_, x, beta_);
        if constexpr (!fused)
            recorder.step("product", "f32(alpha * centred)", alpha_ * x);
        recorder.step("steps",
                      fused ? "fma(alpha, centred, fused_beta)" : "f32(product + fused_beta)",
                      steps);
        return steps;
    }

private:
    float alpha_ = 0;
    float beta_ = 0;
    std::int32_t zero_point_ = 0;
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
        , divide_(arithmetic.rescale == Rescale::divide)
        , relu_(layer.relu)
    {
        const Narrowed p(layer, channel);
        const float std_dev = std::sqrt(p.var + p.eps);
        const float inv_std = 1.0F / std_dev;
        a_ = inv_std * p.gamma;
        recorder.step("std_dev", "f32(sqrt(f32(var + eps)))", std_dev);
        recorder.step("inv_std", "f32(1 / std_dev)", inv_std);
        recorder.step("a", "f32(inv_std * gamma)", a_);
        if (arithmetic.offset_multiply_add == MultiplyAdd::fused) {
            c_ = std::fma(-p.mean, a_, p.beta);
            recorder.step("c", "fma(-mean, a, beta)", c_);
        } else {
            const float shift = p.mean * a_;
            c_ = p.beta - shift;
            recorder.step("shift", "f32(mean * a)", shift);
            recorder.step("c", "f32(beta - shift)", c_);
        }
        if (!divide_)
            recorder.step("reciprocal", "f32(1 / f32(y_scale))", reciprocal_);
    }

    template <typename Recorder> float steps(std::int32_t input_code, Recorder& recorder) const
    {
        const float dequantized = centred(input_code, zero_point_) * x_scale_;
        recorder.step("dequantized", "f32(f32(x_q - x_zero_point) * f32(x_scale))", dequantized);
        float y = multiply_add<fused>(dequantized, a_, c_);
        if constexpr (!fused)
            recorder.step("product", "f32(dequantized * a)", dequantized * a_);
        recorder.step("affine", fused ? "fma(dequantized, a, c)" : "f32(product + c)", y);
        if (relu_) {
            y = y > 0 || std::isnan(y) ? y : 0.0F;
            recorder.step("relu", "max(affine, 0)", y);
        }
        const float steps = divide_ ? y / y_scale_ : y * reciprocal_;
        recorder.step("steps", divide_ ? "f32(affine / f32(y_scale))" : "f32(affine * reciprocal)",
                      steps);
        return steps;
    }

private:
    float a_ = 0;
    float c_ = 0;
    float x_scale_, y_scale_, reciprocal_;
    std::int32_t zero_point_;
    bool divide_, relu_;
};

Lane lane_of(const Arithmetic& arithmetic, int channels, int channel)
{
    constexpr int lanes = 8; // binary32 values in an AVX2 register
    const bool simd = arithmetic.conversion == Conversion::int32_wrapping_simd
        && channel < channels / lanes * lanes;
    return simd ? Lane::simd : Lane::scalar;
}

/// Calls visit(form of one channel, conversion of steps to a code): the choices are taken here,
/// once a channel.
template <typename Recorder, typename Visit>
void with_choices(const Arithmetic& arithmetic, const BatchNormLayer& layer, int channel,
                  Recorder& recorder, Visit visit)
{
    const auto with_form = [&](const auto& form) {
        const Target target{layer.output, layer.relu};
        if (lane_of(arithmetic, layer.channels(), channel) == Lane::simd)
            visit(form, [target](float steps) { return requantize_int32_wrapping(steps, target); });
        else if (arithmetic.conversion == Conversion::clamping)
            visit(form, [target](float steps) { return requantize_clamping(steps, target); });
        else if (arithmetic.conversion == Conversion::through_int64)
            visit(form, [target](float steps) { return requantize_through_int64(steps, target); });
        else
            visit(form, [target](float steps) { return requantize_int64_wrapping(steps, target); });
    };
    const bool fused = arithmetic.multiply_add == MultiplyAdd::fused;
    if (arithmetic.form == Form::two_parameter) {
        fused ? with_form(TwoParameter<true>(layer, channel, arithmetic, recorder))
              : with_form(TwoParameter<false>(layer, channel, arithmetic, recorder));
    } else {
        fused ? with_form(FourStages<true>(layer, channel, arithmetic, recorder))
              : with_form(FourStages<false>(layer, channel, arithmetic, recorder));
    }
}

} // namespace

std::vector<Requantized> evaluate_requantized(const Arithmetic& arithmetic,
                                              const BatchNormLayer& layer, int channel)
{
    const CodeType type = layer.input.type;
    std::vector<Requantized> results(static_cast<std::size_t>(type.count()));
    NoTrace none;
    with_choices(arithmetic, layer, channel, none, [&](const auto& form, const auto& requantize) {
        std::int32_t input_code = type.qmin();
        for (Requantized& result : results)
            result = requantize(form.steps(input_code++, none));
    });
    return results;
}

Trace evaluate_trace(const Arithmetic& arithmetic, const BatchNormLayer& layer, int channel,
                     std::int32_t input_code)
{
    Trace trace;
    trace.lane = lane_of(arithmetic, layer.channels(), channel);
    StepTrace recorder;
    with_choices(arithmetic, layer, channel, recorder,
                 [&](const auto& form, const auto& requantize) {
                     trace.result = requantize(form.steps(input_code, recorder));
                 });
    trace.steps = recorder.take();
    return trace;
}

} // namespace qbn
