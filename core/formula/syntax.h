#pragma once

#include "core/text/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qbn::formula {

/// A place in the text; both count from 1, columns in bytes.
struct Position
{
    int line = 1;
    int column = 1;
};

/// "line 3, column 7: " and a sentence.
Error error_at(Position position, const std::string& sentence);

/// A file of a user is refused beyond these.
inline constexpr std::size_t max_text_bytes = 64 * 1024;
inline constexpr std::size_t max_operations = 1000;

/// An expression as it was written. Nothing is typed yet.
struct Expression
{
    enum class Kind : std::uint8_t
    {
        number, ///< text is the literal
        name,
        call, ///< text is the function, operators included: "+", "<", "!", "negate", "f32", "fma"
    };
    Kind kind = Kind::number;
    std::string_view text;
    Position position;
    std::vector<Expression> arguments;
    std::string_view source = {}; ///< all of it, as written
};

enum class Section : std::uint8_t
{
    layer, ///< once a layer
    channel, ///< once a channel
    code, ///< once an input code
};

/// name = expression
struct Statement
{
    Section section = Section::code;
    std::string_view name;
    std::string_view text; ///< of the expression, as written, without its comment
    Position position;
    Expression expression;
};

/// The lines before the first section: "title ONNX Runtime", in order.
struct Header
{
    std::string_view key;
    std::string_view value;
    Position position;
};

/// Points into the text that it was parsed from.
struct Syntax
{
    std::vector<Header> headers;
    std::vector<Statement> statements;
};

/// The grammar, one statement a line (a line goes on inside of brackets), '#' begins a comment:
///     file       := header* (section statement*)*
///     header     := ("title" | "group" | "checked" | "source" | "parameters" | "scales" | "sound") text
///     section    := "layer" | "channel" | "code"
///     statement  := name "=" expression
///     expression := or;  or := and ("||" and)*;  and := compare ("&&" compare)*
///     compare    := sum (("<" | "<=" | ">" | ">=" | "==" | "!=") sum)?
///     sum        := product (("+" | "-") product)*
///     product    := unary (("*" | "/") unary)*
///     unary      := ("-" | "!") unary | primary
///     primary    := number | name | name "(" expression ("," expression)* ")" | "(" expression ")"
/// A number is decimal or hexadecimal, whole or not: 31, 0.5, 1e-6, 0x1p31; inf and nan are names.
/// Errors: one sentence with line and column. Nesting beyond 200 and a text beyond max_text_bytes are errors.
Result<Syntax> parse(std::string_view text);

} // namespace qbn::formula
