#include "core/formula/lexer.h"

#include "core/text/characters.h"
#include "core/text/printable.h"

#include <algorithm>

namespace qbn::formula {

namespace {

constexpr bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

constexpr bool is_name(char c)
{
    return is_name_start(c) || is_digit(c);
}

constexpr bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/// 31, 0.5, 1e-6, 0x1.8p-3: letters, digits and points, and a sign behind the exponent's letter.
std::size_t number_length(std::string_view text)
{
    const bool hex = text.starts_with("0x") || text.starts_with("0X");
    std::size_t length = 0;
    while (length < text.size()) {
        const char c = text[length];
        const char before = length == 0 ? ' ' : text[length - 1];
        const bool exponent = hex ? (before | 0x20) == 'p' : (before | 0x20) == 'e';
        if (!is_name(c) && c != '.' && !((c == '-' || c == '+') && exponent))
            break;
        ++length;
    }
    return length;
}

std::size_t symbol_length(std::string_view text)
{
    constexpr std::string_view pairs[]{"<=", ">=", "==", "!=", "&&", "||"};
    for (const std::string_view pair : pairs) {
        if (text.starts_with(pair))
            return 2;
    }
    return std::string_view("+-*/()<>,!=").find(text.front()) == std::string_view::npos ? 0 : 1;
}

} // namespace

Error error_at(Position position, const std::string& sentence)
{
    return {"line " + std::to_string(position.line) + ", column " + std::to_string(position.column)
            + ": " + sentence};
}

Lexer::Lexer(std::string_view text)
    : rest_(text)
{
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (rest_.starts_with(byte_order_mark))
        rest_.remove_prefix(byte_order_mark.size());
}

bool Lexer::read_line()
{
    if (rest_.empty())
        return false;
    const std::size_t length = std::min(rest_.find('\n'), rest_.size());
    std::string_view line = rest_.substr(0, length);
    rest_.remove_prefix(std::min(length + 1, rest_.size()));
    line = line.substr(0, line.find('#'));
    position_ = {++number_, 1};
    while (!line.empty() && is_blank(line.front())) {
        line.remove_prefix(1);
        ++position_.column;
    }
    while (!line.empty() && is_blank(line.back()))
        line.remove_suffix(1);
    line_ = line;
    return true;
}

bool Lexer::next_line()
{
    while (read_line()) {
        if (!line_.empty())
            return true;
    }
    return false;
}

Result<Token> Lexer::token(std::size_t at) const
{
    const std::string_view text = line_.substr(at);
    const Position position{position_.line, position_.column + static_cast<int>(at)};
    const char c = text.front();
    const bool number = is_digit(c) || (c == '.' && text.size() > 1 && is_digit(text[1]));
    if (number)
        return Token{Token::Kind::number, text.substr(0, number_length(text)), position};
    if (is_name_start(c)) {
        const auto end = std::find_if_not(text.begin(), text.end(), is_name);
        const auto length = static_cast<std::size_t>(end - text.begin());
        return Token{Token::Kind::name, text.substr(0, length), position};
    }
    if (const std::size_t length = symbol_length(text); length > 0)
        return Token{Token::Kind::symbol, text.substr(0, length), position};
    return error_at(position, in_quotes(text.substr(0, 1)) + " means nothing in a formula");
}

Result<std::vector<Token>> Lexer::tokens(std::size_t from)
{
    std::vector<Token> tokens;
    int open = 0;
    for (;;) {
        while (from < line_.size()) {
            if (is_blank(line_[from])) {
                ++from;
                continue;
            }
            const Result<Token> token = this->token(from);
            if (!token)
                return token.error();
            from += token->text.size();
            if (token->kind == Token::Kind::symbol)
                open += token->text == "(" ? 1 : token->text == ")" ? -1 : 0;
            tokens.push_back(*token);
        }
        const Position end{position_.line, position_.column + static_cast<int>(line_.size())};
        if (open <= 0 || !read_line()) {
            tokens.push_back({Token::Kind::end, {}, end});
            return tokens;
        }
        from = 0;
    }
}

} // namespace qbn::formula
