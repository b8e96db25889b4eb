#include "core/explain/rounded_codes.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace qbn {

namespace {

struct Interval
{
    double low = 0;
    double high = 0;
};

Interval operator-(Interval a, Interval b)
{
    return {a.low - b.high, a.high - b.low};
}

Interval operator+(Interval a, Interval b)
{
    return {a.low + b.low, a.high + b.high};
}

Interval operator*(Interval a, Interval b)
{
    const auto [low, high]
        = std::minmax({a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high});
    return {low, high};
}

/// Requires: b is above 0.
Interval operator/(Interval a, Interval b)
{
    return a * Interval{1 / b.high, 1 / b.low};
}

Interval printed(const BatchNormLayer& layer, Field field, int channel)
{
    const double value = value_of(layer, field, channel);
    const double rounding
        = layer.provenance.of(field, is_per_channel(field) ? channel : -1).rounding;
    return {value - rounding, value + rounding};
}

/// sqrt(var + eps); not above 0 where it need not be a number.
Interval std_dev(const BatchNormLayer& layer, int channel)
{
    Interval var = printed(layer, Field::var, channel);
    if (layer.var[channel] >= 0)
        var.low = std::max(var.low, 0.0);
    const Interval sum = var + printed(layer, Field::eps, channel);
    return {sum.low > 0 ? std::sqrt(sum.low) : 0, std::sqrt(sum.high)};
}

} // namespace

bool is_rounded(const BatchNormLayer& layer, int channel)
{
    return std::any_of(all_fields.begin(), all_fields.end(), [&](Field field) {
        return layer.provenance.of(field, is_per_channel(field) ? channel : -1).rounding > 0;
    });
}

CodeRange rounded_codes(const BatchNormLayer& layer, int channel, std::int32_t input_code)
{
    const CodeType type = layer.output.type;
    const CodeRange all{type.qmin(), type.qmax()};
    const Interval divisor = std_dev(layer, channel);
    const Interval output_scale = printed(layer, Field::output_scale, channel);
    const Interval input_scale = printed(layer, Field::input_scale, channel);
    if (!(divisor.low > 0) || !(output_scale.low > 0) || !(input_scale.low > 0))
        return all;
    const double centred = static_cast<double>(input_code) - layer.input.zero_point;
    const Interval dequantized = input_scale * Interval{centred, centred};
    const Interval normalized = (dequantized - printed(layer, Field::mean, channel)) / divisor;
    const Interval affine
        = printed(layer, Field::gamma, channel) * normalized + printed(layer, Field::beta, channel);
    const Interval steps = affine / output_scale;
    if (std::isnan(steps.low) || std::isnan(steps.high))
        return all;
    const auto code_of = [&](double rounded) {
        const double floor = layer.relu ? std::max(rounded, 0.0) : rounded;
        return static_cast<std::int32_t>(
            std::clamp<double>(floor + layer.output.zero_point, type.qmin(), type.qmax()));
    };
    // A half may go either way: a number next to it prints alike.
    return {code_of(std::ceil(steps.low - 0.5)), code_of(std::floor(steps.high + 0.5))};
}

} // namespace qbn
