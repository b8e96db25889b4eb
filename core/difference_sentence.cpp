#include "core/difference_cause.h"
#include "core/text_number.h"

#include <algorithm>
#include <cmath>

namespace qbn {

namespace {

std::string title_of(const Backend& backend)
{
    return std::string(backend.title);
}

/// "PyTorch fused multiplies by ..., ONNX Runtime divides ...": `yes` is what the backend does for
/// which `first_does` holds.
std::string contrast(const Difference& difference, bool first_does, const std::string& yes,
                     const std::string& no)
{
    return title_of(*difference.first) + " " + (first_does ? yes : no) + ", "
        + title_of(*difference.second) + " " + (first_does ? no : yes);
}

std::string precision_of(const Backend& backend)
{
    if (!backend.arithmetic)
        return "without rounding";
    return backend.arithmetic->form == Arithmetic::Form::binary64_stages ? "in binary64"
                                                                         : "in binary32";
}

std::string form_of(const Backend& backend)
{
    return backend.arithmetic->form == Arithmetic::Form::two_parameter
        ? "computes alpha * (x_q - x_zero_point) + fused_beta, prepared in output steps"
        : "computes in real units and rescales at the end";
}

/// How the backend breaks a tie.
std::string rule_of(const Backend& backend)
{
    if (!backend.arithmetic || backend.arithmetic->form != Arithmetic::Form::integer)
        return "to even";
    return backend.arithmetic->integer.rounding == Arithmetic::Integer::Rounding::gemmlowp
        ? "away from zero"
        : "up";
}

std::string clause(Cause cause, const Difference& difference)
{
    const Backend& first = *difference.first;
    const Backend& second = *difference.second;
    switch (cause) {
    case Cause::multiply_add:
        return contrast(difference,
                        first.arithmetic->multiply_add == Arithmetic::MultiplyAdd::fused,
                        "multiplies and adds with one rounding", "with two");
    case Cause::offset_multiply_add:
        return contrast(difference,
                        first.arithmetic->offset_multiply_add == Arithmetic::MultiplyAdd::fused,
                        "computes beta - mean * gain with one rounding", "with two");
    case Cause::reciprocal:
        return contrast(difference,
                        first.arithmetic->rescale == Arithmetic::Rescale::multiply_by_reciprocal,
                        "multiplies by the rounded reciprocal of y_scale", "divides by y_scale");
    case Cause::order_of_operations:
        return title_of(first) + " " + form_of(first) + ", " + title_of(second) + " "
            + form_of(second);
    case Cause::precision:
        return title_of(first) + " computes " + precision_of(first) + ", " + title_of(second) + " "
            + precision_of(second);
    case Cause::fraction_bits:
        return "the integers' multiplier and offset are rounded";
    case Cause::tie:
        return rule_of(first) == rule_of(second) ? ""
                                                 : title_of(first) + " rounds halves "
                + rule_of(first) + ", " + title_of(second) + " " + rule_of(second);
    default:
        return {};
    }
}

std::string clauses(const Difference& difference)
{
    std::string text;
    for (const Cause cause : difference.causes) {
        const std::string one = clause(cause, difference);
        if (one.empty())
            continue;
        text += (text.empty() ? "" : "; ") + one;
    }
    return text;
}

std::string where_exact_lies(const Difference& difference)
{
    const Boundary& boundary = difference.boundary;
    if (boundary.tie)
        return "the exact value is " + format_number(boundary.nearest)
            + ", half way between two codes";
    if (!std::isfinite(boundary.distance))
        return {};
    // Few digits are enough for a distance.
    const auto distance = static_cast<float>(boundary.distance);
    return "the exact value lies " + format_number(distance)
        + (boundary.steps < boundary.nearest ? " output steps below the boundary "
                                             : " output steps above the boundary ")
        + format_number(boundary.nearest);
}

const ComparedStep* step_named(const Difference& difference, std::string_view name)
{
    const auto found = std::find_if(difference.steps.begin(), difference.steps.end(),
                                    [name](const ComparedStep& step) { return step.name == name; });
    return found == difference.steps.end() ? nullptr : &*found;
}

std::string distance_text(const Difference& difference)
{
    const ComparedStep* steps = step_named(difference, "steps");
    if (!steps || !steps->ulp || *steps->ulp == 0)
        return {};
    const auto ulp = static_cast<float>(std::abs(*steps->ulp));
    return " (" + format_number(ulp) + " ulp apart)";
}

/// -2^63 is what the conversion of binary32 to int64 gives where there is no such integer.
std::string integer_text(double value)
{
    return value == -0x1p63 ? "-2^63" : format_number(value);
}

std::string lane_of(const Backend& backend, const Trace& trace)
{
    if (backend.arithmetic->conversion != Arithmetic::Conversion::int32_wrapping_simd)
        return {};
    return trace.lane == Lane::simd ? " in its SIMD lane" : " in its scalar lane";
}

/// One backend's way from wild steps to a code.
std::string conversion_of(const Backend& backend, const Trace& trace, const BatchNormLayer& layer)
{
    using Conversion = Arithmetic::Conversion;
    const Requantized& result = trace.result;
    const std::string code = "code " + std::to_string(result.output_code);
    const std::string steps
        = std::isnan(result.steps) ? "NaN" : "steps " + format_number(result.steps);
    const bool through_integer = backend.arithmetic
        && (backend.arithmetic->conversion == Conversion::int32_wrapping_simd
            || backend.arithmetic->conversion == Conversion::int64_wrapping);
    if (!through_integer)
        return title_of(backend) + " makes " + code + " of " + steps;
    std::string text = title_of(backend) + lane_of(backend, trace) + " converts " + steps + " to "
        + integer_text(result.rounded);
    if (result.relu_clamped)
        return text + " and lifts it to the zero point, " + code;
    text += sum_wrapped(backend, result, layer) ? ", wraps to " : ", comes to ";
    return text + integer_text(result.sum) + " with the zero point "
        + std::to_string(layer.output.zero_point) + " and gives " + code;
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

bool is_about_conversion(const std::vector<Cause>& causes)
{
    return std::any_of(causes.begin(), causes.end(), [](Cause cause) {
        return cause == Cause::lane || cause == Cause::conversion || cause == Cause::int32_wrap;
    });
}

std::string wrapped_accumulator(const Difference& difference)
{
    const ComparedStep* acc = step_named(difference, "acc");
    const bool first = acc && acc->first;
    const Backend& integer = first ? *difference.first : *difference.second;
    const Trace& trace = first ? difference.first_trace : difference.second_trace;
    return "the accumulator of " + title_of(integer)
        + " does not fit into int32 and wraps, so that steps is "
        + format_number(trace.result.steps);
}

std::string same_codes(const Difference& difference)
{
    std::string text
        = "both give code " + std::to_string(difference.first_trace.result.output_code);
    const std::string where = where_exact_lies(difference);
    if (!difference.first_differing)
        return text + (where.empty() ? "" : "; " + where);
    const ComparedStep& parted = difference.steps[*difference.first_differing];
    text += "; they first part at " + std::string(parted.name);
    if (parted.ulp)
        text += " by " + format_number(static_cast<float>(std::abs(*parted.ulp))) + " ulp";
    return text + (where.empty() ? "" : ", and " + where);
}

} // namespace

std::string sentence_of(const Difference& difference, const BatchNormLayer& layer)
{
    const Trace& a = difference.first_trace;
    const Trace& b = difference.second_trace;
    if (difference.causes.empty())
        return same_codes(difference);
    const ComparedStep* acc = step_named(difference, "acc");
    const bool integer = acc && (acc->first || acc->second);
    if (integer && difference.causes.front() == Cause::int32_wrap)
        return wrapped_accumulator(difference);
    if (is_about_conversion(difference.causes))
        return why_wild(layer, difference.channel) + conversion_of(*difference.first, a, layer)
            + ", " + conversion_of(*difference.second, b, layer);

    const std::string cause = clauses(difference);
    std::string text = cause.empty() ? "" : cause + ": ";
    text += "steps is " + format_number(a.result.steps) + " in " + title_of(*difference.first)
        + " and " + format_number(b.result.steps) + " in " + title_of(*difference.second)
        + distance_text(difference) + ", which round to codes "
        + std::to_string(a.result.output_code) + " and " + std::to_string(b.result.output_code);
    const std::string where = where_exact_lies(difference);
    return text + (where.empty() ? "" : "; " + where);
}

} // namespace qbn
