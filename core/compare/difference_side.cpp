#include "core/compare/difference_side.h"

#include "core/arithmetic/requantize.h"

#include <algorithm>
#include <cmath>

namespace qbn {

namespace {

using Form = Arithmetic::Form;
using Conversion = Arithmetic::Conversion;

bool fits(double value, double limit)
{
    return std::abs(value) < limit; // NaN compares false
}

} // namespace

bool Side::is_integer() const
{
    return backend.arithmetic && backend.arithmetic->form == Form::integer;
}

bool Side::is_binary32() const
{
    return backend.arithmetic
        && (backend.arithmetic->form == Form::two_parameter
            || backend.arithmetic->form == Form::four_stages);
}

bool Side::is_gemmlowp() const
{
    return is_integer()
        && backend.arithmetic->integer.rounding == Arithmetic::Integer::Rounding::gemmlowp;
}

bool Side::is_wild() const
{
    return !fits(steps(), 0x1p30);
}

double Side::value_of(std::string_view name) const
{
    const auto found = std::find_if(trace.steps.begin(), trace.steps.end(),
                                    [name](const TraceStep& step) { return step.name == name; });
    return found == trace.steps.end() ? std::nan("") : found->value;
}

std::optional<Trace> in_other_lane(const Side& side, const BatchNormLayer& layer, int channel,
                                   std::int32_t input_code)
{
    if (!side.backend.arithmetic || !has_lanes(*side.backend.arithmetic))
        return std::nullopt;
    const Lane other = side.trace.lane == Lane::simd ? Lane::scalar : Lane::simd;
    return evaluate_trace(*side.backend.arithmetic, layer, channel, input_code, other);
}

std::int32_t code_by_rule_of(const Side& side, double steps, const BatchNormLayer& layer)
{
    const Target target{layer.output, layer.relu};
    if (side.backend.arithmetic)
        return convert(*side.backend.arithmetic, side.trace.lane, steps, target).output_code;
    // Exact mathematics clamps as NumPy does, but for NaN.
    if (std::isnan(steps))
        return layer.output.type.qmin();
    constexpr Arithmetic clip{.conversion = Conversion::numpy_clip};
    return convert(clip, Lane::scalar, steps, target).output_code;
}

std::optional<Cause> wrapped_sum(const Side& side, const BatchNormLayer& layer)
{
    if (!side.backend.arithmetic || side.is_integer())
        return std::nullopt;
    const Requantized& result = side.trace.result;
    const bool is_simd = side.trace.lane == Lane::simd;
    const bool narrow
        = side.backend.arithmetic->conversion == Conversion::int32_wrapping_simd && is_simd;
    const bool wide = !is_simd
        && (has_lanes(*side.backend.arithmetic)
            || side.backend.arithmetic->conversion == Conversion::int64_wrapping);
    // The sum that the scalar lane lifts to the zero point is no longer there to look at.
    if (!narrow && (!wide || result.relu_clamped))
        return std::nullopt;
    const double unwrapped = result.rounded + layer.output.zero_point;
    if (std::abs(result.sum - unwrapped) < 0x1p31)
        return std::nullopt;
    const auto in_range = [&](double value) {
        return std::clamp<double>(value, layer.output.type.qmin(), layer.output.type.qmax());
    };
    double code = in_range(unwrapped);
    if (layer.relu)
        code = std::max(code, in_range(layer.output.zero_point));
    if (code == result.output_code)
        return std::nullopt; // it wrapped, and nothing came of it
    return narrow ? Cause::int32_wrap : Cause::int64_wrap;
}

IntegerLoss loss_of(const Side& side)
{
    const double scale = std::exp2(side.value_of("fraction_bits"));
    const double multiplier = side.value_of("real_multiplier");
    const double offset = side.value_of("real_offset");
    const bool gemmlowp = side.is_gemmlowp();
    if (!fits(multiplier, HUGE_VAL) || (!gemmlowp && !fits(multiplier * scale, 0x1p63)))
        return IntegerLoss::multiplier;
    if (!fits(offset * scale, 0x1p63))
        return IntegerLoss::offset;
    const double centred = side.value_of("centred");
    if (gemmlowp) {
        const double product = multiplier * scale * centred;
        const bool all_fit = fits(product, 0x1p31) && fits(offset * scale, 0x1p31)
            && fits(product + offset * scale, 0x1p31);
        return all_fit ? IntegerLoss::none : IntegerLoss::saturation;
    }
    // A sum that wraps is off by 2^32 or 2^64, far more than binary64 loses of it.
    const double acc
        = side.value_of("quantized_multiplier") * centred + side.value_of("quantized_offset");
    return std::abs(acc - side.value_of("acc")) < 0x1p31 ? IntegerLoss::none
                                                         : IntegerLoss::accumulator;
}

} // namespace qbn
