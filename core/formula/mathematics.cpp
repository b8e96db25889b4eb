#include "core/formula/mathematics.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace qbn::formula {

namespace {

using Kind = Mathematics::Kind;

// How tightly the parts of an expression hold together.
enum Binding : int
{
    any = 0,
    disjunction,
    conjunction,
    comparison,
    sum,
    product,
    prefix,
    closed
};

struct Operator
{
    std::string_view text;
    std::string_view sign;
    Binding binding;
};

constexpr std::array operators{
    Operator{"+", "+", sum},          Operator{"-", "−", sum},
    Operator{"*", "·", product},      Operator{"<", "<", comparison},
    Operator{"<=", "≤", comparison},  Operator{">", ">", comparison},
    Operator{">=", "≥", comparison},  Operator{"==", "=", comparison},
    Operator{"!=", "≠", comparison},  Operator{"&&", "∧", conjunction},
    Operator{"||", "∨", disjunction},
};

/// A name with a letter of its own; below and above are what stands beside it.
struct Letter
{
    std::string_view name, letter, below, above;
};

constexpr std::array letters{
    Letter{"mean", "μ", "", ""},  Letter{"var", "σ", "", "2"},     Letter{"gamma", "γ", "", ""},
    Letter{"beta", "β", "", ""},  Letter{"eps", "ε", "", ""},      Letter{"s_in", "s", "x", ""},
    Letter{"z_in", "z", "x", ""}, Letter{"s_out", "s", "y", ""},   Letter{"z_out", "z", "y", ""},
    Letter{"x", "x", "q", ""},    Letter{"x_min", "x", "min", ""}, Letter{"x_max", "x", "max", ""},
    Letter{"y", "y", "q", ""},    Letter{"qmin", "q", "min", ""},  Letter{"qmax", "q", "max", ""},
    Letter{"inf", "∞", "", ""},
};

Mathematics leaf(Kind kind, std::string_view text)
{
    return {kind, std::string(text), {}};
}

Mathematics row(std::vector<Mathematics> parts)
{
    return {Kind::row, {}, std::move(parts)};
}

Mathematics fence(std::string_view brackets, Mathematics inside)
{
    return {Kind::fence, std::string(brackets), {std::move(inside)}};
}

Mathematics power(std::string_view base, std::string_view exponent)
{
    Mathematics above = exponent.starts_with('-')
        ? row({leaf(Kind::mark, "−"), leaf(Kind::number, exponent.substr(1))})
        : leaf(Kind::number, exponent);
    return {Kind::script, {}, {leaf(Kind::number, base), row({}), std::move(above)}};
}

std::string_view without_zeros(std::string_view exponent)
{
    if (exponent.starts_with('+'))
        exponent.remove_prefix(1);
    return exponent;
}

/// 1e-6 and 0x1p31 as powers; 0x1.8p3 stays.
Mathematics number(std::string_view text)
{
    if (text.starts_with("0x1p"))
        return power("2", without_zeros(text.substr(4)));
    const std::size_t e = text.starts_with("0x") ? std::string_view::npos : text.find('e');
    if (e == std::string_view::npos)
        return leaf(Kind::number, text);
    Mathematics ten = power("10", without_zeros(text.substr(e + 1)));
    const std::string_view factor = text.substr(0, e);
    if (factor == "1")
        return ten;
    return row({leaf(Kind::number, factor), leaf(Kind::sign, "·"), std::move(ten)});
}

Binding binding_of(const Expression& e)
{
    if (e.kind != Expression::Kind::call)
        return e.kind == Expression::Kind::number && number(e.text).kind == Kind::row ? product
                                                                                      : closed;
    if (e.text == "negate" || e.text == "!")
        return prefix;
    if (e.text == "fma")
        return closed;
    const auto found = std::find_if(operators.begin(), operators.end(),
                                    [&e](const Operator& o) { return o.text == e.text; });
    return found == operators.end() ? closed : found->binding;
}

/// In brackets where it holds together less than its place wants.
Mathematics held(const Expression& e, Binding wanted, const Program* program)
{
    Mathematics inside = mathematics(e, program);
    return binding_of(e) < wanted ? fence("( )", std::move(inside)) : inside;
}

bool is_type(std::string_view name)
{
    constexpr std::array<std::string_view, 6> types{"f64", "f32", "f16", "bf16", "i64", "i32"};
    return std::find(types.begin(), types.end(), name) != types.end();
}

Mathematics call(const Expression& e, const Program* program)
{
    // The type of a number is not told: it rounds nothing that is not written.
    if (is_type(e.text) && e.arguments[0].kind == Expression::Kind::number)
        return mathematics(e.arguments[0], program);
    std::vector<Mathematics> arguments;
    for (const Expression& argument : e.arguments) {
        if (!arguments.empty())
            arguments.push_back(leaf(Kind::mark, ", "));
        arguments.push_back(mathematics(argument, program));
    }
    return row({leaf(Kind::word, e.text), fence("( )", row(std::move(arguments)))});
}

/// Choices in the place of what is otherwise are rows of one.
Mathematics choice(const Expression& e, const Program* program)
{
    Mathematics rows{Kind::choice, {}, {}};
    const Expression* at = &e;
    for (; at->text == "select" && at->arguments.size() == 3; at = &at->arguments[2]) {
        rows.parts.push_back(mathematics(at->arguments[1], program));
        rows.parts.push_back(mathematics(at->arguments[0], program));
    }
    rows.parts.push_back(mathematics(*at, program));
    return rows;
}

/// A quotient of whole numbers truncates.
bool is_whole(const Expression& quotient, const Program* program)
{
    if (!program)
        return false;
    const auto instructions = program->instructions();
    return std::any_of(instructions.begin(), instructions.end(), [&](const Instruction& i) {
        return i.op == Op::divide && i.text.data() == quotient.source.data()
            && i.text.size() == quotient.source.size() && is_integer(i.type);
    });
}

Mathematics quotient(const Expression& e, const Program* program)
{
    Mathematics fraction{
        Kind::fraction,
        {},
        {mathematics(e.arguments[0], program), mathematics(e.arguments[1], program)}};
    return is_whole(e, program)
        ? row({leaf(Kind::word, "trunc"), fence("( )", std::move(fraction))})
        : fraction;
}

Mathematics known_call(const Expression& e, const Program* program)
{
    const auto argument = [&](std::size_t i) { return mathematics(e.arguments[i], program); };
    if (e.text == "/")
        return quotient(e, program);
    if (e.text == "sqrt")
        return {Kind::root, {}, {argument(0)}};
    if (e.text == "abs")
        return fence("| |", argument(0));
    if (e.text == "floor")
        return fence("⌊ ⌋", argument(0));
    if (e.text == "ceil")
        return fence("⌈ ⌉", argument(0));
    if (e.text == "select")
        return choice(e, program);
    if (e.text == "negate" || e.text == "!")
        return row(
            {leaf(Kind::mark, e.text == "!" ? "¬" : "−"), held(e.arguments[0], prefix, program)});
    return call(e, program);
}

std::string_view latex_of(std::string_view sign)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 23> known{{
        {"−", "-"},
        {"·", "\\cdot "},
        {"≤", "\\le "},
        {"≥", "\\ge "},
        {"≠", "\\ne "},
        {"∧", "\\land "},
        {"∨", "\\lor "},
        {"¬", "\\lnot "},
        {"μ", "\\mu "},
        {"σ", "\\sigma "},
        {"γ", "\\gamma "},
        {"β", "\\beta "},
        {"ε", "\\varepsilon "},
        {"∞", "\\infty "},
        {"⌊", "\\lfloor "},
        {"⌋", "\\rfloor "},
        {"⌈", "\\lceil "},
        {"⌉", "\\rceil "},
        {"min", "\\min"},
        {"max", "\\max"},
        {"(", "("},
        {")", ")"},
        {"|", "|"},
    }};
    const auto found = std::find_if(known.begin(), known.end(),
                                    [sign](const auto& one) { return one.first == sign; });
    return found == known.end() ? sign : found->second;
}

std::string without_space(std::string_view text)
{
    return std::string(text.substr(0, text.find(' ')));
}

std::string latex_word(std::string_view word)
{
    if (word == "min" || word == "max")
        return std::string(latex_of(word));
    std::string text = "\\mathrm{";
    for (const char c : word)
        text += c == '_' ? std::string("\\_") : std::string(1, c);
    return text + "}";
}

std::string latex_script(const Mathematics& shown)
{
    std::string text = latex(shown.parts[0]);
    if (const std::string below = latex(shown.parts[1]); !below.empty())
        text += "_{" + below + "}";
    if (const std::string above = latex(shown.parts[2]); !above.empty())
        text += "^{" + above + "}";
    return text;
}

std::string latex_fence(const Mathematics& shown)
{
    const std::size_t space = shown.text.find(' ');
    return "\\left" + std::string(latex_of(shown.text.substr(0, space))) + latex(shown.parts[0])
        + "\\right" + std::string(latex_of(shown.text.substr(space + 1)));
}

std::string latex_choice(const Mathematics& shown)
{
    std::string text = "\\begin{cases} ";
    for (std::size_t i = 0; i + 1 < shown.parts.size(); i += 2)
        text += latex(shown.parts[i]) + " & \\text{if } " + latex(shown.parts[i + 1]) + " \\\\ ";
    return text + latex(shown.parts.back()) + " & \\text{otherwise} \\end{cases}";
}

/// The formula's title goes behind a comment sign, where TeX reads nothing.
std::string comment(std::string_view text)
{
    return "% " + std::string(text) + "\n";
}

} // namespace

Mathematics mathematics(std::string_view name)
{
    const auto found = std::find_if(letters.begin(), letters.end(),
                                    [name](const Letter& l) { return l.name == name; });
    if (found == letters.end())
        return leaf(Kind::word, name);
    Mathematics letter = leaf(Kind::symbol, found->letter);
    if (found->below.empty() && found->above.empty())
        return letter;
    const auto small = [](std::string_view text) {
        return text.empty() ? row({}) : leaf(text.size() > 1 ? Kind::word : Kind::symbol, text);
    };
    Mathematics above = found->above.empty() ? row({}) : leaf(Kind::number, found->above);
    return {Kind::script, {}, {std::move(letter), small(found->below), std::move(above)}};
}

Mathematics mathematics(const Expression& e, const Program* program)
{
    if (e.kind == Expression::Kind::number)
        return number(e.text);
    if (e.kind == Expression::Kind::name)
        return mathematics(e.text);
    const auto found = std::find_if(operators.begin(), operators.end(),
                                    [&e](const Operator& o) { return o.text == e.text; });
    if (found == operators.end() || e.arguments.size() != 2)
        return known_call(e, program);
    // To the right of an operator an equal one stands in brackets: sums and products are taken from the left.
    const auto right = static_cast<Binding>(found->binding + 1);
    return row({held(e.arguments[0], found->binding, program), leaf(Kind::sign, found->sign),
                held(e.arguments[1], right, program)});
}

Mathematics mathematics(const Statement& statement, const Program& program)
{
    return row({mathematics(statement.name), leaf(Kind::sign, "="),
                mathematics(statement.expression, &program)});
}

std::string latex(const Mathematics& shown)
{
    switch (shown.kind) {
    case Kind::symbol:
    case Kind::number:
    case Kind::mark:
        return std::string(latex_of(shown.text));
    case Kind::word:
        return latex_word(shown.text);
    case Kind::sign:
        return " " + without_space(latex_of(shown.text)) + " ";
    case Kind::fraction:
        return "\\frac{" + latex(shown.parts[0]) + "}{" + latex(shown.parts[1]) + "}";
    case Kind::root:
        return "\\sqrt{" + latex(shown.parts[0]) + "}";
    case Kind::script:
        return latex_script(shown);
    case Kind::fence:
        return latex_fence(shown);
    case Kind::choice:
        return latex_choice(shown);
    case Kind::row:
        break;
    }
    std::string text;
    for (const Mathematics& part : shown.parts)
        text += latex(part);
    return text;
}

std::string latex(const Program& program)
{
    std::string text = comment(program.header("title"))
        + comment("with amsmath; each operation rounds once, to the type of its operands")
        + "\\begin{align*}\n";
    for (const Statement& statement : program.syntax().statements) {
        text += "  " + latex(mathematics(statement.name))
            + " &= " + latex(mathematics(statement.expression, &program));
        text += &statement == &program.syntax().statements.back() ? "\n" : " \\\\\n";
    }
    return text + "\\end{align*}\n";
}

} // namespace qbn::formula
