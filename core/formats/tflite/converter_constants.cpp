#include "core/formats/tflite/converter_constants.h"

#include <algorithm>
#include <cmath>

namespace qbn {

ConverterConstants converter_constants(float gain, float offset, float input_scale)
{
    constexpr double largest_bias = 1073741823;
    const double real_gain = static_cast<double>(gain);
    const double real_offset = std::abs(static_cast<double>(offset));
    const double real_input = static_cast<double>(input_scale);
    const double size
        = 2 * std::abs(real_gain) > 1e-6 ? std::abs(real_gain) : static_cast<double>(0.5e-6F);
    auto weight_scale = static_cast<double>(static_cast<float>(size / 127));
    auto bias_scale = static_cast<double>(static_cast<float>(real_input * weight_scale));
    if (real_offset / bias_scale > largest_bias) {
        bias_scale = real_offset / largest_bias;
        weight_scale = bias_scale / real_input;
    }
    const float steps = offset * (1 / static_cast<float>(bias_scale));
    return {.weight = std::clamp(std::round(real_gain / weight_scale), -127.0, 127.0),
            .weight_scale = static_cast<float>(weight_scale),
            .bias = static_cast<double>(std::round(steps))};
}

} // namespace qbn
