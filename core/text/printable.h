#pragma once

#include <string>
#include <string_view>

namespace qbn {

/// Text that somebody else chose as it may leave the program in one line: to a terminal, a card, CSV, a log. Escaped as JSON
/// escapes them, so that the result is also right inside of a JSON text: control characters (\n, \t, \u001b), line and paragraph
/// separators, and what changes the direction of text (U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069). A byte that
/// is not UTF-8 becomes U+FFFD. A backslash stays one, so the text cannot be had back from it.
std::string printable(std::string_view text);

/// The same for text of several lines: LF and CR LF stay.
std::string printable_lines(std::string_view text);

/// A name in a sentence: in double quotes, printable, cut to 80 characters with "..." behind, so that it cannot break a message
/// apart.
std::string in_quotes(std::string_view text);

/// A JSON string of the text, quotes included, all of it printable. It reads back to the same text, but for what is not UTF-8.
std::string json_string(std::string_view text);

} // namespace qbn
