#include "core/text/number_list.h"

#include "core/text/printable.h"
#include "core/text/printed_name.h"
#include "core/text/text_number.h"

#include <algorithm>
#include <string>

namespace qbn {

namespace {

constexpr std::string_view separators = " \t\r\n,;[](){}";

/// What the outermost brackets hold; all if there are none.
std::string_view inside_brackets(std::string_view text)
{
    for (const char* pair : {"{}", "[]", "()"}) {
        const std::size_t open = text.find(pair[0]);
        const std::size_t close = text.rfind(pair[1]);
        if (open != std::string_view::npos && close != std::string_view::npos && open < close)
            return text.substr(open, close - open + 1);
    }
    return text;
}

/// The next word that is no name before a bracket, which goes from the text; empty at the end.
std::string_view take_word(std::string_view& text)
{
    std::string_view word;
    do {
        text.remove_prefix(std::min(text.find_first_not_of(separators), text.size()));
        word = text.substr(0, text.find_first_of(separators));
        text.remove_prefix(word.size());
    } while (is_printed_name(word) && text.starts_with('('));
    return word;
}

/// As a person types it, or with C's suffix: 0.1f.
std::optional<double> number_of(std::string_view word)
{
    if (const auto number = parse_typed_number(word))
        return number;
    if (word.ends_with('f') || word.ends_with('F'))
        return parse_typed_number(word.substr(0, word.size() - 1));
    return std::nullopt;
}

} // namespace

Result<std::vector<double>> read_number_list(std::string_view text)
{
    text = inside_brackets(text);
    std::vector<double> numbers;
    for (std::string_view word = take_word(text); !word.empty(); word = take_word(text)) {
        if (word.find("...") != std::string_view::npos)
            return Error{"numbers are left out after the first " + std::to_string(numbers.size())
                         + ", at \"...\""};
        const std::optional<double> number = number_of(word);
        if (!number)
            return Error{"\"" + printable(word.substr(0, 40)) + "\" is not a number"};
        numbers.push_back(*number);
    }
    if (numbers.empty())
        return Error{"there is no number"};
    return numbers;
}

std::optional<std::vector<double>> parse_number_list(std::string_view text)
{
    auto numbers = read_number_list(text);
    return numbers ? std::optional(std::move(*numbers)) : std::nullopt;
}

bool looks_like_number_list(std::string_view text)
{
    text = inside_brackets(text);
    if (!number_of(take_word(text)))
        return false;
    const std::string_view second = take_word(text);
    return number_of(second) || second.starts_with("...");
}

} // namespace qbn
