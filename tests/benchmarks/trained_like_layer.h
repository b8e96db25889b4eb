#pragma once

#include "core/layer/batch_norm.h"

#include <cmath>
#include <random>

namespace qbn::test {

/// A layer like those of large networks, of which the backends differ here and there; the same each time.
inline BatchNormLayer trainedLikeLayer(int channels)
{
    std::mt19937_64 random(2026);
    std::normal_distribution<double> normal;
    BatchNormLayer layer = identity_layer("layer", channels);
    layer.input = {quint8_type, 0.03, 118};
    layer.output = {quint8_type, 0.025, 121};
    layer.provenance.set_all({.origin = Origin::file, .note = {}});
    for (int channel = 0; channel < channels; ++channel) {
        layer.mean[channel] = 0.4 * normal(random);
        layer.var[channel] = std::exp(0.6 * normal(random));
        layer.gamma[channel] = 0.7 + 0.25 * normal(random);
        layer.beta[channel] = 0.3 * normal(random);
    }
    return layer;
}

} // namespace qbn::test
