#pragma once

#include "core/formula/syntax.h"

namespace qbn::formula {

struct Token
{
    enum class Kind : std::uint8_t
    {
        number,
        name,
        symbol,
        end, ///< of the statement
    };
    Kind kind = Kind::end;
    std::string_view text;
    Position position;
};

/// The text line by line, without comments, and what stands in a line.
class Lexer
{
public:
    explicit Lexer(std::string_view text);

    /// The next line that says something, trimmed; false at the end.
    bool next_line();
    std::string_view line() const { return line_; }
    Position position() const { return position_; }

    /// The tokens of this line from a column (in bytes from the line's own begin), and of those after it that belong to the same
    /// brackets.
    Result<std::vector<Token>> tokens(std::size_t from);

private:
    bool read_line();
    Result<Token> token(std::size_t at) const;

    std::string_view rest_;
    std::string_view line_;
    Position position_;
    int number_ = 0;
};

} // namespace qbn::formula
