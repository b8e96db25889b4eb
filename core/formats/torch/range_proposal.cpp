#include "core/formats/torch/range_proposal.h"

#include <algorithm>
#include <cmath>

namespace qbn {

namespace {

constexpr double deviations = 4;

void include(Range& range, double centre, double radius)
{
    const double low = centre - radius;
    const double high = centre + radius;
    if (!std::isfinite(low) || !std::isfinite(high))
        return;
    range.low = std::min(range.low, low);
    range.high = std::max(range.high, high);
}

} // namespace

Range input_range(const BatchNormLayer& layer)
{
    Range range;
    // The root of a negative variance is NaN, which is left out.
    for (int channel = 0; channel < layer.channels(); ++channel)
        include(range, layer.mean[channel], deviations * std::sqrt(layer.var[channel]));
    return range;
}

Range affine_range(const BatchNormLayer& layer)
{
    Range range;
    for (int channel = 0; channel < layer.channels(); ++channel)
        include(range, layer.beta[channel], deviations * std::abs(layer.gamma[channel]));
    return range;
}

std::optional<QuantizationParameters> propose(const Range& range)
{
    // A wider one has no scale in binary32.
    constexpr double widest = std::numeric_limits<float>::max();
    if (range.low > range.high || range.low < -widest || range.high > widest)
        return std::nullopt;
    return choose_quantization(quint8_type, range.low, range.high);
}

} // namespace qbn
