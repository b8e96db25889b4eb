#include "core/paste/source_lines.h"

#include "core/text/characters.h"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace qbn {

namespace {

using Text = std::string_view;

bool is_letter_or_underscore(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_word_character(char c)
{
    return is_letter_or_underscore(c) || is_digit(c);
}

bool starts_with_any(Text text, std::initializer_list<Text> starts)
{
    return std::any_of(starts.begin(), starts.end(),
                       [text](Text start) { return text.starts_with(start); });
}

bool has(Text text, Text part)
{
    return text.find(part) != Text::npos;
}

// One past a name such as self.bn[0].weight at `from`; `from` where none stands there.
std::size_t dotted_name_end(Text text, std::size_t from)
{
    std::size_t end = from;
    if (end == text.size() || !is_letter_or_underscore(text[end]))
        return from;
    while (end < text.size()) {
        const char c = text[end];
        const bool is_arrow = text.substr(end).starts_with("->");
        const bool is_scope = text.substr(end).starts_with("::");
        if (is_word_character(c) || c == '.')
            ++end;
        else if (is_arrow || is_scope)
            end += 2;
        else if (c == '[') {
            const auto close = text.find(']', end);
            if (close == Text::npos)
                return end;
            end = close + 1;
        } else
            break;
    }
    return end;
}

Text last_part(Text name)
{
    const auto dot = name.find_last_of(".:");
    return dot == Text::npos ? name : name.substr(dot + 1);
}

// A call of something that makes a value to be printed as such.
bool makes_literal(Text callee)
{
    constexpr std::array makers{Text("tensor"),    Text("array"),       Text("asarray"),
                                Text("Tensor"),    Text("FloatTensor"), Text("float32"),
                                Text("float"),     Text("int"),         Text("list"),
                                Text("Parameter"), Text("FloatType")};
    return std::find(makers.begin(), makers.end(), last_part(callee)) != makers.end();
}

// Nothing but numbers, brackets and what makes an array of them.
bool is_literal_text(Text text)
{
    bool has_digit = false;
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        if (is_digit(c)) {
            has_digit = true;
            while (at < text.size()
                   && (is_word_character(text[at]) || text[at] == '.'
                       || ((text[at] == '-' || text[at] == '+')
                           && (text[at - 1] == 'e' || text[at - 1] == 'E'))))
                ++at;
            continue;
        }
        if (is_letter_or_underscore(c)) {
            const std::size_t end = dotted_name_end(text, at);
            const Text name = text.substr(at, end - at);
            const bool is_call = end < text.size() && text[end] == '(' && makes_literal(name);
            const bool is_option = end < text.size() && text[end] == '=';
            // torch.rand(3) makes other numbers than it is given.
            const bool is_other_call = end < text.size() && text[end] == '(' && !is_call
                && !starts_with_any(last_part(name), {"float", "int", "uint"});
            const bool is_word
                = starts_with_any(name,
                                  {"torch.", "np.", "numpy.", "dtype", "float", "int", "uint",
                                   "quint", "qint", "nan", "inf", "True", "False"});
            if ((!is_call && !is_option && !is_word) || is_other_call)
                return false;
            at = end;
            continue;
        }
        constexpr Text allowed = " \t[]{}(),+-./;='\"";
        if (allowed.find(c) == Text::npos)
            return false;
        ++at;
    }
    return has_digit;
}

// Of "float mean[3] = {0.5f, ..};  // comment" what stands in front of the comment.
Text without_comment(Text line)
{
    for (const Text mark : {Text("//"), Text(" #"), Text("/*")}) {
        const auto at = line.find(mark);
        if (at != Text::npos && at > 0)
            line = trimmed(line.substr(0, at));
    }
    return line;
}

// The '=' of an assignment, none of ==, <=, += and none in brackets of a call.
std::size_t assignment_in(Text line)
{
    for (std::size_t at = 1; at < line.size(); ++at) {
        if (line[at] == '(')
            return Text::npos;
        if (line[at] != '=')
            continue;
        const bool is_compared = at + 1 < line.size() && line[at + 1] == '=';
        constexpr Text operators = "=!<>+-*/|&%:";
        if (is_compared || operators.find(line[at - 1]) != Text::npos)
            return Text::npos;
        return at;
    }
    return Text::npos;
}

bool is_comment(Text line)
{
    return starts_with_any(line, {"#", "//", "/*", "*/", "* "}) && !line.starts_with("#0");
}

bool is_numbers_alone(Text line)
{
    return line.find_first_not_of("0123456789.,-+eE[](){} \tf;xn/") == Text::npos;
}

// "def f(", "class A:", "import numpy as np", ..
bool starts_statement(Text line)
{
    if (starts_with_any(line,
                        {"def ",        "async def ", "@",         "self.",      "super(",
                         "raise ",      "try:",       "except",    "finally:",   "else:",
                         "elif ",       "assert ",    "assert(",   "namespace ", "using ",
                         "template",    "typedef ",   "public:",   "private:",   "protected:",
                         "return;",     "} else",     "switch (",  "switch(",    "case ",
                         "default:",    "break;",     "continue;", "EXPECT_",    "ASSERT_",
                         "TEST(",       "TEST_F(",    "TEST_P(",   "std::cout",  "printf(",
                         "fprintf(",    "delete ",    "fn ",       "func ",      "function ",
                         "pub ",        "impl ",      "package ",  "export ",    "module.exports",
                         "if __name__", "if (",       "if(",       "while (",    "while(",
                         "for (",       "for(",       "}else",     "do {",       "$ ",
                         "pip ",        "sudo ",      "git ",      "cmake ",     "docker "}))
        return true;
    // JavaScript's; "var = [0.5]" and "var tensor(..)" are a variance.
    for (const Text declares : {Text("let "), Text("var ")}) {
        const auto equals = line.find('=');
        if (line.starts_with(declares) && equals != Text::npos && equals > declares.size()
            && trimmed(line.substr(declares.size(), equals - declares.size())).find(' ')
                == Text::npos
            && line.find('(') > equals)
            return true;
    }
    const bool ends_block = line.ends_with(':') || line.ends_with('{');
    if (starts_with_any(line, {"if ", "while ", "with ", "for ", "class ", "struct ", "enum "}))
        return ends_block && !has(line, ". ");
    if (line.starts_with("return "))
        return line.ends_with(';') || line.find(' ', 7) == Text::npos || has(line, "(");
    if (line.starts_with("import "))
        return line.find(' ', 7) == Text::npos || has(line, " as ") || has(line, ",")
            || line.ends_with(';');
    return line.starts_with("from ") && has(line, " import ");
}

bool is_stack_trace(Text line)
{
    const bool is_frame = line.size() > 1 && line[0] == '#' && is_digit(line[1]);
    return is_frame || line.starts_with("Traceback (most recent")
        || (line.starts_with("File \"") && has(line, ", line "))
        || (line.starts_with("at ") && has(line, "(") && line.ends_with(')'))
        || (has(line, "Error: ") && line.find(' ') > line.find("Error:"));
}

// Of f"{x.q_scale()=}" what Python prints: x.q_scale()=0.0125. The name ends in front of '('.
bool prints_expression(Text line, std::size_t name_end)
{
    std::size_t at = name_end;
    for (int depth = 0; at < line.size(); ++at) {
        const char c = line[at];
        depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
        if (depth == 0 && c == '=')
            return at + 1 < line.size() && line[at + 1] != '=' && line[at - 1] != ' ';
        const bool continues
            = depth > 0 || c == ')' || c == ']' || c == '.' || is_word_character(c);
        if (!continues)
            return false;
    }
    return false;
}

// model.eval(), torch.quantization.prepare(model, inplace=True), but none of the forms of a print:
// tensor(..), Linear(..), (conv1): Sequential(
bool is_call_statement(Text line)
{
    const std::size_t end = dotted_name_end(line, 0);
    if (end == 0 || end == line.size() || line[end] != '(')
        return false;
    const Text name = line.substr(0, end);
    const Text callee = last_part(name);
    const bool is_class = callee.empty() || (callee.front() >= 'A' && callee.front() <= 'Z');
    const bool is_print = callee == "tensor" || callee == "array" || callee == "dict"
        || callee.starts_with("float") || callee.starts_with("int") || callee.starts_with("uint");
    return !is_class && !is_print && !prints_expression(line, end);
}

bool is_declaration(Text line)
{
    const bool is_function = has(line, "(")
        && starts_with_any(line,
                           {"void ", "int ", "float ", "double ", "bool ", "auto ", "static ",
                            "inline ", "constexpr ", "const ", "std::", "extern ", "virtual ",
                            "explicit ", "size_t ", "Status ", "public ", "private "});
    return is_function
        && (line.ends_with('{') || line.ends_with(';') || line.ends_with(',')
            || line.ends_with('('));
}

LineKind kind_of_assignment(Text line, std::size_t equals)
{
    const Text value = trimmed(line.substr(equals + 1));
    if (has(value, "-> ") && is_digit(value.back()))
        return LineKind::other; // somebody noted what it printed
    if (value.empty() || value == "True" || value == "False" || is_literal_text(value)
        || value == "[" || value == "{" || value == "(" || value == "\\")
        return LineKind::literal;
    const std::size_t name_end = dotted_name_end(value, 0);
    const bool is_call = name_end > 0 && name_end < value.size() && value[name_end] == '(';
    const Text callee = value.substr(0, name_end);
    if (is_call && makes_literal(callee))
        return LineKind::literal;
    const bool is_class = is_call && last_part(callee).size() > 1 && last_part(callee)[0] >= 'A'
        && last_part(callee)[0] <= 'Z' && !line.ends_with(';');
    // scale=Quantize(..) in a print, name = nn.BatchNorm2d(3) in a script.
    const bool has_spaces = equals > 0 && line[equals - 1] == ' ';
    if (is_call)
        return is_class && !has_spaces ? LineKind::other : LineKind::source;
    const bool is_statement = line.ends_with(';') || value.starts_with("lambda ")
        || value.starts_with("not ") || (name_end == value.size() && has_spaces && name_end > 0);
    return is_statement ? LineKind::source : LineKind::other;
}

// One past the last line of a statement whose brackets are open at the end of its first line.
std::size_t end_of_statement(const PasteText& text, std::size_t first)
{
    constexpr std::size_t longest_statement = 60;
    int open = 0;
    for (std::size_t line = first; line < std::min(text.line_count(), first + longest_statement);
         ++line) {
        for (const char c : text.line(line))
            open += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (open <= 0)
            return line + 1;
    }
    return first + 1;
}

} // namespace

bool calls_other_maker(std::string_view line)
{
    const std::size_t equals = assignment_in(line);
    for (std::size_t at = equals; at < line.size(); ++at) {
        if (!is_letter_or_underscore(line[at]))
            continue;
        std::size_t end = at;
        while (end < line.size() && (is_word_character(line[end]) || line[end] == '.'))
            ++end;
        const Text name = line.substr(at, end - at);
        if (end < line.size() && line[end] == '(' && !makes_literal(name)
            && !starts_with_any(last_part(name),
                                {"float", "int", "uint", "Quantized", "BatchNorm"}))
            return true;
        at = end;
    }
    return false;
}

LineKind kind_of_line(std::string_view whole)
{
    const Text line = trimmed(whole);
    if (line.empty())
        return LineKind::blank;
    if (is_stack_trace(line))
        return LineKind::trace;
    if (starts_statement(line))
        return LineKind::source;
    if (line.starts_with("#define ") && has(line, " ")
        && is_literal_text(line.substr(line.rfind(' '))))
        return LineKind::literal;
    if (is_comment(line) || is_numbers_alone(line))
        return LineKind::neutral;
    if (is_call_statement(line) || is_declaration(line))
        return LineKind::source;
    const Text statement = without_comment(line);
    if (is_numbers_alone(statement))
        return LineKind::neutral;
    const std::size_t equals = assignment_in(statement);
    if (equals != Text::npos)
        return kind_of_assignment(statement, equals);
    // x.foo(); and a = b + c;
    return statement.ends_with(");") || statement.ends_with("};") ? LineKind::source
                                                                  : LineKind::other;
}

std::vector<LineKind> kinds_of_lines(const PasteText& text)
{
    std::vector<LineKind> kinds;
    kinds.reserve(text.line_count());
    while (kinds.size() < text.line_count()) {
        const std::size_t first = kinds.size();
        const Text line = trimmed(text.line(first));
        kinds.push_back(kind_of_line(line));
        if ((kinds.back() != LineKind::source && kinds.back() != LineKind::trace)
            || text.place_of_line(first).is_prompt)
            continue;
        std::size_t end = end_of_statement(text, first);
        const bool opens_text
            = (has(line, "\"\"\"") && line.find("\"\"\"") == line.rfind("\"\"\""));
        for (std::size_t i = first + 1; opens_text && i < text.line_count(); ++i) {
            if (!has(text.line(i), "\"\"\""))
                continue;
            end = i + 1;
            break;
        }
        while (kinds.size() < end)
            kinds.push_back(LineKind::source);
    }
    return kinds;
}

} // namespace qbn
