#include "core/evaluate/audit.h"

#include "core/arithmetic/decibels.h"
#include "core/arithmetic/exact.h"
#include "core/evaluate/audit_run.h"
#include "core/evaluate/output_search.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace qbn {

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// P(X < x) of a standard normal X.
double normal_below(double x)
{
    return std::erfc(-x / std::sqrt(2.0)) / 2;
}

void normalize(std::span<double> weights)
{
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    if (sum > 0)
        std::transform(weights.begin(), weights.end(), weights.begin(),
                       [sum](double weight) { return weight / sum; });
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
    const auto count = static_cast<std::size_t>(codes);
    for (std::size_t first = 0; first < weights_.size(); first += count)
        normalize(std::span(weights_).subspan(first, count));
}

CodeDistribution CodeDistribution::even(const BatchNormLayer& layer)
{
    const int codes = layer.input.type.count();
    const auto all = static_cast<std::size_t>(codes) * static_cast<std::size_t>(layer.channels());
    return {codes, std::vector<double>(all, 1.0)};
}

CodeDistribution CodeDistribution::normal(const BatchNormLayer& layer)
{
    const auto codes = static_cast<std::size_t>(layer.input.type.count());
    const auto channels = static_cast<std::size_t>(layer.channels());
    CodeDistribution distribution(layer.input.type.count(), {});
    distribution.weights_.resize(codes * channels);
    for (std::size_t channel = 0; channel < channels; ++channel)
        normal(layer, static_cast<int>(channel),
               std::span(distribution.weights_).subspan(channel * codes, codes));
    return distribution;
}

void CodeDistribution::normal(const BatchNormLayer& layer, int channel, std::span<double> weights)
{
    const double mean = layer.mean[channel];
    const double std_dev = std::sqrt(layer.var[channel]);
    const bool proper = std::isfinite(mean) && std_dev > 0 && std::isfinite(std_dev)
        && layer.input.scale > 0 && std::isfinite(layer.input.scale);
    if (!proper) {
        std::fill(weights.begin(), weights.end(), 1.0 / static_cast<double>(weights.size()));
        return;
    }
    // A code takes what rounds to it; the ends take the tails.
    double edge = layer.input.type.qmin() + 0.5;
    double below = 0;
    for (double& weight : weights) {
        const double end = (layer.input.scale * (edge - layer.input.zero_point) - mean) / std_dev;
        const double above = &weight == &weights.back() ? 1 : normal_below(end);
        weight = above - below;
        below = above;
        ++edge;
    }
    normalize(weights);
}

double ChannelAudit::sqnr() const
{
    return decibels(signal, noise);
}

double LayerAudit::sqnr() const
{
    return decibels(signal, noise);
}

ChannelAudit audit_channel(const BatchNormLayer& layer, int channel,
                           std::span<const double> weights, std::span<WeightedValue> outputs)
{
    const ExactChannel exact(layer, channel);
    ChannelAudit result;
    std::array<bool, 256> used{};
    double sampled = 0;
    const Lanes sums = exact.sums();
    const std::int32_t qmin = layer.output.type.qmin();
    std::int32_t input_code = layer.input.type.qmin();
    for (std::size_t i = 0; i < weights.size(); ++i, ++input_code) {
        const double weight = weights[i];
        const std::int32_t code = clamped_code(sums[i], layer.output.type);
        const double affine = exact.affine(input_code);
        const double real = layer.relu ? std::max(affine, 0.0) : affine;
        const double given = real_value(layer.output, code);
        used[static_cast<std::size_t>(code - qmin)] = true;
        sampled += weight;
        result.saturation += code == sums[i] ? 0 : weight;
        result.signal += weight * real * real;
        result.noise += weight * (given - real) * (given - real);
        outputs[i]
            = weight > 0 && std::isfinite(real) ? WeightedValue{real, weight} : WeightedValue{};
    }
    result.is_sampled = sampled > 0;
    if (!result.is_sampled)
        result.saturation = result.signal = result.noise = not_a_number;
    result.used_codes = static_cast<int>(std::count(used.begin(), used.end(), true));
    result.dead_codes = layer.output.type.count() - result.used_codes;
    result.merged_codes = layer.input.type.count() - result.used_codes;
    return result;
}

void finish_audit(LayerAudit& audit, const BatchNormLayer& layer,
                  const std::vector<WeightedValue>& outputs)
{
    add_means(audit);
    audit.proposal = propose_output(layer.output, outputs);
}

LayerAudit audit(const BatchNormLayer& layer, const CodeDistribution& distribution,
                 const std::stop_token& stop)
{
    const AuditTask task{.layer = &layer, .counted = &distribution};
    auto audits = audit_all({&task, 1}, {.progress = {}, .stop = stop, .threads = 1});
    return audits ? std::move(audits->front()) : LayerAudit();
}

} // namespace qbn
