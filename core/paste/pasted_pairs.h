#pragma once

#include "core/layer/batch_norm.h"
#include "core/layer/observation.h"
#include "core/paste/claim.h"
#include "core/paste/paste.h"

#include <string>
#include <vector>

namespace qbn {

/// What two prints of one shape say: an observation for each element that was printed in both.
struct PairReading
{
    std::vector<Observation> observations;
    std::vector<UsedNumber> used;
    std::vector<std::string> understood, assumed, missing; ///< sentences, as in Understanding
};

/// Dimension 1 of a printed tensor is the channel, the last one where only that is as long as the
/// layer has channels, or where both are and the text is of a framework with NHWC; of one with fewer than four dimensions it is the
/// dimension that is as long as the layer has channels, or what an index behind its name says:
/// x[0, 2, 0, 3] is in channel 2. Flat lists of several channels are planes or pixels,
/// whichever lets the output rise or fall with the input in each channel. Single values are in
/// channel 0 otherwise, and `assumed` says so.
PairReading read_pair(const PastedPair& pair, const BatchNormLayer& layer);

} // namespace qbn
