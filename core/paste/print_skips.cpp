#include "core/paste/print_skips.h"

namespace qbn {

namespace {

using Kind = PrintToken::Kind;

// (3,) even where the text ends before the bracket.
void skip_extents(PrintLexer& lexer)
{
    lexer.next();
    PrintLexer ahead = lexer;
    for (PrintToken token = ahead.next();
         token.kind == Kind::number || token.is(',') || token.is(')'); token = ahead.next()) {
        lexer = ahead;
        if (token.is(')'))
            return;
    }
}

} // namespace

bool skip_prompt(PrintLexer& lexer, std::string_view word)
{
    PrintLexer ahead = lexer;
    const bool is_prompt = (word == "In" || word == "Out") && ahead.next().is('[')
        && ahead.next().kind == Kind::number && ahead.next().is(']') && ahead.next().is(':');
    if (is_prompt)
        lexer = ahead;
    return is_prompt;
}

bool skip_containing(PrintLexer& lexer, std::string_view word)
{
    PrintLexer ahead = lexer;
    const bool is_parameter
        = word == "Parameter" && ahead.next().text == "containing" && ahead.next().is(':');
    if (!is_parameter)
        return false;
    lexer = ahead;
    if (ahead.next().kind == Kind::line_end) // a value of the same label
        lexer = ahead;
    return true;
}

bool skip_attribute(PrintLexer& lexer, std::string_view word)
{
    PrintLexer ahead = lexer;
    if ((word != "shape" && word != "dtype" && word != "numpy") || !ahead.next().is('='))
        return false;
    lexer = ahead;
    const PrintToken token = word == "numpy" ? PrintToken() : ahead.next();
    if (token.is('('))
        skip_extents(lexer);
    else if (token.kind == Kind::word)
        lexer = ahead;
    return true;
}

void skip_output_index(PrintLexer& lexer)
{
    PrintLexer ahead = lexer;
    if (lexer.peek() == ':' && ahead.next().is(':') && ahead.next().kind == Kind::number)
        lexer = ahead;
}

} // namespace qbn
