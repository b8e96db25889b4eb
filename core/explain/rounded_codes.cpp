#include "core/explain/rounded_codes.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace qbn {

namespace {

using Interval = RoundedCodes::Interval;

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

RoundedCodes::RoundedCodes(const BatchNormLayer& layer, int channel)
    : input_zero_point_(layer.input.zero_point)
    , output_(layer.output)
    , relu_(layer.relu)
    , input_scale_(printed(layer, Field::input_scale, channel))
    , output_scale_(printed(layer, Field::output_scale, channel))
    , divisor_(std_dev(layer, channel))
    , mean_(printed(layer, Field::mean, channel))
    , gamma_(printed(layer, Field::gamma, channel))
    , beta_(printed(layer, Field::beta, channel))
{ }

CodeRange RoundedCodes::at(std::int32_t input_code) const
{
    const CodeType type = output_.type;
    const CodeRange all{type.qmin(), type.qmax()};
    if (!(divisor_.low > 0) || !(output_scale_.low > 0) || !(input_scale_.low > 0))
        return all;
    const double centred = static_cast<double>(input_code) - input_zero_point_;
    const Interval dequantized = input_scale_ * Interval{centred, centred};
    const Interval normalized = (dequantized - mean_) / divisor_;
    const Interval steps = (gamma_ * normalized + beta_) / output_scale_;
    if (std::isnan(steps.low) || std::isnan(steps.high))
        return all;
    const auto code_of = [&](double rounded) {
        const double floor = relu_ ? std::max(rounded, 0.0) : rounded;
        return static_cast<std::int32_t>(
            std::clamp<double>(floor + output_.zero_point, type.qmin(), type.qmax()));
    };
    // A half may go either way: a number next to it prints alike.
    return {code_of(std::ceil(steps.low - 0.5)), code_of(std::floor(steps.high + 0.5))};
}

} // namespace qbn
