#include "core/compare/difference_cause.h"

#include "core/compare/difference_side.h"
#include "core/formula/mixture.h"
#include "core/text/text_number.h"

#include <algorithm>
#include <cmath>

namespace qbn {

namespace {

/// "PyTorch fused multiplies by ..., ONNX Runtime divides ...": `yes` is what the backend does for
/// which `first_does` holds.
std::string contrast(const Difference& difference, bool first_does, const std::string& yes,
                     const std::string& no)
{
    return first_side(difference).title() + " " + (first_does ? yes : no) + ", "
        + second_side(difference).title() + " " + (first_does ? no : yes);
}

std::string precision_of(const Side& side)
{
    if (side.backend.is_exact())
        return "without rounding";
    if (side.has_fraction_bits())
        return "with " + format_number(side.value_of("fraction_bits")) + " fraction bits";
    if (side.computes_in_integers())
        return "in integers";
    return side.is_binary64() ? "in binary64" : "in binary32";
}

/// How the backend breaks a tie: by the last operation that makes a whole number of a code's value.
std::string rule_of(const Side& side)
{
    using formula::Op;
    if (!side.backend.program)
        return "to even";
    const std::vector<bool> needed = formula::ancestors_of_output(*side.backend.program);
    const auto instructions = side.backend.program->instructions();
    const auto is_rounding = [](Op op) {
        return op == Op::rint || op == Op::round_away || op == Op::round_up || op == Op::floor
            || op == Op::ceil || op == Op::trunc;
    };
    for (std::size_t i = needed.size(); i-- > 0;) {
        const formula::Instruction& instruction = instructions[i];
        const Op op = instruction.op;
        if (!needed[i] || !instruction.per_code)
            continue;
        if (op == Op::round_away || op == Op::divide_by_pot_round)
            return "away from zero";
        if (op == Op::round_up || op == Op::shift_round_half_up)
            return "up";
        const bool converts = op == Op::to_int32_x86 || op == Op::to_int64_x86;
        const auto operand = static_cast<std::size_t>(instruction.operands[0]);
        if (op == Op::rint || (converts && !is_rounding(instructions[operand].op)))
            return "to even";
    }
    return "as its last lines say";
}

/// "affine: fma(dequantized, gain, offset) in PyTorch reference, product + offset in ONNX Runtime"
std::string statement_text(std::string_view first_name, std::string_view first_expression,
                           std::string_view second_name, std::string_view second_expression,
                           const Difference& difference)
{
    const std::string name(first_name);
    const std::string other = first_name == second_name ? "" : std::string(second_name) + ": ";
    return name + ": " + std::string(first_expression) + " in " + first_side(difference).title()
        + ", " + other + std::string(second_expression) + " in " + second_side(difference).title();
}

std::string exchanged_text(const Difference& difference)
{
    std::string text;
    for (const ExchangedStatement& statement : difference.exchanged)
        text += (text.empty() ? "" : "; ")
            + statement_text(statement.first_name, statement.first_expression,
                             statement.second_name, statement.second_expression, difference);
    return text;
}

/// "rounded: to_int64_x86(requantized) in PyTorch reference, y: to_code(rint(requantized), z_out) in ONNX Runtime"
std::string conversions_as_written(const Difference& difference)
{
    std::string text;
    for (const Side& side : {first_side(difference), second_side(difference)}) {
        if (const formula::Named* conversion = side.conversion())
            text += (text.empty() ? "" : ", ") + std::string(conversion->name) + ": "
                + std::string(conversion->text) + " in " + side.title();
    }
    return text;
}

/// Where both formulas have a statement of the same name, what each says there.
std::string parting_text(const Difference& difference)
{
    if (!difference.first_differing)
        return {};
    const ComparedStep& parted = difference.steps[*difference.first_differing];
    const std::string name(parted.name);
    if (!difference.exchanged.empty())
        return "they first part at " + name;
    if (parted.first->formula == parted.second->formula)
        return "they first part at " + name + " (" + conversions_as_written(difference) + ")";
    return "they first part at "
        + statement_text(name, parted.first->formula, name, parted.second->formula, difference);
}

std::string order_text(const Difference& difference)
{
    const std::string exchanged = exchanged_text(difference);
    const std::string parting = parting_text(difference);
    return exchanged + (exchanged.empty() || parting.empty() ? "" : "; ") + parting;
}

/// The first backend's expression of the reciprocal has a quotient, the second's has none.
bool divides(const std::vector<ExchangedStatement>& exchanged)
{
    return std::any_of(exchanged.begin(), exchanged.end(), [](const ExchangedStatement& statement) {
        const bool is_reciprocal
            = std::find(statement.causes.begin(), statement.causes.end(), Cause::reciprocal)
            != statement.causes.end();
        return is_reciprocal && statement.first_expression.find('/') != std::string_view::npos;
    });
}

bool has_fma(const Side& side, bool per_code)
{
    const auto instructions = side.backend.program->instructions();
    return std::any_of(instructions.begin(), instructions.end(),
                       [per_code](const formula::Instruction& instruction) {
                           return instruction.op == formula::Op::fma
                               && instruction.per_code == per_code;
                       });
}

/// Of the integers that depart from exact mathematics.
std::string fraction_bits_text(const Difference& difference)
{
    std::string text;
    for (const Side& side : {first_side(difference), second_side(difference)}) {
        if (side.has_fraction_bits() && side.code() != difference.exact_code)
            text += (text.empty() ? "" : ", ") + side.title()
                + " rounds its multiplier and its offset to "
                + format_number(side.value_of("fraction_bits")) + " fraction bits";
    }
    return text;
}

/// "LiteRT rounds constants of the channel to whole numbers: bias is 12, rounded from 11.7, which moves steps by 0.002"
std::string constants_text(const Difference& difference)
{
    const Side first = first_side(difference);
    const Side& rounding = first.computes_in_integers() ? first : second_side(difference);
    const bool one = difference.constants.size() == 1;
    std::string text = rounding.title()
        + (one ? " rounds a constant of the channel to a whole number: "
               : " rounds constants of the channel to whole numbers: ");
    for (const RoundedConstant& constant : difference.constants)
        text += (&constant == &difference.constants.front() ? "" : "; ")
            + std::string(constant.name) + " is " + format_number(constant.whole)
            + ", rounded from " + format_short(constant.real, 9) + ", which moves steps by "
            + format_short(constant.steps, 3);
    return text;
}

std::string clause(Cause cause, const Difference& difference)
{
    const Side first = first_side(difference);
    const Side second = second_side(difference);
    switch (cause) {
    case Cause::multiply_add:
        return contrast(difference, has_fma(first, true), "multiplies and adds with one rounding",
                        "multiplies and adds with two roundings");
    case Cause::offset_multiply_add:
        return contrast(difference, has_fma(first, false),
                        "computes beta - mean * gain with one rounding",
                        "computes beta - mean * gain with two roundings");
    case Cause::reciprocal:
        return contrast(difference, divides(difference.exchanged), "divides",
                        "multiplies by the rounded reciprocal");
    case Cause::precision: {
        const std::string parting = parting_text(difference);
        return (precision_of(first) == precision_of(second)
                    ? first.title() + " and " + second.title() + " round to other precisions"
                    : first.title() + " computes " + precision_of(first) + ", " + second.title()
                        + " computes " + precision_of(second))
            + (parting.empty() ? "" : "; " + parting);
    }
    case Cause::fraction_bits:
        return fraction_bits_text(difference);
    case Cause::double_rounding:
        return (first.computes_in_integers() ? first : second).title()
            + " rounds twice, which carries it over the half (" + conversions_as_written(difference)
            + ")";
    case Cause::integer_constants: {
        const std::string parting = parting_text(difference);
        return constants_text(difference) + (parting.empty() ? "" : "; " + parting);
    }
    case Cause::tie:
        return rule_of(first) == rule_of(second) ? ""
                                                 : first.title() + " rounds halves "
                + rule_of(first) + ", " + second.title() + " rounds them " + rule_of(second) + " ("
                + conversions_as_written(difference) + ")";
    default:
        return {};
    }
}

std::string clauses(const Difference& difference)
{
    std::string text;
    const auto add = [&text](const std::string& one) {
        text += (text.empty() || one.empty() ? "" : "; ") + one;
    };
    for (const Cause cause : difference.causes)
        add(clause(cause, difference));
    const bool is_order
        = std::find(difference.causes.begin(), difference.causes.end(), Cause::order_of_operations)
        != difference.causes.end();
    if (is_order)
        add(order_text(difference));
    else if (!difference.exchanged.empty())
        text += " (" + exchanged_text(difference) + ")";
    return text;
}

std::string where_exact_lies(const Difference& difference, std::int32_t zero_point)
{
    const Boundary& boundary = difference.boundary;
    const std::string nearest = boundary_text(boundary.nearest, zero_point);
    if (boundary.tie)
        return "the exact value is " + nearest + ", half way between two codes";
    if (!std::isfinite(boundary.distance))
        return {};
    // Few digits are enough for a distance.
    const auto distance = static_cast<float>(boundary.distance);
    return "the exact value lies " + format_number(distance)
        + (boundary.below ? " output steps below the boundary "
                          : " output steps above the boundary ")
        + nearest;
}

/// "alpha", "alpha or steps", "alpha, shift or steps".
std::string joined(const RoundingSet& names, const std::string& last)
{
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i)
        text += (i == 0                      ? ""
                     : i + 1 == names.size() ? " " + last + " "
                                             : ", ")
            + std::string(names[i]);
    return text;
}

/// Of the roundings of the side that departs, those without which it would not.
std::string decisive_text(const Difference& difference)
{
    if (difference.decisive.empty())
        return {};
    const bool first_departs = difference.first_trace.result.output_code != difference.exact_code;
    const std::string title
        = (first_departs ? first_side(difference) : second_side(difference)).title();
    const std::string would = " would give code " + std::to_string(difference.exact_code) + " too";
    if (difference.decisive.front().size() > 1)
        return "; no single rounding decides: without those of "
            + joined(difference.decisive.front(), "and") + " together " + title + would;
    RoundingSet singles;
    for (const RoundingSet& set : difference.decisive)
        singles.push_back(set.front());
    const bool one = singles.size() == 1;
    return "; without the rounding of " + joined(singles, "or")
        + (one ? " alone " : " (one of them is enough) ") + title + would;
}

const ComparedStep* step_named(const Difference& difference, std::string_view name)
{
    const auto found = std::find_if(difference.steps.begin(), difference.steps.end(),
                                    [name](const ComparedStep& step) { return step.name == name; });
    return found == difference.steps.end() ? nullptr : &*found;
}

std::string distance_text(const Difference& difference)
{
    const ComparedStep* steps = step_named(difference, "requantized");
    if (!steps || !steps->ulp || *steps->ulp == 0)
        return {};
    const auto ulp = static_cast<float>(std::abs(*steps->ulp));
    return " (" + format_number(ulp) + " ulp apart)";
}

std::string why_wild(const BatchNormLayer& layer, int channel)
{
    const double var_eps = layer.var[channel] + layer.eps;
    if (var_eps < 0)
        return "var + eps is " + format_number(var_eps) + ", which has no root: ";
    if (var_eps == 0)
        return "var + eps is 0, which divides by zero: ";
    return {};
}

/// The way from steps to the code is what has to be told.
bool is_about_conversion(const std::vector<Cause>& causes)
{
    return std::any_of(causes.begin(), causes.end(),
                       [](Cause cause) { return cause >= Cause::overflow; });
}

/// The first intermediate that is infinite or NaN in one of them and finite in the other or in
/// exact mathematics.
std::string overflow_text(const Difference& difference)
{
    for (const ComparedStep& step : difference.steps) {
        for (const auto& [mine, other, side] :
             {std::tuple(step.first, step.second, first_side(difference)),
              std::tuple(step.second, step.first, second_side(difference))}) {
            if (!mine || std::isfinite(mine->value) || mine->format == TraceStep::Format::integer)
                continue;
            const bool finite_elsewhere = (other && std::isfinite(other->value))
                || (step.exact && std::isfinite(*step.exact));
            if (finite_elsewhere)
                return std::string(step.name) + " is " + format_number(mine->value) + " in "
                    + side.title() + ": ";
        }
    }
    return {};
}

std::string lane_text(const Difference& difference, const BatchNormLayer& layer)
{
    std::string text;
    for (const auto& [side, other] :
         {std::pair(first_side(difference), difference.second_trace.result.output_code),
          std::pair(second_side(difference), difference.first_trace.result.output_code)}) {
        const auto moved = in_other_lane(side, layer, difference.channel, difference.input_code);
        if (moved && moved->result.output_code == other)
            text += "; in its " + std::string(moved->lane == Lane::simd ? "SIMD" : "scalar")
                + " lane " + side.title() + " would give code " + std::to_string(other) + " too";
    }
    return text;
}

std::string conversion_text(const Difference& difference, const BatchNormLayer& layer)
{
    std::string text = why_wild(layer, difference.channel);
    const bool overflows
        = std::find(difference.causes.begin(), difference.causes.end(), Cause::overflow)
        != difference.causes.end();
    if (text.empty() && overflows)
        text = overflow_text(difference);
    text += way_to_the_code(first_side(difference), layer) + "; "
        + way_to_the_code(second_side(difference), layer);
    return text + lane_text(difference, layer) + "; " + conversions_as_written(difference);
}

std::string same_codes(const Difference& difference, const BatchNormLayer& layer)
{
    std::string text
        = "both give code " + std::to_string(difference.first_trace.result.output_code);
    const std::string where = where_exact_lies(difference, layer.output.zero_point);
    if (!difference.first_differing)
        return text + (where.empty() ? "" : "; " + where);
    const ComparedStep& parted = difference.steps[*difference.first_differing];
    text += "; they first part at " + std::string(parted.name);
    if (parted.ulp)
        text += " by " + format_number(static_cast<float>(std::abs(*parted.ulp))) + " ulp";
    return text + (where.empty() ? "" : ", and " + where);
}

} // namespace

std::string boundary_text(double nearest, std::int32_t zero_point)
{
    const std::string without = format_number(nearest);
    return zero_point == 0
        ? without
        : format_number(nearest + zero_point) + " (" + without + " before the zero point)";
}

std::string sentence_of(const Difference& difference, const BatchNormLayer& layer)
{
    const Trace& a = difference.first_trace;
    const Trace& b = difference.second_trace;
    if (difference.causes.empty())
        return same_codes(difference, layer);
    if (is_about_conversion(difference.causes))
        return conversion_text(difference, layer);

    const std::string cause = clauses(difference);
    std::string text = cause.empty() ? "" : cause + ": ";
    text += "steps is " + format_number(a.result.steps) + " in " + first_side(difference).title()
        + " and " + format_number(b.result.steps) + " in " + second_side(difference).title()
        + distance_text(difference) + ", which round to codes "
        + std::to_string(a.result.output_code) + " and " + std::to_string(b.result.output_code);
    if (const std::string where = where_exact_lies(difference, layer.output.zero_point);
        !where.empty()) {
        const bool told = difference.first->is_exact() || difference.second->is_exact();
        text += "; " + where;
        if (!told)
            text += (difference.boundary.tie ? ", and gives code " : " and gives code ")
                + std::to_string(difference.exact_code);
    }
    return text + decisive_text(difference);
}

} // namespace qbn
