#include "core/backends/formula_results.h"

#include <cmath>
#include <limits>

namespace qbn {

namespace {

TraceStep::Format format_of(formula::Type type)
{
    switch (type) {
    case formula::Type::f64:
        return TraceStep::Format::binary64;
    case formula::Type::i64:
    case formula::Type::i32:
    case formula::Type::boolean:
        return TraceStep::Format::integer;
    default:
        return TraceStep::Format::binary32;
    }
}

/// What was NaN is at the end where it was put.
Saturation saturation_of(double sum, std::int32_t code, CodeType type)
{
    if (sum < type.qmin() || (std::isnan(sum) && code == type.qmin()))
        return Saturation::low;
    return sum > type.qmax() || (std::isnan(sum) && code == type.qmax()) ? Saturation::high
                                                                         : Saturation::none;
}

} // namespace

FormulaResults::FormulaResults(const formula::BoundFormula& bound, const BatchNormLayer& layer)
    : bound_(bound)
    , layer_(layer)
{
    const auto instruction_of = [&](std::string_view name, int otherwise = none) {
        const formula::Named* named = bound.program().find(name);
        return named ? named->instruction : otherwise;
    };
    requantized_ = instruction_of("requantized");
    simd_ = instruction_of("simd");
    rounded_ = instruction_of("rounded");
    sum_ = instruction_of("sum");
    simd_rounded_ = instruction_of("simd_rounded", rounded_);
    simd_sum_ = instruction_of("simd_sum", sum_);
    affine_ = instruction_of("rectified") == none ? none : instruction_of("affine");
}

double FormulaResults::value(int instruction, std::size_t lane, double otherwise) const
{
    return instruction == none ? otherwise : bound_.value(instruction, lane);
}

Lane FormulaResults::lane_of(std::size_t lane) const
{
    return value(simd_, lane, 0) != 0 ? Lane::simd : Lane::scalar;
}

Requantized FormulaResults::requantized(std::size_t lane) const
{
    const auto zero_point = static_cast<double>(layer_.output.zero_point);
    const bool simd = lane_of(lane) == Lane::simd;
    Requantized result{.output_code = bound_.code(lane)};
    result.steps = value(requantized_, lane, std::numeric_limits<double>::quiet_NaN());
    result.rounded = value(simd ? simd_rounded_ : rounded_, lane, std::nearbyint(result.steps));
    result.sum = value(simd ? simd_sum_ : sum_, lane, result.rounded + zero_point);
    result.tie = std::abs(result.steps - std::trunc(result.steps)) == 0.5;
    // A ReLU of the real value lifts 0 too, one of the code what lies below the zero point.
    result.relu_clamped = layer_.relu
        && (affine_ == none ? result.sum < zero_point : bound_.value(affine_, lane) <= 0);
    result.saturation = saturation_of(result.relu_clamped ? zero_point : result.sum,
                                      result.output_code, layer_.output.type);
    return result;
}

Trace FormulaResults::trace(std::size_t lane) const
{
    Trace trace;
    trace.lane = lane_of(lane);
    bool is_conversion = false; // the result tells it
    for (const formula::Step& step : bound_.steps(lane)) {
        const std::string_view name = step.named->name;
        const bool whole = formula::is_integer(step.type);
        const bool idle = name == "rectified" && !layer_.relu;
        const bool shown = step.type != formula::Type::boolean && name != "y"
            && !(whole && is_conversion) && !idle;
        is_conversion = is_conversion || name == "requantized";
        if (shown)
            trace.steps.push_back({name, step.named->text, step.value, format_of(step.type)});
    }
    trace.result = requantized(lane);
    return trace;
}

} // namespace qbn
