#pragma once

#include "core/layer/batch_norm.h"

#include <array>
#include <limits>
#include <optional>
#include <string>

namespace qbn {

/// An interval of reals; empty (low > high) until something was put in.
struct Range
{
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();
};

/// Where a batch norm's input lies for all but 1 in 16,000 values of a normal distribution: mean +-
/// 4 sqrt(var), over all channels where both are finite and var >= 0.
Range input_range(const BatchNormLayer& layer);

/// The same for its output before a ReLU: beta +- 4 |gamma|, over all channels where both are
/// finite.
Range affine_range(const BatchNormLayer& layer);

/// quint8 parameters for the range; nothing for an empty one or one that reaches beyond binary32.
std::optional<QuantizationParameters> propose(const Range& range);

/// Sets the scale and zero point that are proposed from input_range() or affine_range(), and marks them as that with the reason
/// why there are no others; where nothing can be proposed they are 1 and 0, marked as unknown. The type is not touched.
void propose_input(BatchNormLayer& layer, const std::string& reason);
void propose_output(BatchNormLayer& layer, const std::string& reason);

} // namespace qbn
