#include "core/paste/typed_line.h"

#include "core/paste/print_lexer.h"

#include <algorithm>
#include <array>

namespace qbn {

namespace {

using Kind = PrintToken::Kind;

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

// Words between which no operator stands.
bool joins_operands(std::string_view word)
{
    return is_one_of(word,
                     {"for", "in", "if", "else", "and", "or", "not", "is", "lambda", "await"});
}

bool is_text_prefix(std::string_view word)
{
    return is_one_of(word, {"f", "r", "b", "rf", "fr", "F"});
}

bool is_operand(const PrintToken& token)
{
    return token.kind == Kind::word || token.kind == Kind::number || token.kind == Kind::text;
}

bool starts_block(std::string_view word)
{
    return is_one_of(word, {"for", "while", "if", "with", "def", "class", "try"});
}

// tensor([0.5]) in front is what a program printed.
bool starts_print(const PrintToken& token)
{
    return token.kind == Kind::number || is_one_of(token.text, {"tensor", "array", "Parameter"});
}

} // namespace

TypedLine typed_line(std::string_view line)
{
    PrintLexer lexer(line);
    PrintToken previous;
    bool has_word = false;
    int depth = 0;
    for (PrintToken token = lexer.next(); token.kind != Kind::end && !token.is('#');
         token = lexer.next()) {
        const bool is_first = previous.kind == Kind::end;
        if (is_first && token.kind == Kind::word && starts_block(token.text))
            return line.find(':') == std::string_view::npos ? TypedLine::none : TypedLine::block;
        if (is_first && starts_print(token))
            return TypedLine::none;
        const bool is_beside = is_operand(token) && is_operand(previous);
        if (is_beside && !joins_operands(token.text) && !joins_operands(previous.text)
            && !(token.kind == Kind::text && is_text_prefix(previous.text)))
            return TypedLine::none;
        depth += token.is('(') || token.is('[') || token.is('{') ? 1
            : token.is(')') || token.is(']') || token.is('}')    ? -1
                                                                 : 0;
        const bool is_compared = previous.is('=') || previous.is('!') || previous.is('<')
            || previous.is('>') || lexer.peek() == '=';
        if (depth == 0 && (token.is(':') || (token.is('=') && !is_compared)))
            return TypedLine::none;
        has_word = has_word || token.kind == Kind::word;
        previous = token;
    }
    return has_word ? TypedLine::expression : TypedLine::none;
}

} // namespace qbn
