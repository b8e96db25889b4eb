#include "core/text/printable.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>

namespace qbn {

namespace {

struct Character
{
    char32_t code = 0xfffd;
    std::size_t length = 1; ///< in bytes
    bool is_valid = false;
};

/// The first character of a text that is not empty, as the Unicode standard's table 3-7 has UTF-8.
Character first_character(std::string_view text)
{
    const auto byte = [text](std::size_t at) -> std::uint32_t {
        return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
    };
    const std::uint32_t head = byte(0);
    if (head < 0x80)
        return {.code = head, .length = 1, .is_valid = true};
    const std::size_t length = head < 0xe0 ? 2 : head < 0xf0 ? 3 : 4;
    if (head < 0xc2 || head > 0xf4)
        return {};
    std::uint32_t code = head & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0U) != 0x80U)
            return {};
        code = code << 6U | (byte(i) & 0x3fU);
    }
    constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
    if (code < least[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        return {};
    return {.code = code, .length = length, .is_valid = true};
}

bool is_escaped(char32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x061c || code == 0x200e
        || code == 0x200f || (code >= 0x2028 && code <= 0x202e)
        || (code >= 0x2066 && code <= 0x2069);
}

void append_escape(std::string& result, char32_t code)
{
    switch (code) {
    case '\n':
        result += "\\n";
        return;
    case '\r':
        result += "\\r";
        return;
    case '\t':
        result += "\\t";
        return;
    default:
        std::array<char, 16> text{};
        std::snprintf(text.data(), text.size(), "\\u%04x", static_cast<unsigned>(code));
        result += text.data();
    }
}

/// Calls take(character, its bytes) for each character.
template <typename Take> void for_each_character(std::string_view text, Take take)
{
    while (!text.empty()) {
        const Character character = first_character(text);
        take(character, text.substr(0, character.length));
        text.remove_prefix(character.length);
    }
}

void append_printable(std::string& result, const Character& character, std::string_view bytes)
{
    if (!character.is_valid)
        result += "\xef\xbf\xbd";
    else if (is_escaped(character.code))
        append_escape(result, character.code);
    else
        result += bytes;
}

} // namespace

std::string printable(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    for_each_character(text, [&](const Character& character, std::string_view bytes) {
        append_printable(result, character, bytes);
    });
    return result;
}

std::string printable_lines(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const bool has_end = end != std::string_view::npos;
        const std::string_view line = text.substr(0, end);
        const bool has_return = has_end && line.ends_with('\r');
        result += printable(line.substr(0, line.size() - (has_return ? 1 : 0)));
        result += has_return ? "\r\n" : has_end ? "\n" : "";
        text.remove_prefix(has_end ? end + 1 : text.size());
    }
    return result;
}

std::string in_quotes(std::string_view text)
{
    constexpr int limit = 80;
    std::string result = "\"";
    int count = 0;
    for_each_character(text.substr(0, 4 * (limit + 1)), // what lies behind is not shown
                       [&](const Character& character, std::string_view bytes) {
                           if (count++ < limit)
                               append_printable(result, character, bytes);
                       });
    return result + (count > limit ? "...\"" : "\"");
}

std::string json_string(std::string_view text)
{
    std::string result = "\"";
    for_each_character(text, [&](const Character& character, std::string_view bytes) {
        if (character.code == '"' || character.code == '\\')
            result += '\\';
        append_printable(result, character, bytes);
    });
    return result + '"';
}

} // namespace qbn
