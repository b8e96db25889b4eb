#include "core/paste/print_lexer.h"

#include "core/text/characters.h"

#include <charconv>
#include <cstdint>
#include <optional>
#include <system_error>

namespace qbn {

namespace {

constexpr std::size_t longest_text = 256;

bool is_name_character(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// Python's and C's: 0.1f is the binary32 number, 0x7f is 127.
std::optional<PrintedNumber> read_literal(std::string_view text)
{
    if (auto number = read_printed_number(text))
        return number;
    const std::string_view magnitude = text.substr(text.starts_with('-') ? 1 : 0);
    constexpr std::size_t longest_hexadecimal = 10;
    if (magnitude.starts_with("0x") && magnitude.size() > 2
        && magnitude.size() <= longest_hexadecimal) {
        std::uint32_t value = 0;
        const char* const end = magnitude.data() + magnitude.size();
        const auto read = std::from_chars(magnitude.data() + 2, end, value, 16);
        if (read.ec != std::errc() || read.ptr != end)
            return std::nullopt;
        const double sign = text.starts_with('-') ? -1 : 1;
        return PrintedNumber{.value = sign * value, .is_integer = true};
    }
    if (text.size() < 2 || !(is_digit(text[text.size() - 2]) || text[text.size() - 2] == '.'))
        return std::nullopt;
    const char suffix = text.back();
    auto number = read_printed_number(text.substr(0, text.size() - 1));
    if (!number || (suffix != 'f' && suffix != 'F' && suffix != 'L' && suffix != 'u'))
        return std::nullopt;
    if (suffix == 'f' || suffix == 'F')
        *number = {.value = static_cast<float>(number->value)};
    return number;
}

} // namespace

PrintToken PrintLexer::next()
{
    skip_space();
    if (position_ == text_.size())
        return take(PrintToken::Kind::end, 0);
    if (at(position_) == '\n') {
        const PrintToken token = take(PrintToken::Kind::line_end, 1);
        ++line_;
        return token;
    }
    if (text_.substr(position_).starts_with("..."))
        return take(PrintToken::Kind::ellipsis, 3);
    if (is_name_character(at(position_)) || number_starts_at(position_))
        return word_or_number();
    if (at(position_) == '\'' || at(position_) == '"')
        return quoted_text();
    return take(PrintToken::Kind::symbol, 1);
}

void PrintLexer::skip_space()
{
    constexpr std::string_view space(" \t\r\f\v\0", 6);
    constexpr std::string_view no_break_space = "\xc2\xa0"; // web pages indent with it
    while (true) {
        position_ = std::min(text_.find_first_not_of(space, position_), text_.size());
        if (!text_.substr(position_).starts_with(no_break_space))
            return;
        position_ += no_break_space.size();
    }
}

bool PrintLexer::number_starts_at(std::size_t position) const
{
    if (at(position) == '-' || at(position) == '+') {
        // In "3-1" and "x-1" the sign is an operator.
        if (position > 0 && (is_name_character(at(position - 1)) || at(position - 1) == ')'))
            return false;
        ++position;
        const std::string_view rest = text_.substr(position);
        if (rest.starts_with("inf") || rest.starts_with("nan"))
            return true;
    }
    if (at(position) == '.')
        ++position;
    return is_digit(at(position));
}

// One past the letters, digits, dots and exponent signs. Dots before white space and brackets end a
// sentence or a number ("117."); three of them are an ellipsis.
std::size_t PrintLexer::run_end(std::size_t position) const
{
    if (at(position) == '-' || at(position) == '+')
        ++position;
    const std::size_t start = position;
    for (; position < text_.size(); ++position) {
        const char c = at(position);
        if (text_.substr(position).starts_with("..."))
            break;
        const bool is_exponent_sign = (c == '-' || c == '+') && position > start
            && (at(position - 1) == 'e' || at(position - 1) == 'E')
            && (is_digit(at(start)) || at(start) == '.') && is_digit(at(position + 1));
        if (!is_name_character(c) && c != '.' && !is_exponent_sign)
            break;
    }
    return position;
}

PrintToken PrintLexer::word_or_number()
{
    std::size_t size = run_end(position_) - position_;
    auto number = read_literal(text_.substr(position_, size));
    if (number)
        size += fraction_size(*number, position_ + size);
    PrintToken token = take(number ? PrintToken::Kind::number : PrintToken::Kind::word, size);
    if (number) {
        token.number = *number;
        token.number.place = token.place;
    }
    // Somebody wrote "0.2990..." for 0.29906651: cut, not rounded.
    if (number && text_.substr(position_).starts_with("..."))
        token.number.half_unit *= 2;
    while (!number && token.text.size() > 1 && token.text.ends_with('.'))
        token.text.remove_suffix(1);
    return token;
}

// What " / 255" behind a number takes; the number becomes the quotient. A date is none.
std::size_t PrintLexer::fraction_size(PrintedNumber& number, std::size_t end) const
{
    std::size_t position = end;
    const auto skip_spaces = [&] {
        while (at(position) == ' ')
            ++position;
    };
    skip_spaces();
    if (at(position) != '/' || !is_digit(at(end - 1)))
        return 0;
    ++position;
    skip_spaces();
    if (!is_digit(at(position)))
        return 0;
    const std::size_t size = run_end(position) - position;
    const auto divisor = read_literal(text_.substr(position, size));
    if (!divisor || divisor->value == 0 || at(position + size) == '/')
        return 0;
    number.value /= divisor->value;
    number.half_unit = 0;
    number.is_integer = false;
    return position + size - end;
}

PrintToken PrintLexer::quoted_text()
{
    const std::string_view rest = text_.substr(position_, longest_text);
    // The apostrophe in "don't" opens nothing.
    const bool is_apostrophe = position_ > 0 && is_name_character(at(position_ - 1));
    const std::size_t end = rest.find(rest.front(), 1);
    if (is_apostrophe || end == std::string_view::npos || end > rest.find('\n'))
        return take(PrintToken::Kind::symbol, 1);
    PrintToken token = take(PrintToken::Kind::text, end + 1);
    token.text = token.text.substr(1, end - 1);
    return token;
}

PrintToken PrintLexer::take(PrintToken::Kind kind, std::size_t size)
{
    PrintToken token;
    token.kind = kind;
    token.text = text_.substr(position_, size);
    token.line = line_;
    token.place = static_cast<std::uint32_t>(position_);
    position_ += size;
    return token;
}

} // namespace qbn
