#pragma once

#include "core/region/feasible_region.h"

#include <vector>

namespace qbn {

/// The channels of layer.observations, ascending.
std::vector<int> observed_channels(const BatchNormLayer& layer);

/// The numbers that nobody gave (Origin::unknown) and that the prediction of an observed channel
/// needs, in the order of all_fields; where nothing was observed, of any channel. A type and a ReLU
/// are no numbers to solve for and are assumed.
std::vector<Field> placeholders(const BatchNormLayer& layer);

/// Whether nobody gave a channel's value.
bool is_placeholder(const BatchNormLayer& layer, Field field, int channel);

/// The pair to solve for: gamma and beta, unless others are missing and another pair covers them.
/// Slope and offset where var or more than two of gamma, beta, mean and var are missing.
UnknownPair default_unknowns(const BatchNormLayer& layer);

/// The region of a channel of layer.observations, provided that it means what it says: fails where
/// a placeholder would stand in it, and as feasible_region() does.
Result<FeasibleRegion> sought_region(const BatchNormLayer& layer, int channel,
                                     const UnknownPair& unknowns);

} // namespace qbn
