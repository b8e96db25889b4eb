#include "core/difference_cause.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace qbn {

namespace {

using Form = Arithmetic::Form;

/// One choice of an Arithmetic on which two of them in binary32 may differ.
struct Choice
{
    Cause cause;
    bool (*same)(const Arithmetic& a, const Arithmetic& b);
    void (*carry)(const Arithmetic& from, Arithmetic& to);
};

/// The finer ones first.
constexpr std::array choices{
    Choice{
        Cause::multiply_add,
        [](const Arithmetic& a, const Arithmetic& b) { return a.multiply_add == b.multiply_add; },
        [](const Arithmetic& from, Arithmetic& to) { to.multiply_add = from.multiply_add; }},
    Choice{Cause::offset_multiply_add,
           [](const Arithmetic& a, const Arithmetic& b) {
               return a.offset_multiply_add == b.offset_multiply_add;
           },
           [](const Arithmetic& from, Arithmetic& to) {
               to.offset_multiply_add = from.offset_multiply_add;
           }},
    Choice{Cause::reciprocal,
           [](const Arithmetic& a, const Arithmetic& b) { return a.rescale == b.rescale; },
           [](const Arithmetic& from, Arithmetic& to) { to.rescale = from.rescale; }},
    Choice{Cause::conversion,
           [](const Arithmetic& a, const Arithmetic& b) { return a.conversion == b.conversion; },
           [](const Arithmetic& from, Arithmetic& to) { to.conversion = from.conversion; }},
    Choice{Cause::order_of_operations,
           [](const Arithmetic& a, const Arithmetic& b) { return a.form == b.form; },
           [](const Arithmetic& from, Arithmetic& to) { to.form = from.form; }},
};

std::vector<Cause> causes_in(unsigned mask)
{
    std::vector<Cause> causes;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        if ((mask >> i & 1U) != 0)
            causes.push_back(choices[i].cause);
    }
    return causes;
}

/// The choices that carry `from` to the code of `to`, the fewest that do.
std::vector<Cause> differing_choices(const Arithmetic& from, const Arithmetic& to,
                                     const BatchNormLayer& layer, int channel,
                                     std::int32_t input_code)
{
    const auto code_of = [&](const Arithmetic& arithmetic) {
        return evaluate_trace(arithmetic, layer, channel, input_code).result.output_code;
    };
    unsigned differing = 0;
    for (std::size_t i = 0; i < choices.size(); ++i)
        differing |= choices[i].same(from, to) ? 0U : 1U << i;
    std::vector<unsigned> masks;
    for (unsigned mask = 1; mask < 1U << choices.size(); ++mask) {
        if ((mask & ~differing) == 0)
            masks.push_back(mask);
    }
    std::stable_sort(masks.begin(), masks.end(),
                     [](unsigned a, unsigned b) { return std::popcount(a) < std::popcount(b); });
    const std::int32_t wanted = code_of(to);
    for (const unsigned mask : masks) {
        Arithmetic mixed = from;
        for (std::size_t i = 0; i < choices.size(); ++i) {
            if ((mask >> i & 1U) != 0)
                choices[i].carry(to, mixed);
        }
        if (code_of(mixed) == wanted)
            return causes_in(mask);
    }
    return causes_in(differing);
}

bool is_binary32(const Backend& backend)
{
    return backend.arithmetic
        && (backend.arithmetic->form == Form::two_parameter
            || backend.arithmetic->form == Form::four_stages);
}

bool is_integer(const Backend& backend)
{
    return backend.arithmetic && backend.arithmetic->form == Form::integer;
}

/// The value of an intermediate, NaN where there is none of that name.
double value_of_step(const Trace& trace, std::string_view name)
{
    const auto found = std::find_if(trace.steps.begin(), trace.steps.end(),
                                    [name](const TraceStep& step) { return step.name == name; });
    return found == trace.steps.end() ? std::nan("") : found->value;
}

bool accumulator_wrapped(const Backend& backend, const Trace& trace)
{
    if (!is_integer(backend)
        || backend.arithmetic->integer.accumulator == Arithmetic::Integer::Accumulator::int64)
        return false;
    const double acc = value_of_step(trace, "acc");
    return acc
        != value_of_step(trace, "integer_product") + value_of_step(trace, "quantized_offset");
}

/// NaN, infinity or so large that the conversion to an integer decides.
bool is_wild(const Trace& trace)
{
    constexpr double tame = 0x1p30;
    return !(std::abs(trace.result.steps) < tame);
}

std::vector<Cause> causes_of_conversion(const Difference& difference, const BatchNormLayer& layer)
{
    const Trace& a = difference.first_trace;
    const Trace& b = difference.second_trace;
    std::vector<Cause> causes;
    if (a.lane != b.lane)
        causes.push_back(Cause::lane);
    if (sum_wrapped(*difference.first, a.result, layer)
        || sum_wrapped(*difference.second, b.result, layer))
        causes.push_back(Cause::int32_wrap);
    if (causes.empty())
        causes.push_back(Cause::conversion);
    return causes;
}

} // namespace

bool sum_wrapped(const Backend& backend, const Requantized& result, const BatchNormLayer& layer)
{
    using Conversion = Arithmetic::Conversion;
    const bool can_wrap = backend.arithmetic
        && (backend.arithmetic->conversion == Conversion::int32_wrapping_simd
            || backend.arithmetic->conversion == Conversion::int64_wrapping);
    // The sum and the rounded number are far apart then, by 2^32 or 2^64.
    return can_wrap && !result.relu_clamped
        && std::abs(result.sum - result.rounded - layer.output.zero_point) >= 0x1p31;
}

std::string_view name_of(Cause cause)
{
    switch (cause) {
    case Cause::multiply_add:
        return "multiply-add";
    case Cause::offset_multiply_add:
        return "offset-multiply-add";
    case Cause::reciprocal:
        return "reciprocal";
    case Cause::order_of_operations:
        return "order-of-operations";
    case Cause::precision:
        return "precision";
    case Cause::tie:
        return "tie";
    case Cause::fraction_bits:
        return "fraction-bits";
    case Cause::int32_wrap:
        return "int32-wrap";
    case Cause::lane:
        return "lane";
    case Cause::conversion:
        break;
    }
    return "conversion";
}

std::vector<Cause> causes_of(const Difference& difference, const BatchNormLayer& layer)
{
    const Trace& a = difference.first_trace;
    const Trace& b = difference.second_trace;
    if (a.result.output_code == b.result.output_code)
        return {};
    if (accumulator_wrapped(*difference.first, a) || accumulator_wrapped(*difference.second, b))
        return {Cause::int32_wrap};
    const bool same_steps
        = a.result.steps == b.result.steps && a.result.rounded == b.result.rounded;
    if (is_wild(a) || is_wild(b) || same_steps)
        return causes_of_conversion(difference, layer);

    std::vector<Cause> causes;
    if (is_binary32(*difference.first) && is_binary32(*difference.second)) {
        causes = differing_choices(*difference.first->arithmetic, *difference.second->arithmetic,
                                   layer, difference.channel, difference.input_code);
    } else if (a.result.steps == b.result.steps) {
        return {Cause::tie}; // one value, rounded by two rules
    } else {
        const bool integer = is_integer(*difference.first) || is_integer(*difference.second);
        causes = {integer ? Cause::fraction_bits : Cause::precision};
    }
    if (difference.boundary.tie)
        causes.push_back(Cause::tie);
    return causes;
}

} // namespace qbn
