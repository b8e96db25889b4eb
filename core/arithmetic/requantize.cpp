#include "core/arithmetic/requantize.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace qbn {

namespace {

constexpr float two_to_63 = 0x1p63F;

/// Not for NaN and the infinities: neither lies between two integers.
bool is_tie(double steps)
{
    return std::abs(steps - std::trunc(steps)) == 0.5;
}

std::int64_t rounded_to_int64(float steps)
{
    const bool fits = steps >= -two_to_63 && steps < two_to_63;
    return fits ? static_cast<std::int64_t>(std::nearbyint(steps))
                : std::numeric_limits<std::int64_t>::min();
}

template <typename Integer> Integer wrapping_add(Integer a, std::int32_t b)
{
    using Unsigned = std::make_unsigned_t<Integer>;
    return static_cast<Integer>(static_cast<Unsigned>(a) + static_cast<Unsigned>(Integer{b}));
}

Requantized clamped(double steps, double rounded, std::int64_t sum, CodeType type)
{
    Requantized result{
        .steps = steps, .rounded = rounded, .sum = static_cast<double>(sum), .tie = is_tie(steps)};
    result.output_code
        = static_cast<std::int32_t>(std::clamp<std::int64_t>(sum, type.qmin(), type.qmax()));
    if (sum < type.qmin())
        result.saturation = Saturation::low;
    else if (sum > type.qmax())
        result.saturation = Saturation::high;
    return result;
}

/// The ReLU came before the rescaling: what it lifted is 0 here.
bool relu_lifted(double steps, const Target& target)
{
    return target.relu && steps == 0;
}

/// The code's 8 bits of a zero point that may lie outside of its type.
std::int32_t narrowed(std::int32_t zero_point, CodeType type)
{
    return type.is_signed ? std::int32_t{static_cast<std::int8_t>(zero_point)}
                          : std::int32_t{static_cast<std::uint8_t>(zero_point)};
}

/// ReLU on the code: max(., zero point narrowed). What lies below the zero point it lifts, though a
/// clamp at the zero point came before.
void lift(Requantized& result, const QuantizationParameters& output)
{
    const std::int32_t floor = narrowed(output.zero_point, output.type);
    result.relu_clamped = result.sum < floor || result.output_code < floor;
    if (!result.relu_clamped)
        return;
    result.output_code = std::max(result.output_code, floor);
    result.saturation = floor < output.type.qmin() ? Saturation::low : Saturation::none;
}

} // namespace

std::string_view name_of(Saturation saturation)
{
    switch (saturation) {
    case Saturation::low:
        return "low";
    case Saturation::high:
        return "high";
    case Saturation::none:
        break;
    }
    return "none";
}

Requantized requantize_clamping(float steps, const Target& target)
{
    // No code lies beyond 2^40 from a zero point of 32 bits, so clamping there first changes
    // nothing but infinity.
    constexpr float far = 0x1p40F;
    const float reachable = std::isnan(steps) ? -far : std::clamp(steps, -far, far);
    const std::int64_t rounded = rounded_to_int64(reachable);
    Requantized result = clamped(steps, std::nearbyint(steps), rounded + target.output.zero_point,
                                 target.output.type);
    result.sum = result.rounded + target.output.zero_point;
    result.relu_clamped = relu_lifted(steps, target);
    return result;
}

Requantized requantize_through_int64(float steps, const Target& target)
{
    const std::int64_t rounded = rounded_to_int64(steps);
    constexpr std::int64_t unfit = std::numeric_limits<std::int64_t>::min();
    const std::int64_t sum = rounded == unfit ? unfit : rounded + target.output.zero_point;
    Requantized result = clamped(steps, static_cast<double>(rounded), sum, target.output.type);
    result.relu_clamped = relu_lifted(steps, target);
    return result;
}

Requantized requantize_through_int64_with_relu(float steps, const Target& target)
{
    Requantized result = requantize_through_int64(steps, {.output = target.output, .relu = false});
    if (target.relu)
        lift(result, target.output);
    return result;
}

Requantized requantize_integer(double steps, std::int64_t rounded, const Target& target)
{
    const std::int64_t sum = rounded + target.output.zero_point;
    const bool lifted = target.relu && rounded < 0;
    Requantized result = clamped(steps, static_cast<double>(rounded),
                                 lifted ? target.output.zero_point : sum, target.output.type);
    result.relu_clamped = lifted;
    return result;
}

Requantized requantize_numpy(double steps, const Target& target)
{
    if (std::isnan(steps))
        return {.steps = steps, .rounded = steps, .sum = steps, .output_code = 0};
    constexpr double far = 0x1p40; // beyond every code from a zero point of 32 bits
    Requantized result = requantize_integer(
        steps, static_cast<std::int64_t>(std::nearbyint(std::clamp(steps, -far, far))),
        {.output = target.output, .relu = false});
    result.rounded = std::nearbyint(steps);
    result.sum = result.rounded + target.output.zero_point;
    result.relu_clamped = relu_lifted(steps, target);
    return result;
}

Requantized requantize_int64_wrapping(float steps, const Target& target)
{
    const std::int64_t rounded = rounded_to_int64(steps);
    const std::int64_t sum = wrapping_add(rounded, target.output.zero_point);
    const bool lifted = target.relu && sum < target.output.zero_point;
    Requantized result = clamped(steps, static_cast<double>(rounded),
                                 lifted ? target.output.zero_point : sum, target.output.type);
    result.relu_clamped = lifted;
    return result;
}

Requantized requantize_int32_wrapping(float steps, const Target& target)
{
    constexpr float cap = 2147483520.0F; // the largest binary32 below 2^31
    const float capped = steps < cap ? steps : cap; // NaN compares false
    const std::int32_t rounded = capped < -0x1p31F
        ? std::numeric_limits<std::int32_t>::min()
        : static_cast<std::int32_t>(std::nearbyint(capped));
    const std::int32_t sum = wrapping_add(rounded, target.output.zero_point);
    Requantized result = clamped(steps, rounded, sum, target.output.type);
    if (target.relu)
        lift(result, target.output);
    return result;
}

} // namespace qbn
