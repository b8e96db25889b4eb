#pragma once

#include "core/evaluate/audit.h"
#include "core/layer/quantization.h"

#include <vector>

namespace qbn {

/// Mean square error of quantizing the values, and the share that is clamped; 0 for no values.
struct QuantizationError
{
    double noise = 0;
    double saturation = 0;
};
QuantizationError quantization_error(const QuantizationParameters& parameters,
                                     const std::vector<WeightedValue>& values);

/// Scale and zero point of the same type with the least mean square error on the values, searched
/// over ranges [low, high] around 0 that clip more and more of both ends (as PyTorch's
/// HistogramObserver does), first coarsely on a histogram, then finely on the values. The scale is
/// a binary32 number. Gives `present` with a gain of 0, and says why, if the search finds nothing
/// better, or has nothing to compare: a present scale that is 0, infinite or no number.
OutputProposal propose_output(const QuantizationParameters& present,
                              const std::vector<WeightedValue>& values);

} // namespace qbn
