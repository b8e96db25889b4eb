#pragma once

#include "core/difference.h"

namespace qbn {

/// The parts of explain_difference() that name the cause. The difference has its traces, steps and
/// boundary already.
std::vector<Cause> causes_of(const Difference& difference, const BatchNormLayer& layer);

/// The sum of an integer and the zero point did not fit into the kernel's integer and wrapped.
bool sum_wrapped(const Backend& backend, const Requantized& result, const BatchNormLayer& layer);

std::string sentence_of(const Difference& difference, const BatchNormLayer& layer);

} // namespace qbn
