#pragma once

#include <cstdint>
#include <string_view>

namespace qbn {

/// What was typed at a prompt of Python, as far as it says what the lines below it are.
enum class TypedLine : std::uint8_t
{
    none, ///< nothing that was typed, or an assignment: it is read as any text
    expression, ///< x.int_repr()[0, 1]; it names what is printed below, its own numbers are no values
    block, ///< for c in range(3): print(..); what it prints has its own words or none
};

/// Of a line that stands behind a prompt. Where three marks of quoting in a mail look like a
/// prompt, words that are no expression of Python tell them apart: Running mean [0.5, 0.25].
TypedLine typed_line(std::string_view line);

} // namespace qbn
