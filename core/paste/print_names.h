#pragma once

#include <string_view>

namespace qbn {

// What a name in front of a bracket is, in what Python prints or what was typed.

/// "BatchNorm2d" of torch.nn.BatchNorm2d.
std::string_view last_component(std::string_view name);

bool is_array_type(std::string_view type);
bool is_scalar_type(std::string_view type);

/// Modules whose print says something about a batch norm or about what stands before it.
bool is_module_type(std::string_view type);

/// x.mean() and its like: no values of x, and no mean of a batch norm.
bool reduces(std::string_view function);

} // namespace qbn
