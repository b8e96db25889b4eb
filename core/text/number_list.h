#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace qbn {

/// A pasted column of numbers: a spreadsheet's lines, "[0.1, 0.2]", or what Python prints around
/// them ("tensor([0.1, 0.2], dtype=torch.float64)": what stands outside of the brackets is left
/// out). Apart by white space, commas or semicolons; '.' is the decimal point. Nothing if there is
/// no number or if something else stands among them.
std::optional<std::vector<double>> parse_number_list(std::string_view text);

} // namespace qbn
