#include "core/compare/difference_side.h"
#include "core/text/text_number.h"

#include <cmath>

namespace qbn {

namespace {

std::string code_text(const Side& side)
{
    return "code " + std::to_string(side.code());
}

std::string steps_text(const Side& side)
{
    return std::isnan(side.steps()) ? "NaN" : "steps " + format_number(side.steps());
}

/// The ends of the integers are known by their names.
std::string integer_text(double value)
{
    if (value == -0x1p63)
        return "-2^63 (INT64_MIN)";
    return value == -0x1p31 ? "-2^31 (INT32_MIN)" : format_number(value);
}

std::string lane_text(const Side& side)
{
    if (!side.has_lanes())
        return {};
    return side.trace.lane == Lane::simd ? " in its SIMD lane" : " in its scalar lane";
}

/// The ReLU is done on the code.
bool lifts_codes(const Side& side)
{
    return side.backend.program && !side.has("rectified");
}

/// Why the integer is not the steps rounded.
std::string limit_text(const Side& side)
{
    const double steps = side.steps();
    const double rounded = side.trace.result.rounded;
    if (rounded == std::nearbyint(steps))
        return {};
    if (rounded == 2147483520)
        return ", its cap";
    if (std::isnan(steps))
        return {};
    return rounded == -0x1p63 ? ", as they do not fit into int64"
                              : ", as they do not fit into int32";
}

std::string through_integer(const Side& side, const BatchNormLayer& layer)
{
    const Requantized& result = side.trace.result;
    std::string text = side.title() + lane_text(side) + " converts " + steps_text(side) + " to "
        + integer_text(result.rounded) + limit_text(side);
    if (result.relu_clamped) {
        const bool narrowed
            = side.trace.lane == Lane::simd && !layer.output.type.contains(layer.output.zero_point);
        return text + ", and lifts that to the zero point"
            + (narrowed ? " narrowed to 8 bits, " : ", ") + code_text(side);
    }
    // INT64_MIN stays what it is where the sum does not wrap.
    const bool clamps_first = result.sum == -0x1p63;
    if (clamps_first)
        return text + ", and gives " + code_text(side);
    const bool wraps = std::abs(result.sum - result.rounded - layer.output.zero_point) >= 0x1p31;
    return text + (wraps ? ", wraps to " : ", comes to ") + integer_text(result.sum)
        + " with the zero point " + std::to_string(layer.output.zero_point) + " and gives "
        + code_text(side);
}

std::string from_wild_steps(const Side& side, const BatchNormLayer& layer)
{
    if (side.backend.program && side.conversion()->name != "y")
        return through_integer(side, layer);
    if (!std::isnan(side.steps()))
        return side.title() + " clamps " + steps_text(side) + " to " + code_text(side);
    const bool lowest = side.code() == layer.output.type.qmin();
    return side.title() + (side.backend.program ? " makes of NaN " : " has no answer and gives ")
        + (lowest ? "the lowest code, " : "") + code_text(side);
}

std::string fixed_point_text(const Side& side, const char* name, const char* integer,
                             const char* value)
{
    const double real = side.value_of(value);
    const std::string bits = format_number(side.value_of("fraction_bits"));
    return side.title() + " has a " + name + " of " + format_number(real)
        + (std::isnan(real) ? std::string(", which is no number")
                            : ", which does not fit into int64 with " + bits + " fraction bits")
        + ", so " + integer + " is set to 0 and steps is " + format_number(side.steps()) + ", "
        + code_text(side);
}

std::string from_integers(const Side& side)
{
    const std::string steps = "steps is " + format_number(side.steps()) + ", " + code_text(side);
    switch (loss_of(side)) {
    case IntegerLoss::multiplier:
        return fixed_point_text(side, "multiplier", "M", "real_multiplier");
    case IntegerLoss::offset:
        return fixed_point_text(side, "offset", "B", "real_offset");
    case IntegerLoss::accumulator: {
        const bool wide = side.accumulates_in_int64();
        return side.title() + " has an accumulator that does not fit into "
            + (wide ? "int64" : "int32") + " and wraps, so that " + steps;
    }
    case IntegerLoss::saturation:
        return side.title() + " saturates where its integers do not fit into int32, so that "
            + steps;
    case IntegerLoss::none:
        break;
    }
    return side.title() + " makes " + code_text(side) + " of " + steps_text(side);
}

} // namespace

std::string way_to_the_code(const Side& side, const BatchNormLayer& layer)
{
    if (side.has_fraction_bits())
        return from_integers(side);
    if (side.is_wild())
        return from_wild_steps(side, layer);
    if (lifts_codes(side) && side.trace.result.relu_clamped)
        return through_integer(side, layer);
    return side.title() + " makes " + code_text(side) + " of " + steps_text(side);
}

} // namespace qbn
