#pragma once

#include "core/export/code_format.h"

#include <string>

namespace qbn {

/// Comment lines: what of the module is the formula, and what the operator.
std::string torch_note(const CodeRequest& request);

/// A function of that name that calls the operator of PyTorch that the backend describes; empty where it describes none, and where
/// one channel alone is asked for, since an operator treats a channel by its place among the others.
std::string torch_operator(const CodeRequest& request, const std::string& name);

} // namespace qbn
