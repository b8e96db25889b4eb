#pragma once

#include "core/formula/program.h"

#include <optional>

namespace qbn::formula {

/// A number written in a formula as a value of a type: decimal or hexadecimal digits, inf or nan, rounded once to the type itself.
/// Nothing where the type does not have it: a fraction for an integer, a number beyond its range, any for a bool.
std::optional<Value> read_literal(std::string_view text, bool negative, Type type);

} // namespace qbn::formula
