#pragma once

#include "core/export/code_format.h"

#include <string>

namespace qbn {

/// CSV, a row for the first input code of a channel and for each at which the output code is another than before:
///     layer,channel,input_code,output_code
/// From an input code on, up to the next row's, the output code is that of the row. All codes follow from it, of any backend.
std::string thresholds_csv(const CodeRequest& request);

} // namespace qbn
