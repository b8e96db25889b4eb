#include "core/compare/difference.h"

#include "core/compare/difference_cause.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace qbn {

namespace {

using Format = TraceStep::Format;

const TraceStep* find_step(const Trace& trace, std::string_view name)
{
    const auto found = std::find_if(trace.steps.begin(), trace.steps.end(),
                                    [name](const TraceStep& step) { return step.name == name; });
    return found == trace.steps.end() ? nullptr : &*found;
}

template <typename Real> double unit_at(double value)
{
    const auto magnitude = static_cast<Real>(std::abs(value));
    const auto next = std::nextafter(magnitude, std::numeric_limits<Real>::infinity());
    return static_cast<double>(next) - static_cast<double>(magnitude);
}

/// The distance to the next value that the step's format has.
double unit_of(const TraceStep& step, double at)
{
    switch (step.format) {
    case Format::binary32:
        return unit_at<float>(at);
    case Format::binary64:
        return unit_at<double>(at);
    case Format::integer:
        break;
    }
    return 1;
}

std::optional<double> distance_in_ulp(const TraceStep& first, const TraceStep& second)
{
    if (!std::isfinite(first.value) || !std::isfinite(second.value))
        return std::nullopt;
    if (first.value == second.value)
        return 0.0;
    // At the larger of the two, as near 0 every format has units without end.
    const double at = std::max(std::abs(first.value), std::abs(second.value));
    const double unit = std::max(unit_of(first, at), unit_of(second, at));
    return (second.value - first.value) / unit;
}

/// What follows the steps, as three more of them.
void append_result(Trace& trace)
{
    const Requantized& result = trace.result;
    trace.steps.push_back({"rounded", "round(requantized)", result.rounded, Format::integer});
    trace.steps.push_back({"sum", "rounded + y_zero_point", result.sum, Format::integer});
    trace.steps.push_back({"output_code", "clamp(sum, qmin, qmax)",
                           static_cast<double>(result.output_code), Format::integer});
}

/// The names of both, each in its order: a name that the second alone has stands before the next
/// that both have.
std::vector<std::string_view> merged_names(const Trace& first, const Trace& second)
{
    std::vector<std::string_view> names;
    auto rest = second.steps.begin();
    for (const TraceStep& step : first.steps) {
        const auto shared = std::find_if(rest, second.steps.end(), [&](const TraceStep& other) {
            return other.name == step.name;
        });
        if (shared != second.steps.end()) {
            for (; rest != shared; ++rest) {
                if (!find_step(first, rest->name))
                    names.push_back(rest->name);
            }
            ++rest;
        }
        names.push_back(step.name);
    }
    for (; rest != second.steps.end(); ++rest) {
        if (!find_step(first, rest->name))
            names.push_back(rest->name);
    }
    return names;
}

ComparedStep compared(std::string_view name, const Trace& first, const Trace& second,
                      const Trace& exact)
{
    ComparedStep step{.name = name};
    if (const TraceStep* found = find_step(first, name))
        step.first = *found;
    if (const TraceStep* found = find_step(second, name))
        step.second = *found;
    if (const TraceStep* found = find_step(exact, name))
        step.exact = found->value;
    if (step.first && step.second)
        step.ulp = distance_in_ulp(*step.first, *step.second);
    return step;
}

} // namespace

bool ComparedStep::differs() const
{
    return first && second && first->value != second->value
        && !(std::isnan(first->value) && std::isnan(second->value));
}

Difference explain_difference(const Backend& first, const Backend& second,
                              const BatchNormLayer& layer, int channel, std::int32_t input_code)
{
    Difference difference{.first = &first,
                          .second = &second,
                          .channel = channel,
                          .input_code = input_code,
                          .first_trace = trace(first, layer, channel, input_code),
                          .second_trace = trace(second, layer, channel, input_code),
                          .boundary = ExactChannel(layer, channel).boundary(input_code)};
    Trace a = difference.first_trace;
    Trace b = difference.second_trace;
    Trace exact = exact_trace(layer, channel, input_code);
    for (Trace* trace : {&a, &b, &exact})
        append_result(*trace);
    for (const std::string_view name : merged_names(a, b))
        difference.steps.push_back(compared(name, a, b, exact));
    const auto parted = std::find_if(difference.steps.begin(), difference.steps.end(),
                                     [](const ComparedStep& step) { return step.differs(); });
    if (parted != difference.steps.end())
        difference.first_differing = static_cast<std::size_t>(parted - difference.steps.begin());
    difference.exact_code = exact.result.output_code;
    difference.causes = causes_of(difference, layer);
    difference.decisive = decisive_roundings(difference, layer);
    difference.sentence = sentence_of(difference, layer);
    return difference;
}

} // namespace qbn
