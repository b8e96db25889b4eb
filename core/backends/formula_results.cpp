#include "core/backends/formula_results.h"

#include <cmath>
#include <limits>

namespace qbn {

namespace {

double value_named(const formula::BoundFormula& bound, std::string_view name, std::size_t lane,
                   double otherwise)
{
    const formula::Named* named = bound.program().find(name);
    return named ? bound.value(named->instruction, lane) : otherwise;
}

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

bool is_simd(const formula::BoundFormula& bound, std::size_t lane)
{
    return value_named(bound, "simd", lane, 0) != 0;
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

Requantized requantized(const formula::BoundFormula& bound, const BatchNormLayer& layer,
                        std::size_t lane)
{
    const CodeType type = layer.output.type;
    Requantized result{.output_code = bound.code(lane)};
    result.steps
        = value_named(bound, "requantized", lane, std::numeric_limits<double>::quiet_NaN());
    const char* rounded = is_simd(bound, lane) ? "simd_rounded" : "rounded";
    const char* sum = is_simd(bound, lane) ? "simd_sum" : "sum";
    result.rounded = value_named(bound, rounded, lane, std::nearbyint(result.steps));
    result.sum = value_named(bound, sum, lane, result.rounded + layer.output.zero_point);
    result.tie = std::abs(result.steps - std::trunc(result.steps)) == 0.5;
    const auto zero_point = static_cast<double>(layer.output.zero_point);
    const double lifted = bound.program().find("rectified") ? value_named(bound, "affine", lane, 0)
                                                            : result.sum - zero_point;
    result.relu_clamped
        = layer.relu && (bound.program().find("rectified") ? lifted <= 0 : lifted < 0);
    result.saturation
        = saturation_of(result.relu_clamped ? zero_point : result.sum, result.output_code, type);
    return result;
}

Trace trace_of(const formula::BoundFormula& bound, const BatchNormLayer& layer, std::size_t lane)
{
    Trace trace;
    trace.lane = is_simd(bound, lane) ? Lane::simd : Lane::scalar;
    bool is_conversion = false; // the result tells it
    for (const formula::Step& step : bound.steps(lane)) {
        const std::string_view name = step.named->name;
        const bool whole = formula::is_integer(step.type);
        const bool idle = name == "rectified" && !layer.relu;
        const bool shown = step.type != formula::Type::boolean && name != "y"
            && !(whole && is_conversion) && !idle;
        is_conversion = is_conversion || name == "requantized";
        if (shown)
            trace.steps.push_back({name, step.named->text, step.value, format_of(step.type)});
    }
    trace.result = requantized(bound, layer, lane);
    return trace;
}

} // namespace qbn
