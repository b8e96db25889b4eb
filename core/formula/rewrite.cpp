#include "core/formula/rewrite.h"

#include <algorithm>
#include <array>

namespace qbn::formula {

namespace {

enum Id : std::size_t
{
    half_away,
    half_up,
    half_even,
    truncated,
    down,
    shift_away,
    shift_up,
    shift_down,
    zero_inside,
    reciprocal,
    division,
    fused,
    unfused,
    other_order,
    in_binary64,
    in_binary16,
    in_bfloat16,
    eps_outside,
    no_eps,
    wrapping,
    narrow,
    other_relu,
};

constexpr std::array rewrites{
    Rewrite{"halves-away", "halves are rounded away from zero"},
    Rewrite{"halves-up", "halves are rounded up"},
    Rewrite{"halves-even", "halves are rounded to even"},
    Rewrite{"truncate", "fractions are cut off"},
    Rewrite{"floor", "it is rounded down"},
    Rewrite{"shift-away", "the shift rounds halves away from zero"},
    Rewrite{"shift-up", "the shift rounds halves up"},
    Rewrite{"shift-down", "the shift rounds down"},
    Rewrite{"zero-inside", "the zero point is added before the rounding"},
    Rewrite{"reciprocal", "it multiplies by the reciprocal"},
    Rewrite{"division", "it divides instead of multiplying by the reciprocal"},
    Rewrite{"fused", "product and sum are fused, rounded once"},
    Rewrite{"unfused", "product and sum are rounded apart"},
    Rewrite{"other-order", "products and quotients are taken in another order"},
    Rewrite{"binary64", "it is computed in binary64 and rounded once"},
    Rewrite{"binary16", "it is kept in binary16"},
    Rewrite{"bfloat16", "it is kept in bfloat16"},
    Rewrite{"eps-outside", "eps is added to the root, not under it"},
    Rewrite{"no-eps", "eps is left out"},
    Rewrite{"wrap", "a code out of range wraps around instead of being clamped"},
    Rewrite{"narrow-range", "the lowest code is not used"},
    Rewrite{"other-relu", "ReLU is the other way: left out, or added where the layer has none"},
};

bool is_call(const Expression& expression, std::string_view function, std::size_t arguments)
{
    return expression.kind == Expression::Kind::call && expression.text == function
        && expression.arguments.size() == arguments;
}

bool is_name(const Expression& expression, std::string_view name)
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
    void add(Id id, std::vector<Edit> edits)
    {
        changes_.push_back({&rewrites[id], where_, std::move(edits)});
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
        constexpr std::array<std::pair<Id, std::string_view>, 5> roundings{
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
        constexpr std::array<std::pair<Id, std::string_view>, 3> all{
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
            add(reciprocal,
                {replace(call.text, "* (1 /"), close(call.arguments[1].source, ")")});
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
            if (!is_name(sum.arguments[side], "eps"))
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
        const bool is_leaf = expression.kind == Expression::Kind::name
            || is_call(expression, "f32", 1);
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
        return is_name(without_conversion(expression), "z_out");
    }

    /// The argument of what rounds, through one name; null where it does not.
    const Expression* rounded(const Expression& expression) const
    {
        const Expression& call = without_conversion(meaning(expression));
        for (const std::string_view function : {"rint", "round_away", "round_up", "trunc", "floor",
                                                "to_int32_x86", "to_int64_x86"}) {
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
                                    "wrap_code(to_int64_x86(" + std::string(expression.arguments[0].source)
                                        + ") + " + bracketed(expression.arguments[1]) + ")"));
        if (is_call(expression, "clamp", 3)
            && is_name(without_conversion(expression.arguments[1]), "qmin"))
            edits.push_back(replace(expression.source,
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
        if (is_name(expression, "relu"))
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

bool overlap(const Edit& a, const Edit& b)
{
    const std::size_t a_end = a.begin + a.length, b_end = b.begin + b.length;
    if (a.length == 0 && b.length == 0)
        return false;
    return a.begin < b_end && b.begin < a_end;
}

/// Where edits begin at one place: what closes, what opens, what is replaced.
bool comes_before(const Edit& a, const Edit& b)
{
    if (a.begin != b.begin)
        return a.begin < b.begin;
    const auto rank = [](const Edit& edit) { return edit.length > 0 ? 2 : edit.opens ? 1 : 0; };
    if (rank(a) != rank(b))
        return rank(a) < rank(b);
    return a.opens ? a.width > b.width : a.width < b.width;
}

} // namespace

std::span<const Rewrite> all_rewrites()
{
    return rewrites;
}

std::vector<Change> find_changes(const Syntax& syntax, std::string_view text)
{
    return Finder(syntax, text).all();
}

std::optional<std::string> apply(std::string_view text, std::span<const Change* const> changes)
{
    std::vector<const Edit*> edits;
    for (const Change* change : changes) {
        for (const Edit& edit : change->edits)
            edits.push_back(&edit);
    }
    for (std::size_t i = 0; i < edits.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (overlap(*edits[i], *edits[j]))
                return std::nullopt;
        }
    }
    std::stable_sort(edits.begin(), edits.end(),
                     [](const Edit* a, const Edit* b) { return comes_before(*a, *b); });
    std::string result;
    std::size_t at = 0;
    for (const Edit* edit : edits) {
        result += text.substr(at, edit->begin - at);
        result += edit->text;
        at = edit->begin + edit->length;
    }
    return result.append(text.substr(at));
}

std::string with_title(const Syntax& syntax, std::string_view text, std::string_view title)
{
    std::string result = "title " + std::string(title) + "\n";
    for (const Header& header : syntax.headers) {
        if (header.key == "parameters" || header.key == "scales")
            result += std::string(header.key) + " " + std::string(header.value) + "\n";
    }
    std::size_t begin = 0;
    for (const Header& header : syntax.headers) {
        const auto end = static_cast<std::size_t>(header.value.data() + header.value.size()
                                                  - text.data());
        begin = std::max(begin, std::min(text.find('\n', end), text.size() - 1) + 1);
    }
    return result.append(text.substr(std::min(begin, text.size())));
}

} // namespace qbn::formula
