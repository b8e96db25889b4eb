#pragma once

#include "core/paste/paste_text.h"

#include <string>
#include <vector>

namespace qbn {

/// The heading under which each line stands, empty for none; of nested ones all, the innermost
/// last, apart by spaces. A heading is a line such as
///     MyBatchNorm:          until a blank line, or as far as lines are indented more
///     "input": {            the same
///     ## layer1.bn          until the next of its form: === layer1.bn ===, [layer1.bn] too
std::vector<std::string> headings_of(const PasteText& text);

} // namespace qbn
