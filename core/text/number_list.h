#pragma once

#include "core/text/result.h"

#include <optional>
#include <string_view>
#include <vector>

namespace qbn {

/// A pasted column of numbers: a spreadsheet's lines or cells, "[0.1, 0.2]", what Python prints
/// around them ("tensor([0.1, 0.2], dtype=torch.float64)"), NumPy's "[0.1 0.2]", or a C array
/// ("float gamma[2] = {0.1f, 0.2f};"): what stands outside of the brackets is left out. Brackets are
/// round, square or braces, however nested. Apart by white space, commas or semicolons; '.' is the
/// decimal point. The error says what is no number;
/// "..." is one, as numbers are missing there.
Result<std::vector<double>> read_number_list(std::string_view text);

/// The same, or nothing.
std::optional<std::vector<double>> parse_number_list(std::string_view text);

/// Whether it begins with two numbers at least, or with one and "...": somebody means a list.
bool looks_like_number_list(std::string_view text);

} // namespace qbn
