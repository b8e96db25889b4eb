#pragma once

#include "core/export/helper.h"
#include "core/export/python_code.h"

namespace qbn {

/// The words of a library that the helpers and the code are written in: _where, _cast, _F32 and so on.
std::string_view python_vocabulary(PythonLibrary library);

/// The functions of formulas, in these words, on arrays of one type.
std::span<const Helper> python_helper_texts();

} // namespace qbn
