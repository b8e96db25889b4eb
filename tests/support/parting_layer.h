#pragma once

#include "core/evaluate/experiment.h"

#include <memory>

namespace qbn::test {

/// `gamma` 0 makes all codes of a channel the same in every backend. In the channel `parting` one
/// code lies so near to a tie that backends with and without a fused multiply-add differ on it.
inline BatchNormLayer partingLayer(int channels, int parting)
{
    BatchNormLayer layer = identity_layer("parting", channels);
    layer.input = {.type = quint8_type, .scale = 0.05, .zero_point = 120};
    layer.output = {.type = quint8_type, .scale = 0.0371, .zero_point = 110};
    layer.eps = 1e-5;
    layer.gamma.assign(layer.gamma.size(), 0);
    layer.provenance.set_all({.origin = Origin::file, .note = {}});
    layer.mean[parting] = 0.21007494628429413;
    layer.var[parting] = 1.2406163215637207;
    layer.gamma[parting] = 1.2562429904937744;
    layer.beta[parting] = 0.3178560137748718;
    return layer;
}

inline constexpr std::int32_t partingCode = 61;

inline Experiment partingExperiment(int channels, int parting)
{
    Experiment experiment = example_experiment();
    experiment.model.layers
        = {std::make_shared<const BatchNormLayer>(partingLayer(channels, parting))};
    return experiment;
}

} // namespace qbn::test
