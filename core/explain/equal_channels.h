#pragma once

#include "core/layer/batch_norm.h"

namespace qbn {

/// Whether two channels have the same mean, var, gamma and beta, bit for bit: what is computed of
/// the one is so of the other, but for what depends on the lane (core/arithmetic/trace.h). A text
/// that claims many channels leaves most of them alike.
bool has_equal_parameters(const BatchNormLayer& layer, int a, int b);

} // namespace qbn
