#pragma once

#include "core/layer/batch_norm.h"

#include <string>
#include <string_view>
#include <vector>

namespace qbn {

/// The lines of Python that print what nobody gave of a layer: print("weight", bn.weight).
/// `expression` is what the module is called, "bn" where it is empty.
std::vector<std::string> snippets_for(const BatchNormLayer& layer, std::string_view expression);

/// Python for the notebook of somebody who has a quantized batch norm `bn` and its input `x` in PyTorch: it prints all that a layer
/// is, and up to 256 codes of each channel with what they became, as apply_paste() reads it whole.
std::string_view notebook_snippet();

} // namespace qbn
