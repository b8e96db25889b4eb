#pragma once

#include "core/paste/paste_text.h"
#include "core/paste/print_meaning.h"
#include "core/text/characters.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace qbn {

// Pieces that several recognisers are made of.

/// The first number at or behind a place of a line's text, which is at `begin` in the text.
std::optional<PrintedNumber> number_behind(const PasteText& text, std::size_t begin,
                                           std::size_t end);

/// Adds a scale, a zero point or an eps of one number.
void add_number(PasteText& text, PrintRole role, PrintSide side, std::string label,
                PrintedNumber number);

/// A number that follows from the text without standing in it: the zero point of a symmetric type.
PrintedNumber implied_number(double value);

/// Says which type a side's codes have: "int8".
void add_type(PasteText& text, PrintSide side, std::string label, std::string_view type, int line);

/// "input" or "output" by the words of a name; unknown where it has none of them.
PrintSide side_named(std::string_view name);

} // namespace qbn
