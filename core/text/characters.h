#pragma once

#include <string_view>

namespace qbn {

/// 0 to 9, whatever the locale.
constexpr bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/// Without white space of ASCII around it.
constexpr std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view space = " \t\r\n\f\v";
    const auto first = text.find_first_not_of(space);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

} // namespace qbn
