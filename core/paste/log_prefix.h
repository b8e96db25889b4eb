#pragma once

#include <cstddef>
#include <string_view>

namespace qbn {

/// The size of what a logger put in front of a line: time, level and place, as in
/// "2024-01-01 12:00:00,123 - root - INFO - ", "[INFO] [train.py:12] " or "INFO:root:"; 0 where
/// nothing of it stands there.
std::size_t log_prefix_size(std::string_view line);

} // namespace qbn
