#pragma once

#include "core/paste/paste_text.h"
#include "core/paste/printed_value.h"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace qbn {

/// The values in a text, in its order.
struct PrintedText
{
    std::vector<PrintedValue> values;
    std::size_t skipped_lines = 0; ///< with words that label no value
    std::optional<int> stopped_at_line; ///< where the limits below ended the reading
};

/// Finds the values in what Python prints: tensors in all forms of PyTorch's print (quantized, cut
/// down to "...", Parameter containing:, with attributes), NumPy arrays, lists, numbers behind a
/// label that names a parameter, state_dicts, modules, sessions with >>> or In [1]:. Everything
/// else is skipped. Any bytes are taken, in linear time; at most 8 MiB of text and 65,536 values
/// are read.
PrintedText parse_print(std::string_view text);

/// The same of what recognisers have left.
PrintedText parse_print(const PasteText& text);

} // namespace qbn
