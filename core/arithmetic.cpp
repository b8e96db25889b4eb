#include "core/arithmetic.h"

#include "core/arithmetic_forms.h"
#include "core/fixed_point.h"
#include "core/requantize.h"

namespace qbn {

namespace {

using Form = Arithmetic::Form;
using Conversion = Arithmetic::Conversion;

Lane lane_of(const Arithmetic& arithmetic, int channels, int channel)
{
    constexpr int lanes = 8; // binary32 values in an AVX2 register, and in what stands in for one
    const bool has_lanes = arithmetic.conversion == Conversion::int32_wrapping_simd
        || arithmetic.conversion == Conversion::through_int64_simd;
    return has_lanes && channel < channels / lanes * lanes ? Lane::simd : Lane::scalar;
}

/// Calls visit(code -> Requantized) for a form that gives output steps in binary32: the conversion
/// is chosen here, once a channel.
template <typename FormOfChannel, typename Recorder, typename Visit>
void with_conversion(const Arithmetic& arithmetic, const BatchNormLayer& layer, int channel,
                     const FormOfChannel& form, Recorder& recorder, Visit visit)
{
    const auto visit_with = [&](Requantized (*requantize)(float, const Target&)) {
        const Target target{layer.output, layer.relu};
        visit([&](std::int32_t code) { return requantize(form.steps(code, recorder), target); });
    };
    if (lane_of(arithmetic, layer.channels(), channel) == Lane::simd)
        visit_with(arithmetic.conversion == Conversion::int32_wrapping_simd
                       ? requantize_int32_wrapping
                       : requantize_through_int64_with_relu);
    else if (arithmetic.conversion == Conversion::clamping)
        visit_with(requantize_clamping);
    else if (arithmetic.conversion == Conversion::through_int64)
        visit_with(requantize_through_int64);
    else
        visit_with(requantize_int64_wrapping);
}

/// What the integer form computed on the way.
void record(const FixedPointChannel& channel, StepTrace& recorder)
{
    recorder.step("real_multiplier", "gamma * x_scale / (sqrt(var + eps) * y_scale)",
                  channel.real_multiplier());
    recorder.step("real_offset", "(beta - mean * gamma / sqrt(var + eps)) / y_scale",
                  channel.real_offset());
    recorder.step("fraction_bits", "n", std::int64_t{channel.fraction_bits()});
    const bool gemmlowp = channel.rounding() == Arithmetic::Integer::Rounding::gemmlowp;
    recorder.step("quantized_multiplier",
                  gemmlowp ? "rint(2^31 * fraction of real_multiplier)"
                           : "rint(real_multiplier * 2^n)",
                  channel.quantized_multiplier());
    recorder.step("quantized_offset", "rint(real_offset * 2^n)", channel.quantized_offset());
}

void record(const FixedPointChannel& channel, const FixedPointCode& code, StepTrace& recorder)
{
    const bool gemmlowp = channel.rounding() == Arithmetic::Integer::Rounding::gemmlowp;
    recorder.step("centred", "x_q - x_zero_point", code.centred);
    recorder.step("integer_product",
                  gemmlowp
                      ? "SaturatingRoundingDoublingHighMul(centred << shift, quantized_multiplier)"
                      : "quantized_multiplier * centred",
                  code.product);
    recorder.step("acc", "integer_product + quantized_offset", code.acc);
    recorder.step("steps", "acc / 2^n", code.result.steps);
    recorder.step("shifted", gemmlowp ? "RoundingDivideByPOT(acc, n)" : "(acc + 2^(n-1)) >> n",
                  code.shifted);
}

void record(const FixedPointChannel& /*channel*/, NoTrace& /*recorder*/) { }
void record(const FixedPointChannel& /*channel*/, const FixedPointCode& /*code*/,
            NoTrace& /*recorder*/)
{ }

/// Calls visit(code -> Requantized): all choices are taken here, once a channel.
template <typename Recorder, typename Visit>
void with_choices(const Arithmetic& arithmetic, const BatchNormLayer& layer, int channel,
                  Recorder& recorder, Visit visit)
{
    const auto with_form = [&](const auto& form) {
        with_conversion(arithmetic, layer, channel, form, recorder, visit);
    };
    const bool fused = arithmetic.multiply_add == Arithmetic::MultiplyAdd::fused;
    const Lane lane = lane_of(arithmetic, layer.channels(), channel);
    switch (arithmetic.form) {
    case Form::two_parameter:
        fused ? with_form(forms::TwoParameter<true>(layer, channel, lane, recorder))
              : with_form(forms::TwoParameter<false>(layer, channel, lane, recorder));
        return;
    case Form::four_stages:
        fused ? with_form(forms::FourStages<true>(layer, channel, arithmetic, recorder))
              : with_form(forms::FourStages<false>(layer, channel, arithmetic, recorder));
        return;
    case Form::binary64_stages: {
        const forms::Binary64Stages form(layer, channel, recorder);
        const Target target{layer.output, layer.relu};
        visit([&](std::int32_t code) {
            return requantize_numpy(form.steps(code, recorder), target);
        });
        return;
    }
    case Form::integer: {
        const FixedPointChannel form(layer, channel, arithmetic.integer);
        record(form, recorder);
        visit([&](std::int32_t input_code) {
            const FixedPointCode code = form.evaluate(input_code);
            record(form, code, recorder);
            return code.result;
        });
        return;
    }
    }
}

} // namespace

std::vector<Requantized> evaluate_requantized(const Arithmetic& arithmetic,
                                              const BatchNormLayer& layer, int channel)
{
    const CodeType type = layer.input.type;
    std::vector<Requantized> results(static_cast<std::size_t>(type.count()));
    NoTrace none;
    with_choices(arithmetic, layer, channel, none, [&](const auto& evaluate) {
        std::int32_t input_code = type.qmin();
        for (Requantized& result : results)
            result = evaluate(input_code++);
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
                 [&](const auto& evaluate) { trace.result = evaluate(input_code); });
    trace.steps = recorder.take();
    return trace;
}

} // namespace qbn
