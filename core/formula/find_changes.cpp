#include "core/formula/rewrite.h"
#include "core/formula/rewrite_id.h"

#include <algorithm>
#include <array>
#include <utility>

namespace qbn::formula {

namespace {

bool is_call(const Expression& expression, std::string_view function, std::size_t arguments)
{
    return expression.kind == Expression::Kind::call && expression.text == function
        && expression.arguments.size() == arguments;
}

bool is_named(const Expression& expression, std::string_view name)
{
    return expression.kind == Expression::Kind::name && expression.text == name;
}

bool is_one(const Expression& expression)
{
    return expression.kind == Expression::Kind::number
        && (expression.text == "1" || expression.text == "1.0");
}

/// f32(E), which is E for who asks what it computes.
const Expression& without_conversion(const Expression& expression)
{
    for (const std::string_view type : {"f32", "f64", "i32", "i64"}) {
        if (is_call(expression, type, 1))
            return expression.arguments.front();
    }
    return expression;
}

std::string bracketed(const Expression& expression)
{
    if (expression.kind == Expression::Kind::call)
        return "(" + std::string(expression.source) + ")";
    return std::string(expression.source);
}

/// Walks the expressions of a text and notes what could be changed.
class Finder
{
    using enum RewriteId;

public:
    Finder(const Syntax& syntax, std::string_view text)
        : syntax_(syntax)
        , text_(text)
    { }

    std::vector<Change> all()
    {
        for (const Statement& statement : syntax_.statements) {
            where_ = statement.name;
            visit(statement.expression);
            keep_in(statement);
        }
        where_ = {};
        move_zero_point();
        overflow();
        flip_relu();
        return std::move(changes_);
    }

private:
    void add(RewriteId id, std::vector<Edit> edits)
    {
        changes_.push_back(
            {&all_rewrites()[static_cast<std::size_t>(id)], where_, std::move(edits)});
    }

    std::size_t place(std::string_view piece) const
    {
        return static_cast<std::size_t>(piece.data() - text_.data());
    }
    std::size_t end(std::string_view piece) const { return place(piece) + piece.size(); }
    Edit replace(std::string_view piece, std::string by) const
    {
        return {place(piece), piece.size(), std::move(by), false, 0};
    }
    Edit open(std::string_view piece, std::string by) const
    {
        return {place(piece), 0, std::move(by), true, piece.size()};
    }
    Edit close(std::string_view piece, std::string by, std::size_t wider = 0) const
    {
        return {end(piece), 0, std::move(by), false, piece.size() + wider};
    }

    /// What a name stands for, through one statement; the expression itself where it is none.
    const Expression& meaning(const Expression& expression) const
    {
        if (expression.kind != Expression::Kind::name)
            return expression;
        const auto found = std::find_if(
            syntax_.statements.begin(), syntax_.statements.end(),
            [&](const Statement& statement) { return statement.name == expression.text; });
        return found == syntax_.statements.end() ? expression : found->expression;
    }

    void visit(const Expression& expression)
    {
        for (const Expression& argument : expression.arguments)
            visit(argument);
        if (expression.kind != Expression::Kind::call)
            return;
        rounding(expression);
        shifts(expression);
        quotients(expression);
        order(expression);
        fuse(expression);
        unfuse(expression);
        root(expression);
    }

    void rounding(const Expression& call)
    {
        constexpr std::array<std::pair<RewriteId, std::string_view>, 5> roundings{
            {{half_away, "round_away"},
             {half_up, "round_up"},
             {half_even, "rint"},
             {truncated, "trunc"},
             {down, "floor"}}};
        const bool converts = is_call(call, "to_int32_x86", 1) || is_call(call, "to_int64_x86", 1);
        if (converts) {
            // One that rounds before has nothing left to round.
            const Expression& inner = meaning(call.arguments.front());
            for (const auto& [id, function] : roundings) {
                if (is_call(inner, function, 1))
                    return;
            }
            if (is_call(inner, "clamp", 3))
                return;
            const std::string_view source = call.arguments.front().source;
            for (const auto& [id, function] : roundings) {
                if (function != "rint")
                    add(id, {open(source, std::string(function) + "("), close(source, ")", 2)});
            }
            return;
        }
        const bool rounds = std::any_of(roundings.begin(), roundings.end(), [&](const auto& entry) {
            return is_call(call, entry.second, 1);
        });
        if (!rounds)
            return;
        for (const auto& [id, function] : roundings) {
            if (call.text != function)
                add(id, {replace(call.text, std::string(function))});
        }
    }

    void shifts(const Expression& call)
    {
        constexpr std::array<std::pair<RewriteId, std::string_view>, 3> all{
            {{shift_away, "divide_by_pot_round"},
             {shift_up, "shift_round_half_up"},
             {shift_down, "shift_right"}}};
        for (const std::string_view from : {"divide_by_pot_round", "shift_round_half_up"}) {
            if (!is_call(call, from, 2))
                continue;
            for (const auto& [id, function] : all) {
                if (function != from)
                    add(id, {replace(call.text, std::string(function))});
            }
        }
    }

    void quotients(const Expression& call)
    {
        if (is_call(call, "/", 2) && !is_one(call.arguments[0]))
            add(reciprocal, {replace(call.text, "* (1 /"), close(call.arguments[1].source, ")")});
        if (!is_call(call, "*", 2))
            return;
        for (const std::size_t side : {0U, 1U}) {
            const Expression& inverse = without_conversion(meaning(call.arguments[side]));
            if (is_call(inverse, "/", 2) && is_one(inverse.arguments[0]))
                add(division,
                    {replace(call.source,
                             bracketed(call.arguments[1 - side]) + " / "
                                 + bracketed(inverse.arguments[1]))});
        }
    }

    /// a * b / c as a * (b / c)
    void order(const Expression& call)
    {
        const bool is_product = is_call(call, "*", 2);
        if (!is_product && !is_call(call, "/", 2))
            return;
        const Expression& left = call.arguments[0];
        if (!is_call(left, "*", 2))
            return;
        const std::string a = bracketed(left.arguments[0]), b = bracketed(left.arguments[1]),
                          c = bracketed(call.arguments[1]), sign = is_product ? " * " : " / ";
        add(other_order, {replace(call.source, a + " * (" + b + sign + c + ")")});
        add(other_order, {replace(call.source, b + " * (" + a + sign + c + ")")});
    }

    void fuse(const Expression& call)
    {
        const bool is_sum = is_call(call, "+", 2);
        if (!is_sum && !is_call(call, "-", 2))
            return;
        for (const std::size_t side : {0U, 1U}) {
            const Expression& product = meaning(call.arguments[side]);
            if (!is_call(product, "*", 2))
                continue;
            const std::string a = bracketed(product.arguments[0]),
                              b = bracketed(product.arguments[1]),
                              c = bracketed(call.arguments[1 - side]);
            const bool minus_product = !is_sum && side == 1;
            const bool minus_rest = !is_sum && side == 0;
            add(fused,
                {replace(call.source,
                         std::string("fma(") + (minus_product ? "-" : "") + a + ", " + b + ", "
                             + (minus_rest ? "-" : "") + c + ")")});
        }
    }

    void unfuse(const Expression& call)
    {
        if (is_call(call, "fma", 3))
            add(unfused,
                {replace(call.source,
                         "(" + bracketed(call.arguments[0]) + " * " + bracketed(call.arguments[1])
                             + " + " + bracketed(call.arguments[2]) + ")")});
    }

    void root(const Expression& call)
    {
        if (!is_call(call, "sqrt", 1) || !is_call(call.arguments[0], "+", 2))
            return;
        const Expression& sum = call.arguments[0];
        for (const std::size_t side : {0U, 1U}) {
            if (!is_named(sum.arguments[side], "eps"))
                continue;
            const std::string var = "sqrt(" + std::string(sum.arguments[1 - side].source) + ")";
            add(eps_outside, {replace(call.source, "(" + var + " + eps)")});
            add(no_eps, {replace(call.source, var)});
        }
    }

    /// A statement's arithmetic in another precision.
    void keep_in(const Statement& statement)
    {
        constexpr std::array operators{"+", "-", "*", "/", "fma", "sqrt"};
        const Expression& expression = statement.expression;
        const bool computes = std::any_of(operators.begin(), operators.end(), [&](const char* op) {
            return expression.kind == Expression::Kind::call && expression.text == op;
        });
        if (!computes)
            return;
        const std::string_view source = statement.text;
        for (const auto& [id, type] : {std::pair{in_binary16, "f16"}, {in_bfloat16, "bf16"}})
            add(id, {open(source, std::string("f32(") + type + "("), close(source, "))", 4)});
        std::vector<Edit> edits{open(source, "f32("), close(source, ")", 4)};
        widen(expression, edits);
        add(in_binary64, std::move(edits));
    }

    /// Numbers as they are written are what stands beside them; what is converted already is a leaf.
    void widen(const Expression& expression, std::vector<Edit>& edits) const
    {
        const bool is_leaf
            = expression.kind == Expression::Kind::name || is_call(expression, "f32", 1);
        if (is_leaf) {
            edits.push_back(open(expression.source, "f64("));
            edits.push_back(close(expression.source, ")"));
            return;
        }
        if (is_call(expression, "f64", 1))
            return;
        for (const Expression& argument : expression.arguments)
            widen(argument, edits);
    }

    bool is_of_zero_point(const Expression& expression) const
    {
        return is_named(without_conversion(expression), "z_out");
    }

    /// The argument of what rounds, through one name; null where it does not.
    const Expression* rounded(const Expression& expression) const
    {
        const Expression& call = without_conversion(meaning(expression));
        for (const std::string_view function :
             {"rint", "round_away", "round_up", "trunc", "floor", "to_int32_x86", "to_int64_x86"}) {
            if (is_call(call, function, 1))
                return &call.arguments[0];
        }
        return nullptr;
    }

    void zero_points(const Expression& expression, const std::string& type,
                     std::vector<Edit>& edits) const
    {
        for (const Expression& argument : expression.arguments)
            zero_points(argument, type, edits);
        const bool codes = is_call(expression, "to_code", 2);
        if ((!codes && !is_call(expression, "+", 2)) || !is_of_zero_point(expression.arguments[1]))
            return;
        const Expression* inner = rounded(expression.arguments[0]);
        if (!inner)
            return;
        edits.push_back(open(inner->source, "("));
        edits.push_back(close(inner->source, ") + " + type + "(z_out)", 1));
        edits.push_back(replace(expression.arguments[1].source,
                                codes || type.empty() ? "0" : zero_like(expression.arguments[1])));
    }

    static std::string zero_like(const Expression& zero_point)
    {
        return zero_point.kind == Expression::Kind::call ? std::string(zero_point.text) + "(0)"
                                                         : std::string("0");
    }

    void move_zero_point()
    {
        for (const char* type : {"f32", "f64"}) {
            std::vector<Edit> edits;
            for (const Statement& statement : syntax_.statements)
                zero_points(statement.expression, type, edits);
            if (!edits.empty())
                add(zero_inside, std::move(edits));
        }
    }

    void clamps(const Expression& expression, std::vector<Edit>& edits) const
    {
        for (const Expression& argument : expression.arguments)
            clamps(argument, edits);
        if (is_call(expression, "to_code", 2))
            edits.push_back(replace(expression.source,
                                    "wrap_code(to_int64_x86(f64("
                                        + std::string(expression.arguments[0].source) + ")) + "
                                        + bracketed(expression.arguments[1]) + ")"));
        if (is_call(expression, "clamp", 3)
            && is_named(without_conversion(expression.arguments[1]), "qmin"))
            edits.push_back(
                replace(expression.source,
                        "wrap_code(" + std::string(expression.arguments[0].source) + ")"));
    }

    void overflow()
    {
        std::vector<Edit> edits;
        for (const Statement& statement : syntax_.statements)
            clamps(statement.expression, edits);
        if (!edits.empty())
            add(wrapping, std::move(edits));
        const auto y = std::find_if(syntax_.statements.begin(), syntax_.statements.end(),
                                    [](const Statement& s) { return s.name == "y"; });
        if (y != syntax_.statements.end())
            add(narrow, {open(y->text, "max("), close(y->text, ", qmin + 1)", 4)});
    }

    void relus(const Expression& expression, std::vector<Edit>& edits) const
    {
        for (const Expression& argument : expression.arguments)
            relus(argument, edits);
        if (is_named(expression, "relu"))
            edits.push_back(replace(expression.source, "!relu"));
    }

    void flip_relu()
    {
        std::vector<Edit> edits;
        for (const Statement& statement : syntax_.statements)
            relus(statement.expression, edits);
        if (!edits.empty())
            add(other_relu, std::move(edits));
    }

    const Syntax& syntax_;
    std::string_view text_;
    std::string_view where_;
    std::vector<Change> changes_;
};

} // namespace

std::vector<Change> find_changes(const Syntax& syntax, std::string_view text)
{
    return Finder(syntax, text).all();
}

} // namespace qbn::formula
