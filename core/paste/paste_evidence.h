#pragma once

#include "core/paste/paste_text.h"
#include "core/paste/printed_value.h"

#include <vector>

namespace qbn {

/// Whether what was found in a text tells of a batch norm: mean and variance of a table of results,
/// a weight, an input and an output alone do not. running_mean, a quantized tensor, a module or a
/// recogniser's own form do; else different parts of the formula have to come together.
bool tells_of_batch_norm(const PasteText& text, const std::vector<PrintedValue>& values);

} // namespace qbn
