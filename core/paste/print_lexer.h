#pragma once

#include "core/paste/printed_value.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace qbn {

/// A piece of what Python prints.
struct PrintToken
{
    enum class Kind : std::uint8_t
    {
        word, ///< letters, digits, '_' and '.', with a letter in it: bn.running_mean, 0.weight
        number, ///< 0.2991, -117., 1e-05, nan, -inf, 1/255, C's 0.1f and 0x7f
        text, ///< 'conv1.0.weight', without its quotes
        ellipsis, ///< ...
        symbol, ///< one character: brackets, ',', '=', ':', whatever else
        line_end,
        end,
    };

    Kind kind = Kind::end;
    std::string_view text;
    PrintedNumber number; ///< of a number
    int line = 1;
    std::uint32_t place = 0; ///< of its first character in the text

    bool is(char symbol) const { return kind == Kind::symbol && text.front() == symbol; }
};

/// Cuts text into tokens. Any bytes are taken, in linear time. A copy is a place to return to.
class PrintLexer
{
public:
    /// Requires: the text outlives the lexer and its tokens.
    /// It starts at a place in the text, which is in a line.
    explicit PrintLexer(std::string_view text, std::size_t start = 0, int line = 1)
        : text_(text)
        , position_(std::min(start, text.size()))
        , line_(line)
    { }

    PrintToken next();

    /// The next character without its token, 0 at the end: a bracket that follows a name at once is
    /// a call or an index.
    char peek() const { return at(position_); }

    /// Whether white space stands in front of a token: bn/gamma is a name, a / b is a quotient.
    bool has_space_before(const PrintToken& token) const
    {
        return token.place > 0 && at(token.place - 1) == ' ';
    }

    /// Whether the whole text is read, not even a line end being left. A number that ends here may
    /// be cut.
    bool at_end() const { return position_ == text_.size(); }

private:
    char at(std::size_t position) const { return position < text_.size() ? text_[position] : '\0'; }
    void skip_space();
    bool number_starts_at(std::size_t position) const;
    std::size_t run_end(std::size_t position) const;
    PrintToken word_or_number();
    std::size_t fraction_size(PrintedNumber& number, std::size_t end) const;
    PrintToken quoted_text();
    PrintToken take(PrintToken::Kind kind, std::size_t size);

    std::string_view text_;
    std::size_t position_;
    int line_;
};

} // namespace qbn
