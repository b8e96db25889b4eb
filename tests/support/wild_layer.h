#pragma once

#include "core/layer/batch_norm.h"

#include <array>
#include <limits>

namespace qbn::test {

/// 27 channels, so that there are whole vectors of 8 and a rest, of ordinary numbers, zeros, the least and the largest ones,
/// infinities, NaN and negative variances, each beside each other in some channel.
inline BatchNormLayer wildLayer(CodeType input, CodeType output, bool relu)
{
    constexpr double inf = std::numeric_limits<double>::infinity();
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    constexpr std::array<double, 9> numbers{
        0.30000001192092896, -1.7, 0.0, -0.0, 1e-42, 1e30, inf, -inf, nan};
    constexpr std::array<double, 9> variances{0.07, 3.5, 1.0, 0.0, 1e-30, 1e38, -1.0, inf, nan};
    BatchNormLayer layer = identity_layer("wild \"layer\" 1.0\\", 27);
    layer.input = {.type = input, .scale = 0.05000000074505806, .zero_point = input.qmin() + 7};
    layer.output = {.type = output, .scale = 0.037, .zero_point = output.qmin() + 11};
    layer.relu = relu;
    for (std::size_t i = 0; i < 27; ++i) {
        layer.mean[i] = numbers[i % 9 == 8 ? i % 9 : i * 5 % 8];
        layer.var[i] = i < 9 ? variances[i] : variances[i * 2 % 3];
        layer.gamma[i] = i < 9 ? 1.5 : numbers[i * 4 % 9];
        layer.beta[i] = i < 18 ? -0.25 : numbers[i % 9];
    }
    return layer;
}

} // namespace qbn::test
