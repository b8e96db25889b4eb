#include "core/arithmetic/arithmetic.h"

#include "core/arithmetic/arithmetic_forms.h"
#include "core/arithmetic/fixed_point.h"
#include "core/arithmetic/requantize.h"

namespace qbn {

namespace {

using Form = Arithmetic::Form;
using Conversion = Arithmetic::Conversion;

Lane lane_of(const Arithmetic& arithmetic, int channels, int channel)
{
    constexpr int lanes = 8; // binary32 values in an AVX2 register, and in what stands in for one
    return has_lanes(arithmetic) && channel < channels / lanes * lanes ? Lane::simd : Lane::scalar;
}

using FromBinary32 = Requantized (*)(float, const Target&);

FromBinary32 conversion_of(const Arithmetic& arithmetic, Lane lane)
{
    if (has_lanes(arithmetic) && lane == Lane::simd)
        return arithmetic.conversion == Conversion::int32_wrapping_simd
            ? requantize_int32_wrapping
            : requantize_through_int64_with_relu;
    if (arithmetic.conversion == Conversion::clamping)
        return requantize_clamping;
    if (arithmetic.conversion == Conversion::through_int64)
        return requantize_through_int64;
    return requantize_int64_wrapping;
}

/// Calls visit(code -> Requantized) for a form that gives output steps in binary32: the conversion
/// is chosen here, once a channel.
template <typename FormOfChannel, typename Recorder, typename Visit>
void with_conversion(const Arithmetic& arithmetic, Lane lane, const BatchNormLayer& layer,
                     const FormOfChannel& form, Recorder& recorder, Visit visit)
{
    const FromBinary32 requantize = conversion_of(arithmetic, lane);
    const Target target{layer.output, layer.relu};
    visit([&](std::int32_t code) { return requantize(form.steps(code, recorder), target); });
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
    recorder.step("requantized", "acc / 2^n", code.result.steps);
    recorder.step("shifted", gemmlowp ? "RoundingDivideByPOT(acc, n)" : "(acc + 2^(n-1)) >> n",
                  code.shifted);
}

void record(const FixedPointChannel& /*channel*/, NoTrace& /*recorder*/) { }
void record(const FixedPointChannel& /*channel*/, const FixedPointCode& /*code*/,
            NoTrace& /*recorder*/)
{ }

/// Calls visit(code -> Requantized): all choices are taken here, once a channel.
template <typename Recorder, typename Visit>
void with_choices(const Arithmetic& arithmetic, Lane lane, const BatchNormLayer& layer, int channel,
                  Recorder& recorder, Visit visit)
{
    const auto with_form = [&](const auto& form) {
        with_conversion(arithmetic, lane, layer, form, recorder, visit);
    };
    const bool fused = arithmetic.multiply_add == Arithmetic::MultiplyAdd::fused;
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

bool has_lanes(const Arithmetic& arithmetic)
{
    return arithmetic.conversion == Conversion::int32_wrapping_simd
        || arithmetic.conversion == Conversion::through_int64_simd;
}

Requantized convert(const Arithmetic& arithmetic, Lane lane, double steps, const Target& target)
{
    const bool lifts_code
        = has_lanes(arithmetic) || arithmetic.conversion == Conversion::int64_wrapping;
    const bool negative = target.output.scale < 0 ? steps > 0 : steps < 0;
    const double lifted = target.relu && !lifts_code && negative ? 0.0 : steps;
    if (arithmetic.conversion == Conversion::numpy_clip)
        return requantize_numpy(lifted, target);
    return conversion_of(arithmetic, lane)(static_cast<float>(lifted), target);
}

std::vector<Requantized> evaluate_requantized(const Arithmetic& arithmetic,
                                              const BatchNormLayer& layer, int channel)
{
    const CodeType type = layer.input.type;
    std::vector<Requantized> results(static_cast<std::size_t>(type.count()));
    NoTrace none;
    const Lane lane = lane_of(arithmetic, layer.channels(), channel);
    with_choices(arithmetic, lane, layer, channel, none, [&](const auto& evaluate) {
        std::int32_t input_code = type.qmin();
        for (Requantized& result : results)
            result = evaluate(input_code++);
    });
    return results;
}

Trace evaluate_trace(const Arithmetic& arithmetic, const BatchNormLayer& layer, int channel,
                     std::int32_t input_code, std::optional<Lane> lane)
{
    Trace trace;
    trace.lane = lane.value_or(lane_of(arithmetic, layer.channels(), channel));
    StepTrace recorder;
    with_choices(arithmetic, trace.lane, layer, channel, recorder,
                 [&](const auto& evaluate) { trace.result = evaluate(input_code); });
    trace.steps = recorder.take();
    return trace;
}

} // namespace qbn
