#include "core/evaluate/output_search.h"

#include <algorithm>
#include <cmath>

namespace qbn {

namespace {

constexpr int bins = 4096;
constexpr int coarse_steps = 48;

struct Range
{
    double low = 0;
    double high = 0;
};

/// From the least to the largest value, 0 included.
Range range_of(const std::vector<WeightedValue>& values)
{
    Range range;
    for (const WeightedValue& value : values) {
        range.low = std::min(range.low, value.value);
        range.high = std::max(range.high, value.value);
    }
    return range;
}

/// Few values that stand for many: the mean of each bin with the bin's weight.
std::vector<WeightedValue> histogram(const std::vector<WeightedValue>& values, const Range& range)
{
    std::vector<WeightedValue> sums(bins);
    const double width = (range.high - range.low) / bins;
    for (const WeightedValue& value : values) {
        const auto bin = static_cast<std::size_t>(
            std::clamp((value.value - range.low) / width, 0.0, bins - 1.0));
        sums[bin].value += value.value * value.weight;
        sums[bin].weight += value.weight;
    }
    std::erase_if(sums, [](const WeightedValue& sum) { return sum.weight == 0; });
    for (WeightedValue& sum : sums)
        sum.value /= sum.weight;
    return sums;
}

struct Candidate
{
    QuantizationParameters parameters;
    double noise = 0;
};

/// The parameters for each range, and of those the best.
Candidate best_of(const CodeType& type, const std::vector<WeightedValue>& values,
                  const std::vector<Range>& ranges)
{
    Candidate best{.parameters = {}, .noise = HUGE_VAL};
    for (const Range& range : ranges) {
        const QuantizationParameters parameters = choose_quantization(type, range.low, range.high);
        const double noise = quantization_error(parameters, values).noise;
        if (noise < best.noise)
            best = {parameters, noise};
    }
    return best;
}

/// All pairs of ends between `smallest` and `largest`, `steps` of each.
std::vector<Range> ranges_between(const Range& smallest, const Range& largest, int steps)
{
    std::vector<Range> ranges;
    for (int i = 0; i <= steps; ++i) {
        for (int k = 0; k <= steps; ++k) {
            const double low
                = smallest.low + (largest.low - smallest.low) * i / static_cast<double>(steps);
            const double high
                = smallest.high + (largest.high - smallest.high) * k / static_cast<double>(steps);
            if (high > low)
                ranges.push_back({low, high});
        }
    }
    return ranges;
}

Range range_of(const QuantizationParameters& parameters)
{
    return {real_value(parameters, parameters.type.qmin()),
            real_value(parameters, parameters.type.qmax())};
}

} // namespace

QuantizationError quantization_error(const QuantizationParameters& parameters,
                                     const std::vector<WeightedValue>& values)
{
    const auto low
        = static_cast<double>(std::int64_t{parameters.type.qmin()} - parameters.zero_point);
    const auto high
        = static_cast<double>(std::int64_t{parameters.type.qmax()} - parameters.zero_point);
    QuantizationError error;
    double weights = 0;
    for (const WeightedValue& value : values) {
        const double rounded = std::nearbyint(value.value / parameters.scale);
        const double clamped = std::clamp(rounded, low, high);
        const double away = clamped * parameters.scale - value.value;
        error.noise += value.weight * away * away;
        error.saturation += clamped == rounded ? 0 : value.weight;
        weights += value.weight;
    }
    if (weights > 0) {
        error.noise /= weights;
        error.saturation /= weights;
    }
    return error;
}

OutputProposal propose_output(const QuantizationParameters& present,
                              const std::vector<WeightedValue>& values)
{
    const QuantizationError now = quantization_error(present, values);
    OutputProposal proposal{.output = present, .noise = now.noise, .saturation = now.saturation};
    const Range all = range_of(values);
    const double width = all.high - all.low;
    if (!(width > 0) || !std::isfinite(width))
        return proposal;
    const std::vector<WeightedValue> few = histogram(values, all);
    const Candidate coarse = best_of(present.type, few, ranges_between({}, all, coarse_steps));
    // Once more around what was found, a coarse step to each side.
    const Range found = range_of(coarse.parameters);
    const double step = width / coarse_steps;
    const Range inner{std::min(found.low + step, 0.0), std::max(found.high - step, 0.0)};
    const Range outer{found.low - step, found.high + step};
    const Candidate fine = best_of(present.type, few, ranges_between(inner, outer, 24));
    for (const Candidate& candidate : {coarse, fine}) {
        const QuantizationError error = quantization_error(candidate.parameters, values);
        if (error.noise < proposal.noise || std::isnan(proposal.noise)) {
            proposal.output = candidate.parameters;
            proposal.noise = error.noise;
            proposal.saturation = error.saturation;
        }
    }
    if (proposal.noise < now.noise)
        proposal.gain = 10 * std::log10(now.noise / proposal.noise);
    return proposal;
}

} // namespace qbn
