#pragma once

#include "core/formula/program.h"
#include "core/layer/batch_norm.h"

#include <cstdint>
#include <vector>

namespace qbn::formula {

/// The values of mean, var, gamma or beta, one a channel; nothing for another input.
const std::vector<double>* parameter(const BatchNormLayer& layer, Input input);

/// What a real input is in a channel, as the layer has it: not narrowed yet.
double real_input(const BatchNormLayer& layer, Input input, int channel);

/// What a whole input, or relu, is in a channel, for one input code.
std::int64_t whole_input(const BatchNormLayer& layer, Input input, int channel, std::int64_t code);

} // namespace qbn::formula
