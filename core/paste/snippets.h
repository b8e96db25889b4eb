#pragma once

#include "core/layer/batch_norm.h"

#include <string>
#include <string_view>
#include <vector>

namespace qbn {

/// The lines of Python that print what nobody gave of a layer: print("weight", bn.weight).
/// `expression` is what the module is called, "bn" where it is empty.
std::vector<std::string> snippets_for(const BatchNormLayer& layer, std::string_view expression);

} // namespace qbn
