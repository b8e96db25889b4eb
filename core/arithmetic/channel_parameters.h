#pragma once

#include "core/arithmetic/exact.h"
#include "core/arithmetic/exact_lanes.h"
#include "core/layer/batch_norm.h"

#include <cstdint>

namespace qbn {

/// What a channel's mathematics is made of.
struct ChannelParameters
{
    ChannelParameters(const BatchNormLayer& layer, int channel);

    bool finite() const;
    /// In binary64, of a code less its zero point.
    double dequantized(std::int64_t centred) const
    {
        return x.scale * static_cast<double>(centred);
    }
    /// `bound`: how far steps may be from the truth.
    OutputRange output_range(double bound) const;
    /// Adds the zero point to whole steps, then ReLU and clamp.
    Requantized to_code(double rounded, bool tie, double steps) const;
    /// The numbers that need no code, in binary64 alone: where var + eps is no positive number there are no others.
    ExactParameters in_binary64() const;

    double mean, var, gamma, beta, eps;
    QuantizationParameters x, y;
    bool relu;
};

} // namespace qbn
