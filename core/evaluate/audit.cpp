#include "core/evaluate/audit.h"

#include "core/arithmetic/exact.h"
#include "core/evaluate/output_search.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace qbn {

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

double decibels(double signal, double noise)
{
    if (noise == 0)
        return std::numeric_limits<double>::infinity();
    return 10 * std::log10(signal / noise);
}

/// P(X < x) of a standard normal X.
double normal_below(double x)
{
    return std::erfc(-x / std::sqrt(2.0)) / 2;
}

/// One channel: its audit, and its weighted outputs for the search of better parameters.
ChannelAudit audit_channel(const BatchNormLayer& layer, int channel,
                           const CodeDistribution& distribution,
                           std::vector<WeightedValue>& outputs)
{
    const ExactChannel exact(layer, channel);
    ChannelAudit result;
    std::array<bool, 256> used{};
    double sampled = 0;
    const std::int32_t qmin = layer.output.type.qmin();
    std::int32_t input_code = layer.input.type.qmin();
    for (int i = 0; i < layer.input.type.count(); ++i, ++input_code) {
        const double weight = distribution.weight(channel, i);
        const Requantized code = exact.requantize(input_code);
        const double affine = exact.stages(input_code).affine;
        const double real = layer.relu ? std::max(affine, 0.0) : affine;
        const double given = real_value(layer.output, code.output_code);
        used[static_cast<std::size_t>(code.output_code - qmin)] = true;
        sampled += weight;
        result.saturation += code.saturation == Saturation::none ? 0 : weight;
        result.signal += weight * real * real;
        result.noise += weight * (given - real) * (given - real);
        if (weight > 0 && std::isfinite(real))
            outputs.push_back({real, weight});
    }
    result.is_sampled = sampled > 0;
    if (!result.is_sampled)
        result.saturation = result.signal = result.noise = not_a_number;
    result.used_codes = static_cast<int>(std::count(used.begin(), used.end(), true));
    result.dead_codes = layer.output.type.count() - result.used_codes;
    result.merged_codes = layer.input.type.count() - result.used_codes;
    return result;
}

/// The means over the channels that have an answer.
void add_means(LayerAudit& audit)
{
    int counted = 0;
    for (const ChannelAudit& channel : audit.channels) {
        if (!std::isfinite(channel.signal) || !std::isfinite(channel.noise))
            continue;
        ++counted;
        audit.saturation += channel.saturation;
        audit.signal += channel.signal;
        audit.noise += channel.noise;
    }
    if (counted == 0) {
        audit.saturation = audit.signal = audit.noise = not_a_number;
        return;
    }
    audit.saturation /= counted;
    audit.signal /= counted;
    audit.noise /= counted;
}

} // namespace

CodeDistribution::CodeDistribution(int codes, std::vector<double> weights)
    : codes_(codes)
    , weights_(std::move(weights))
{
    for (auto first = weights_.begin(); first != weights_.end(); first += codes) {
        const double sum = std::accumulate(first, first + codes, 0.0);
        if (sum > 0)
            std::transform(first, first + codes, first, [sum](double w) { return w / sum; });
    }
}

CodeDistribution CodeDistribution::even(const BatchNormLayer& layer)
{
    const int codes = layer.input.type.count();
    return {codes, std::vector<double>(static_cast<std::size_t>(codes * layer.channels()), 1.0)};
}

CodeDistribution CodeDistribution::normal(const BatchNormLayer& layer)
{
    const CodeType type = layer.input.type;
    std::vector<double> weights;
    weights.reserve(static_cast<std::size_t>(type.count())
                    * static_cast<std::size_t>(layer.channels()));
    for (int channel = 0; channel < layer.channels(); ++channel) {
        const double mean = layer.mean[channel];
        const double std_dev = std::sqrt(layer.var[channel]);
        const bool proper = std::isfinite(mean) && std_dev > 0 && std::isfinite(std_dev)
            && layer.input.scale > 0 && std::isfinite(layer.input.scale);
        for (std::int32_t code = type.qmin(); code <= type.qmax(); ++code) {
            if (!proper) {
                weights.push_back(1);
                continue;
            }
            // A code takes what rounds to it; the ends take the tails.
            const auto edge = [&](double at) {
                return normal_below((layer.input.scale * (at - layer.input.zero_point) - mean)
                                    / std_dev);
            };
            const double below = code == type.qmin() ? 0 : edge(code - 0.5);
            const double above = code == type.qmax() ? 1 : edge(code + 0.5);
            weights.push_back(above - below);
        }
    }
    return {type.count(), std::move(weights)};
}

double ChannelAudit::sqnr() const
{
    return decibels(signal, noise);
}

double LayerAudit::sqnr() const
{
    return decibels(signal, noise);
}

LayerAudit audit(const BatchNormLayer& layer, const CodeDistribution& distribution,
                 const std::stop_token& stop)
{
    LayerAudit result;
    std::vector<WeightedValue> outputs;
    for (int channel = 0; channel < layer.channels() && !stop.stop_requested(); ++channel)
        result.channels.push_back(audit_channel(layer, channel, distribution, outputs));
    if (stop.stop_requested())
        return result;
    add_means(result);
    result.proposal = propose_output(layer.output, outputs);
    return result;
}

} // namespace qbn
