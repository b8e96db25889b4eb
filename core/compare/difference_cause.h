#pragma once

#include "core/compare/difference.h"

namespace qbn {

/// The parts of explain_difference() that name the cause. The difference has its traces, steps,
/// boundary and exact code already.
/// Difference::exchanged is found on the way.
std::vector<Cause> causes_of(Difference& difference, const BatchNormLayer& layer);

/// See Difference::decisive; needs the causes too.
std::vector<RoundingSet> decisive_roundings(const Difference& difference,
                                            const BatchNormLayer& layer);

std::string sentence_of(const Difference& difference, const BatchNormLayer& layer);

} // namespace qbn
