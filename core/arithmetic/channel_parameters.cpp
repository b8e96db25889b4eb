#include "core/arithmetic/channel_parameters.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace qbn {

ChannelParameters::ChannelParameters(const BatchNormLayer& layer, int channel)
    : mean(layer.mean[channel])
    , var(layer.var[channel])
    , gamma(layer.gamma[channel])
    , beta(layer.beta[channel])
    , eps(layer.eps)
    , x(layer.input)
    , y(layer.output)
    , relu(layer.relu)
{ }

bool ChannelParameters::finite() const
{
    const std::array values{mean, var, gamma, beta, eps, x.scale, y.scale};
    return std::all_of(values.begin(), values.end(),
                       [](double value) { return std::isfinite(value); });
}

OutputRange ChannelParameters::output_range(double bound) const
{
    const double zero_point = y.zero_point;
    return {.zero_point = zero_point,
            .lowest = relu ? std::max<double>(y.type.qmin(), zero_point) : y.type.qmin(),
            .highest = static_cast<double>(y.type.qmax() - 1),
            .least = relu ? zero_point : -std::numeric_limits<double>::infinity(),
            .bound = bound};
}

Requantized ChannelParameters::to_code(double rounded, bool tie, double steps) const
{
    const CodeType type = y.type;
    Requantized result{
        .steps = steps, .rounded = rounded, .sum = rounded + y.zero_point, .tie = tie};
    double sum = result.sum;
    if (relu && sum < y.zero_point) {
        sum = y.zero_point;
        result.relu_clamped = true;
    }
    if (std::isnan(sum) || sum < type.qmin()) {
        result.saturation = Saturation::low;
        sum = type.qmin();
    } else if (sum > type.qmax()) {
        result.saturation = Saturation::high;
        sum = type.qmax();
    }
    result.output_code = static_cast<std::int32_t>(sum);
    return result;
}

ExactParameters ChannelParameters::in_binary64() const
{
    const double std_dev = std::sqrt(var + eps);
    const double gain = gamma / std_dev;
    const double offset = beta - mean * gain;
    return {.std_dev = std_dev,
            .inv_std = 1 / std_dev,
            .gain = gain,
            .alpha = gain * x.scale / y.scale,
            .scaled_mean = mean / std_dev,
            .shift = mean * gain,
            .offset = offset,
            .fused_beta = offset / y.scale,
            .reciprocal = 1 / y.scale};
}

} // namespace qbn
