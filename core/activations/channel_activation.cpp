#include "core/activations/channel_activation.h"

#include "core/arithmetic/decibels.h"
#include "core/arithmetic/exact.h"
#include "core/backends/bound_backend.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace qbn {

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

void add(CodeUse& sum, const CodeUse& use)
{
    const std::uint64_t elements = sum.elements + use.elements;
    if (use.elements > 0) {
        const double share = static_cast<double>(use.elements) / static_cast<double>(elements);
        sum.mean = sum.elements > 0 ? sum.mean + (use.mean - sum.mean) * share : use.mean;
    }
    sum.elements = elements;
    sum.at_qmin += use.at_qmin;
    sum.at_qmax += use.at_qmax;
    sum.unused += use.unused;
}

} // namespace

CodeUse code_use(std::span<const std::uint64_t> counts, CodeType type)
{
    CodeUse use{.at_qmin = counts.front(), .at_qmax = counts.back()};
    double sum = 0;
    std::int32_t code = type.qmin();
    for (const std::uint64_t count : counts) {
        use.elements += count;
        use.unused += count == 0 ? 1 : 0;
        sum += static_cast<double>(count) * code++;
    }
    use.mean = use.elements > 0 ? sum / static_cast<double>(use.elements) : not_a_number;
    return use;
}

std::vector<std::uint64_t> output_counts(std::span<const std::uint64_t> inputs,
                                         std::span<const std::int32_t> codes, CodeType output)
{
    std::vector<std::uint64_t> counts(static_cast<std::size_t>(output.count()));
    for (std::size_t i = 0; i < inputs.size(); ++i)
        counts[static_cast<std::size_t>(codes[i] - output.qmin())] += inputs[i];
    return counts;
}

double ChannelActivation::sqnr() const
{
    return decibels(signal, noise);
}

ChannelActivation channel_activation(const CodeCounts& counts, const BatchNormLayer& layer,
                                     int channel, std::span<const Requantized> requantized)
{
    const auto inputs = counts.inputs_of(channel);
    const ExactChannel exact(layer, channel);
    ChannelActivation result;
    result.input = code_use(inputs, layer.input.type);
    result.output
        = code_use(output_counts(inputs, codes(requantized), layer.output.type), layer.output.type);
    const auto elements = static_cast<double>(result.input.elements);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (inputs[i] == 0)
            continue;
        const Requantized& code = requantized[i];
        result.clamped_low += code.saturation == Saturation::low ? inputs[i] : 0;
        result.clamped_high += code.saturation == Saturation::high ? inputs[i] : 0;
        const double affine = exact.affine(layer.input.type.qmin() + static_cast<std::int32_t>(i));
        const double real = layer.relu ? std::max(affine, 0.0) : affine;
        const double error = real_value(layer.output, code.output_code) - real;
        const double share = static_cast<double>(inputs[i]) / elements;
        result.signal += share * real * real;
        result.noise += share * error * error;
    }
    if (result.input.elements == 0)
        result.signal = result.noise = not_a_number;
    return result;
}

std::vector<ChannelActivation> channel_activations(const CodeCounts& counts,
                                                   const BatchNormLayer& layer,
                                                   const Backend& backend,
                                                   const std::stop_token& stop)
{
    std::vector<ChannelActivation> channels;
    BoundBackend bound(backend, layer);
    for (int channel = 0; channel < layer.channels() && !stop.stop_requested(); ++channel)
        channels.push_back(
            channel_activation(counts, layer, channel, bound.requantize_all(channel)));
    return channels;
}

ChannelActivation whole(std::span<const ChannelActivation> channels)
{
    ChannelActivation sum{.input = {.mean = not_a_number}, .output = {.mean = not_a_number}};
    std::uint64_t answered = 0;
    for (const ChannelActivation& channel : channels) {
        add(sum.input, channel.input);
        add(sum.output, channel.output);
        sum.clamped_low += channel.clamped_low;
        sum.clamped_high += channel.clamped_high;
        if (!std::isfinite(channel.signal) || !std::isfinite(channel.noise))
            continue;
        const auto elements = static_cast<double>(channel.input.elements);
        answered += channel.input.elements;
        sum.signal += channel.signal * elements;
        sum.noise += channel.noise * elements;
    }
    const auto all = static_cast<double>(answered);
    sum.signal = answered > 0 ? sum.signal / all : not_a_number;
    sum.noise = answered > 0 ? sum.noise / all : not_a_number;
    return sum;
}

} // namespace qbn
