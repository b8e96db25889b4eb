#pragma once

#include "core/layer/batch_norm.h"
#include "core/paste/paste.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace qbn {

// What can be answered of a text that is not about a quantized batch norm.

/// A layer without any scale or type, with real values: what the formula gives in floating point
/// and how many printed outputs that is. Nothing where the text is of a quantized layer.
std::optional<std::string> float_answer(const BatchNormLayer& layer, const Paste& paste,
                                        std::size_t index);

/// A scale with values that go in and come out, and nothing of a batch norm: where each value lies
/// between two codes. Empty for any other text.
std::vector<std::string> quantizer_answer(const std::vector<PrintedValue>& values);

} // namespace qbn
