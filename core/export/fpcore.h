#pragma once

#include "core/export/code_format.h"

namespace qbn {

/// FPCore 2.0 (https://fpbench.org/spec/fpcore-2.0.html) of the reals that become codes, a core for each channel and conversion:
/// each operation in the precision in which it rounds. Parameters are numbers; what is whole or a truth is folded where it depends
/// on no input code. Errors: a backend without a formula, one whose codes come of integers alone, an operation that FPCore lacks.
Result<std::string> fpcore_text(const CodeRequest& request);

} // namespace qbn
