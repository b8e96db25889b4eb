#pragma once

#include <string_view>

namespace qbn::check {

/// resources/check_runtimes.py, in the program.
std::string_view check_script();

} // namespace qbn::check
