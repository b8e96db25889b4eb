#pragma once

#include "core/paste/paste_text.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace qbn {

/// What a line of a text is.
enum class LineKind : std::uint8_t
{
    blank,
    neutral, ///< a comment, a brace, numbers alone: belongs to its neighbours
    source, ///< a statement of Python, C++ or a related language
    trace, ///< of a stack trace
    literal, ///< numbers under a name: mean = [0.5, 0.25], float eps = 0.001f;
    other, ///< what a program printed, or prose
};

/// The kind of a line on its own, without white space around it.
LineKind kind_of_line(std::string_view line);

/// Whether an assignment calls what makes numbers of its own: bn.bias = Parameter(torch.randn(3)).
bool calls_other_maker(std::string_view line);

/// The kinds of all lines. What stands in the brackets of a statement, in a string of several lines
/// or in a comment block belongs to the source.
std::vector<LineKind> kinds_of_lines(const PasteText& text);

} // namespace qbn
