#include "core/backends/formula_results.h"

#include "core/arithmetic/exact_lanes.h"

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

/// The bit of the field that an input stands for; 0 for what is no field of the layer.
std::uint16_t field_of(formula::Input input)
{
    using formula::Input;
    const auto bit = [](Field field) {
        return static_cast<std::uint16_t>(1U << static_cast<unsigned>(field));
    };
    switch (input) {
    case Input::mean:
        return bit(Field::mean);
    case Input::var:
        return bit(Field::var);
    case Input::gamma:
        return bit(Field::gamma);
    case Input::beta:
        return bit(Field::beta);
    case Input::eps:
        return bit(Field::eps);
    case Input::s_in:
        return bit(Field::input_scale);
    case Input::z_in:
        return bit(Field::input_zero_point);
    case Input::s_out:
        return bit(Field::output_scale);
    case Input::z_out:
        return bit(Field::output_zero_point);
    case Input::x_min:
    case Input::x_max:
        return bit(Field::input_type);
    case Input::qmin:
    case Input::qmax:
        return bit(Field::output_type);
    case Input::relu:
        return bit(Field::relu);
    default:
        return 0;
    }
}

/// TraceStep::fields of each instruction.
std::vector<std::uint16_t> fields_of(const formula::Program& program)
{
    std::vector<std::uint16_t> fields;
    for (const formula::Instruction& instruction : program.instructions()) {
        std::uint16_t its
            = instruction.op == formula::Op::input ? field_of(instruction.input) : std::uint16_t{0};
        for (std::size_t i = 0; i < instruction.count; ++i)
            its = static_cast<std::uint16_t>(
                its | fields[static_cast<std::size_t>(instruction.operands[i])]);
        fields.push_back(its);
    }
    return fields;
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
    instructions_[steps] = instruction_of("requantized");
    instructions_[simd] = instruction_of("simd");
    instructions_[rounded] = instruction_of("rounded");
    instructions_[sum] = instruction_of("sum");
    instructions_[simd_rounded] = instruction_of("simd_rounded", instructions_[rounded]);
    instructions_[simd_sum] = instruction_of("simd_sum", instructions_[sum]);
    instructions_[affine] = instruction_of("rectified") == none ? none : instruction_of("affine");
}

double FormulaResults::value(Part part, std::size_t lane) const
{
    return bound_.value(instructions_[part], lane);
}

Lane FormulaResults::lane_of(std::size_t lane) const
{
    return has(simd) && value(simd, lane) != 0 ? Lane::simd : Lane::scalar;
}

/// `value` gives those that the formula has.
template <typename Value>
Requantized FormulaResults::result(std::int32_t code, const Value& value) const
{
    const auto zero_point = static_cast<double>(layer_.output.zero_point);
    const bool is_simd = has(simd) && value(simd) != 0;
    const Part rounded_part = is_simd ? simd_rounded : rounded;
    const Part sum_part = is_simd ? simd_sum : sum;
    Requantized result{.output_code = code};
    result.steps = has(steps) ? value(steps) : std::numeric_limits<double>::quiet_NaN();
    result.rounded = has(rounded_part) ? value(rounded_part) : std::nearbyint(result.steps);
    result.sum = has(sum_part) ? value(sum_part) : result.rounded + zero_point;
    result.tie = std::abs(result.steps - std::trunc(result.steps)) == 0.5;
    // A ReLU of the real value lifts 0 too, one of the code what lies below the zero point.
    result.relu_clamped
        = layer_.relu && (has(affine) ? value(affine) <= 0 : result.sum < zero_point);
    result.saturation = saturation_of(result.relu_clamped ? zero_point : result.sum,
                                      result.output_code, layer_.output.type);
    return result;
}

Requantized FormulaResults::requantized(std::size_t lane) const
{
    return result(bound_.code(lane), [&](Part part) { return value(part, lane); });
}

std::vector<Requantized> FormulaResults::all_requantized() const
{
    const std::vector<std::int32_t> codes = bound_.codes();
    std::array<Lanes, parts> lanes;
    for (std::size_t part = 0; part < parts; ++part) {
        if (instructions_[part] != none)
            lanes[part] = bound_.values(instructions_[part]);
    }
    std::vector<Requantized> results;
    results.reserve(codes.size());
    for (std::size_t lane = 0; lane < codes.size(); ++lane)
        results.push_back(result(codes[lane], [&](Part part) { return lanes[part][lane]; }));
    return results;
}

Trace FormulaResults::trace(std::size_t lane) const
{
    Trace trace;
    trace.lane = lane_of(lane);
    const std::vector<std::uint16_t> fields = fields_of(bound_.program());
    bool is_conversion = false; // the result tells it
    for (const formula::Step& step : bound_.steps(lane)) {
        const std::string_view name = step.named->name;
        const bool whole = formula::is_integer(step.type);
        const bool idle = name == "rectified" && !layer_.relu;
        const bool shown = step.type != formula::Type::boolean && name != "y"
            && !(whole && is_conversion) && !idle;
        is_conversion = is_conversion || name == "requantized";
        if (shown)
            trace.steps.push_back({name, step.named->text, step.value, format_of(step.type),
                                   fields[static_cast<std::size_t>(step.named->instruction)]});
    }
    trace.result = requantized(lane);
    return trace;
}

} // namespace qbn
