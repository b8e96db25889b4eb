#pragma once

#include "core/layer/batch_norm.h"
#include "core/layer/observation.h"
#include "core/paste/claim.h"
#include "core/paste/paste.h"

#include <cstdint>
#include <string>
#include <vector>

namespace qbn {

/// "lines 7 and 12"
std::string lines_of(const PastedPair& pair);

/// How long a dimension of a printed value is: as its size= says, else as it was printed.
std::int64_t printed_extent(const PrintedValue& value, std::size_t dimension);

/// What two prints of one shape say: an observation for each element that was printed in both.
struct PairReading
{
    std::vector<Observation> observations;
    std::vector<UsedNumber> used;
    std::vector<std::string> understood, assumed, missing; ///< sentences, as in Understanding
};

/// Dimension 1 of a printed tensor is the channel, the last one where only that is as long as the
/// layer has channels, or where both are and the text is of a framework with NHWC; of one with
/// fewer than four dimensions it is the dimension that is as long as the layer has channels, or what
/// an index behind its name says: x[0, 2, 0, 3] is in channel 2, x[0] is a plane for each channel.
/// Flat lists of several channels are planes or pixels, whichever lets the output rise or fall with
/// the input in each channel. Where an index or a flat list leaves it open there is no observation.
/// Single values are in channel 0 otherwise, and `assumed` says so.
PairReading read_pair(const PastedPair& pair, const BatchNormLayer& layer);

} // namespace qbn
