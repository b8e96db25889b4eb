#pragma once

#include "core/formula/program.h"

#include <string>
#include <string_view>

namespace qbn {

// What a formula's names, numbers, types and operations are called in Python, with NumPy as with PyTorch.

/// No statement may have its name.
bool is_python_word(std::string_view name);

/// Digits that give the same number as Python's binary64; a narrower type holds it exactly.
std::string python_number(formula::Type type, const formula::Value& value);

std::string_view python_dtype(formula::Type type);

/// What the libraries themselves have under this name behind a "_"; empty for what they do not.
std::string_view python_vocabulary_word(formula::Op op);

/// Of two operands; empty for what is no sign.
std::string_view python_sign(formula::Op op);

/// Whether it has words; of what has none and depends on no input code the numbers are written.
bool python_can_say(formula::Op op);

} // namespace qbn
