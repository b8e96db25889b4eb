#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qbn {

/// The text in UTF-8, without a byte order mark. What is neither UTF-16 with a mark nor UTF-16 in
/// which most characters are ASCII (PowerShell's `>` writes the one or the other) is taken as it
/// is.
std::string utf8_text(std::string_view text);

/// A line of PlainText.
struct PlainLine
{
    std::uint32_t begin = 0;
    std::uint32_t end = 0; ///< one past the last character, without the line end
    std::uint32_t indent = 0; ///< white space and quoting taken from its start, in bytes
    std::uint32_t quotes = 0; ///< how many '>' stood before it
    bool is_prompt = false; ///< ">>> " or "In [4]: " stood before it: what follows was typed
    bool is_continuation = false; ///< "... " stands before it, behind a line that was typed
};

/// A text, and where each of its characters stands in the UTF-8 text that it was made from.
struct PlainText
{
    std::string text;
    std::vector<std::uint32_t> origins; ///< one for each byte of text
    std::vector<PlainLine> lines; ///< as many as the UTF-8 text has
};

/// The text as the program printed it, line for line, in linear time. Taken away is what terminals,
/// loggers, mails and web pages add:
///     colours           ANSI escapes, also those that lost their first character: [0;32m
///     quoting           "> " at the start of a line; with it the prompts >>> and In [4]:
///     log prefixes      time, level and place at the start of a line: "2024-01-01 12:00:00 INFO: "
///     typography        spaces that do not break, dashes before a digit, curly quotes, <br>;
///                       Greek letters are spelled: gamma, beta, mu, var for sigma squared
PlainText plain_text(std::string_view utf8);

} // namespace qbn
