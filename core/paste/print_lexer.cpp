#include "core/paste/print_lexer.h"

#include "core/text/characters.h"

#include <algorithm>

namespace qbn {

namespace {

constexpr std::size_t longest_text = 256;

bool is_name_character(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
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
    const std::size_t size = run_end(position_) - position_;
    const auto number = read_printed_number(text_.substr(position_, size));
    PrintToken token = take(number ? PrintToken::Kind::number : PrintToken::Kind::word, size);
    if (number)
        token.number = *number;
    // Somebody wrote "0.2990..." for 0.29906651: cut, not rounded.
    if (number && text_.substr(position_).starts_with("..."))
        token.number.half_unit *= 2;
    while (!number && token.text.size() > 1 && token.text.ends_with('.'))
        token.text.remove_suffix(1);
    return token;
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
    position_ += size;
    return token;
}

} // namespace qbn
