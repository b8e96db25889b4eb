#pragma once

#include "core/backends/backend.h"

#include <cstdint>
#include <string>
#include <vector>

namespace qbn {

/// Operations of a formula of which the roundings are left out together, in the order of computation: the names of their
/// statements, or of a parameter that binary32 does not hold.
using RoundingSet = std::vector<std::string>;

/// The smallest sets of roundings without which a backend gives a wanted code, that of exact mathematics or of another backend, all
/// else as it is: all that are a single rounding, else all that are two. Found by trial (core/formula/trial.h). Empty where three
/// or more are needed, and where leaving out all of them does not give it. Requires: the backend has a formula.
std::vector<RoundingSet> decisive_roundings(const Backend& backend, const BatchNormLayer& layer,
                                            int channel, std::int32_t input_code,
                                            std::int32_t wanted_code);

} // namespace qbn
