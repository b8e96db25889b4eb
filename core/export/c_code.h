#pragma once

#include "core/export/code_format.h"

namespace qbn {

/// C99 (hls: C++ with ap_int) of a backend that has a formula. Folded: what depends on no input code is written as numbers.
Result<std::string> c_arithmetic(const CodeRequest& request, bool folded, bool hls);

/// C99 with an output code for each input code, of any backend.
std::string c_table(const CodeRequest& request);

} // namespace qbn
