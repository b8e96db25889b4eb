#pragma once

#include "core/export/c_dialect.h"

#include <functional>

namespace qbn {

/// One operation in C. `operand` gives what stands for operand k; the helpers that the text calls are marked.
std::string c_expression(const formula::Instruction& instruction, formula::Type operand_type,
                         const std::function<std::string(std::size_t)>& operand,
                         const CDialect& dialect, HelperSet& helpers);

/// Whether it has words in C; of what has none and depends on no input code the numbers are written.
bool c_can_say(formula::Op op, const CDialect& dialect);

} // namespace qbn
