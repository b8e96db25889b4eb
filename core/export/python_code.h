#pragma once

#include "core/export/code_format.h"

namespace qbn {

enum class PythonLibrary : std::uint8_t
{
    numpy,
    torch,
};

/// A Python module with a function of codes, an array of (C, N) or (N), to codes of (C, N), all channels at once. Of a backend that
/// has no formula a table. `torch` has beside it the operator itself, where the backend is one. Errors: a function of the formula
/// that has no words in Python.
Result<std::string> python_code(const CodeRequest& request, PythonLibrary library);

} // namespace qbn
