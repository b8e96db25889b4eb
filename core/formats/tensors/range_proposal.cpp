#include "core/formats/tensors/range_proposal.h"

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

void set_proposal(BatchNormLayer& layer, QuantizationParameters& target, Field scale,
                  Field zero_point, const Range& range, const std::string& rule)
{
    Provenance provenance{.origin = Origin::proposed, .note = rule};
    if (const auto proposal = propose(range)) {
        target.scale = proposal->scale;
        target.zero_point = proposal->zero_point;
    } else {
        provenance = {.origin = Origin::unknown,
                      .note = "no channel has finite statistics to propose it from"};
    }
    layer.provenance.set(scale, provenance);
    layer.provenance.set(zero_point, provenance);
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

void propose_input(BatchNormLayer& layer, const std::string& reason)
{
    set_proposal(layer, layer.input, Field::input_scale, Field::input_zero_point,
                 input_range(layer), "from mean +- 4 sqrt(var); " + reason);
}

void propose_output(BatchNormLayer& layer, const std::string& reason)
{
    Range range = affine_range(layer);
    if (layer.relu)
        range.low = std::max(range.low, 0.0);
    set_proposal(layer, layer.output, Field::output_scale, Field::output_zero_point, range,
                 "from beta +- 4 |gamma|; " + reason);
}

} // namespace qbn
