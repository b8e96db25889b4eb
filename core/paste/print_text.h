#pragma once

#include <string>
#include <string_view>

namespace qbn {

/// The text in UTF-8, without a byte order mark. What is neither UTF-16 with a mark nor UTF-16 in
/// which most characters are ASCII (PowerShell's `>` writes the one or the other) is taken as it
/// is.
std::string utf8_text(std::string_view text);

/// The text as the program printed it, line for line, in linear time. Taken away is what terminals,
/// loggers, mails and web pages add:
///     colours           ANSI escapes, also those that lost their first character: [0;32m
///     quoting           "> " at the start of a line; with it the prompt >>>
///     log prefixes      time, level and place at the start of a line: "2024-01-01 12:00:00 INFO: "
///     typography        spaces that do not break, dashes before a digit, curly quotes, <br>
std::string plain_text(std::string_view text);

} // namespace qbn
