#include "core/evaluate/output_search.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

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

/// The values in bins, each bin's at their mean. Sums over bins are differences of sums from the
/// first on, so what a candidate costs goes with its codes and not with the bins.
class Histogram
{
public:
    Histogram(const std::vector<WeightedValue>& values, const Range& range)
        : low_(range.low)
        , per_width_(bins / (range.high - range.low))
        , bins_(bins + 1)
    {
        for (const WeightedValue& value : values) {
            Bin& bin = bins_[bin_of(value.value)];
            bin.weight_below += value.weight;
            bin.values_below += value.weight * value.value;
            bin.squares_below += value.weight * value.value * value.value;
        }
        Bin below;
        for (Bin& bin : bins_) {
            const Bin own = std::exchange(bin, below);
            bin.mean = own.weight_below > 0 ? own.values_below / own.weight_below : 0;
            below.weight_below += own.weight_below;
            below.values_below += own.values_below;
            below.squares_below += own.squares_below;
        }
    }

    /// Sum of the weighted square errors, or something above `limit` where it is greater. With given = q * scale it is, code by code,
    ///     sum (given - value)^2 = given * (given * weights - 2 * sum value) + sum value^2
    /// which is nowhere below 0. What is clamped comes first, as that is much where it is too much.
    double noise(const QuantizationParameters& parameters, double limit) const
    {
        const double scale = parameters.scale;
        const int lowest = parameters.type.qmin() - parameters.zero_point;
        const int highest = parameters.type.qmax() - parameters.zero_point;
        const Bin* from = first_above((lowest + 0.5) * scale);
        const Bin* const end = first_above((highest - 0.5) * scale);
        double noise = between(bins_.front(), *from, lowest * scale)
            + between(*end, bins_.back(), highest * scale);
        constexpr int at_once = 16; // between two looks at the limit
        for (int q = lowest + 1; q < highest && noise <= limit;) {
            for (const int stop = std::min(q + at_once, highest); q < stop; ++q) {
                const Bin* to = q + 1 == highest ? end : first_above((q + 0.5) * scale);
                noise += between(*from, *to, q * scale);
                from = to;
            }
        }
        return noise;
    }

private:
    struct Bin
    {
        double mean = 0;
        double weight_below = 0; ///< sum over all bins before
        double values_below = 0; ///< the same, each value times its weight
        double squares_below = 0; ///< the same, each square times its weight
    };

    static double between(const Bin& from, const Bin& to, double given)
    {
        return given
            * (given * (to.weight_below - from.weight_below)
               - 2 * (to.values_below - from.values_below))
            + (to.squares_below - from.squares_below);
    }

    std::size_t bin_of(double value) const
    {
        const double at = (value - low_) * per_width_;
        if (!(at < bins))
            return bins - 1;
        return at > 0 ? static_cast<std::size_t>(at) : 0;
    }

    const Bin* first_above(double edge) const
    {
        // Either is as likely, so a branch would be missed at every second code.
        const Bin* bin = &bins_[bin_of(edge)];
        return bin + static_cast<std::ptrdiff_t>(bin->mean < edge);
    }

    double low_, per_width_;
    std::vector<Bin> bins_; ///< and one behind them
};

struct Candidate
{
    QuantizationParameters parameters;
    double noise = 0;
};

/// The parameters for each range, and of those the best.
Candidate best_of(const CodeType& type, const Histogram& histogram,
                  const std::vector<Range>& ranges)
{
    Candidate best{.parameters = {}, .noise = HUGE_VAL};
    const auto try_range = [&](const Range& range) {
        const QuantizationParameters parameters = choose_quantization(type, range.low, range.high);
        const double noise = histogram.noise(parameters, best.noise);
        if (noise < best.noise)
            best = {parameters, noise};
    };
    // A few from everywhere give the limit for the others.
    constexpr std::size_t few = 23;
    for (std::size_t i = 0; i < ranges.size(); i += few)
        try_range(ranges[i]);
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        if (i % few != 0)
            try_range(ranges[i]);
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
    constexpr double rounder = 0x1.8p52; // the sum's last bit is 1: it rounds half to even
    QuantizationError error;
    double weights = 0;
    for (const WeightedValue& value : values) {
        // Clamped to a code beyond the ends first, which changes nothing of what follows.
        const double steps = std::clamp(value.value / parameters.scale, low - 1, high + 1);
        const double rounded = (steps + rounder) - rounder;
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
    if (!std::isfinite(present.scale) || present.scale == 0) {
        proposal.none_as = std::isnan(present.scale) ? "the present output scale is not a number"
            : present.scale == 0                     ? "the present output scale is 0"
                                                     : "the present output scale is infinite";
        return proposal;
    }
    const Range all = range_of(values);
    const double width = all.high - all.low;
    if (!(width > 0) || !std::isfinite(bins / width) || !std::isfinite(width)) {
        proposal.none_as = "the exact outputs span no range of numbers";
        return proposal;
    }
    const Histogram histogram(values, all);
    const Candidate coarse
        = best_of(present.type, histogram, ranges_between({}, all, coarse_steps));
    // Once more around what was found, a coarse step to each side.
    const Range found = range_of(coarse.parameters);
    const double step = width / coarse_steps;
    const Range inner{std::min(found.low + step, 0.0), std::max(found.high - step, 0.0)};
    const Range outer{found.low - step, found.high + step};
    const Candidate fine = best_of(present.type, histogram, ranges_between(inner, outer, 24));
    for (const Candidate& candidate : {coarse, fine}) {
        const QuantizationError error = quantization_error(candidate.parameters, values);
        if (error.noise < proposal.noise) {
            proposal.output = candidate.parameters;
            proposal.noise = error.noise;
            proposal.saturation = error.saturation;
        }
    }
    if (proposal.noise < now.noise)
        proposal.gain = 10 * std::log10(now.noise / proposal.noise);
    else
        proposal.none_as = "none was found with a smaller mean squared error";
    return proposal;
}

} // namespace qbn
