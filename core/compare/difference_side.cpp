#include "core/compare/difference_side.h"

#include "core/backends/formula_results.h"
#include "core/formula/mixture.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace qbn {

namespace {

using formula::Exchange;
using formula::Op;
using formula::Type;

bool fits(double value, double limit)
{
    return std::abs(value) < limit; // NaN compares false
}

const formula::Instruction* instruction_of(const Side& side, std::string_view name)
{
    const formula::Named* named = side.backend.program ? side.backend.program->find(name) : nullptr;
    return named
        ? &side.backend.program->instructions()[static_cast<std::size_t>(named->instruction)]
        : nullptr;
}

bool has_type(const Side& side, std::string_view name, Type type)
{
    const formula::Instruction* instruction = instruction_of(side, name);
    return instruction && instruction->type == type;
}

/// The side's formula with one exchange of its own, run on the channel.
Trace with_exchange(const Side& side, const Exchange& exchange, const BatchNormLayer& layer,
                    int channel, std::int32_t input_code)
{
    formula::BoundFormula bound(formula::mixed(side.backend.program, nullptr, std::array{exchange}),
                                layer);
    bound.run(channel);
    return FormulaResults(bound, layer)
        .trace(static_cast<std::size_t>(input_code - layer.input.type.qmin()));
}

/// Exact mathematics rounds half to even and clamps; NaN gives the lowest code.
std::int32_t exact_code(double steps, const BatchNormLayer& layer)
{
    const CodeType type = layer.output.type;
    if (std::isnan(steps))
        return type.qmin();
    return static_cast<std::int32_t>(std::clamp<double>(
        std::nearbyint(steps) + layer.output.zero_point, type.qmin(), type.qmax()));
}

} // namespace

bool Side::is_binary32() const
{
    return has_type(*this, "requantized", Type::f32);
}

bool Side::is_binary64() const
{
    return has_type(*this, "requantized", Type::f64) && !has_fraction_bits();
}

bool Side::computes_in_integers() const
{
    if (!backend.program)
        return false;
    const std::vector<bool> needed = formula::ancestors_of_output(*backend.program);
    const auto instructions = backend.program->instructions();
    for (std::size_t i = 0; i < instructions.size(); ++i) {
        if (needed[i] && instructions[i].per_code && instructions[i].op == Op::multiply
            && formula::is_integer(instructions[i].type))
            return true;
    }
    return false;
}

bool Side::saturates() const
{
    if (!backend.program)
        return false;
    const auto instructions = backend.program->instructions();
    return std::any_of(instructions.begin(), instructions.end(),
                       [](const formula::Instruction& instruction) {
                           return instruction.op == Op::saturate_int32 && instruction.per_code;
                       });
}

bool Side::accumulates_in_int64() const
{
    const formula::Instruction* acc = instruction_of(*this, "acc");
    return acc && acc->type == Type::i64 && acc->op != Op::convert;
}

const formula::Named* Side::conversion() const
{
    if (!backend.program)
        return nullptr;
    const bool simd = trace.lane == Lane::simd && has("simd_rounded");
    const std::string_view name = simd ? "simd_rounded" : has("rounded") ? "rounded" : "y";
    return backend.program->find(name);
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
    if (!side.has_lanes())
        return std::nullopt;
    return with_exchange(side, {.kind = Exchange::Kind::flip, .name = "simd"}, layer, channel,
                         input_code);
}

std::optional<std::int32_t> code_by_rule_of(const Side& side, double steps,
                                            const BatchNormLayer& layer, int channel,
                                            std::int32_t input_code)
{
    const bool negative = layer.output.scale < 0 ? steps > 0 : steps < 0;
    const bool lifts = !side.backend.program || side.has("rectified");
    const double lifted = layer.relu && lifts && negative ? 0.0 : steps;
    if (!side.backend.program)
        return exact_code(lifted, layer);
    const formula::Named* requantized = side.backend.program->find("requantized");
    if (!requantized
        || !formula::ancestors_of_output(
            *side.backend.program)[static_cast<std::size_t>(requantized->instruction)])
        return std::nullopt;
    return with_exchange(side,
                         {.kind = Exchange::Kind::value, .name = "requantized", .value = lifted},
                         layer, channel, input_code)
        .result.output_code;
}

std::optional<Cause> wrapped_sum(const Side& side, const BatchNormLayer& layer)
{
    const formula::Named* conversion = side.conversion();
    if (!conversion || side.has_fraction_bits())
        return std::nullopt;
    const Requantized& result = side.trace.result;
    const Type type = instruction_of(side, conversion->name)->type;
    const bool narrow = type == Type::i32 && conversion->name != "y";
    const bool wide = type == Type::i64 && conversion->name != "y";
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
    const bool gemmlowp = side.saturates();
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
