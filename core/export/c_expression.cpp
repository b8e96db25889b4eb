#include "core/export/c_expression.h"

#include "core/export/listing.h"

#include <algorithm>

namespace qbn {

using formula::Instruction;
using formula::Op;
using formula::Type;

namespace {

/// What our helper for whole numbers is called.
std::string_view helper_name(Op op)
{
    switch (op) {
    case Op::add:
        return "add";
    case Op::subtract:
        return "subtract";
    case Op::multiply:
        return "multiply";
    case Op::divide:
        return "divide";
    default:
        return function_name(op); // and math.h's, without its "f"
    }
}

bool is_narrow(Type type)
{
    return type == Type::f16 || type == Type::bf16;
}

class CExpression
{
public:
    CExpression(const Instruction& instruction, Type type,
                const std::function<std::string(std::size_t)>& operand, const CDialect& dialect,
                HelperSet& helpers)
        : instruction_(instruction)
        , type_(type)
        , operand_(operand)
        , dialect_(dialect)
        , helpers_(helpers)
    { }

    std::string text() const
    {
        switch (instruction_.op) {
        case Op::add:
        case Op::subtract:
        case Op::multiply:
        case Op::divide:
            return formula::is_float(type_) ? rounded(infix()) : called();
        case Op::less:
        case Op::less_equal:
        case Op::equal:
        case Op::not_equal:
        case Op::logical_and:
        case Op::logical_or:
            return infix();
        case Op::negate:
            return formula::is_float(type_) ? "-" + operand_(0) : called();
        case Op::abs:
            return formula::is_float(type_) ? standard("fabs") : called();
        case Op::logical_not:
            return "!" + operand_(0);
        case Op::select:
            return operand_(0) + " ? " + operand_(1) + " : " + operand_(2);
        case Op::is_nan:
            return operand_(0) + " != " + operand_(0);
        case Op::fma:
            return is_narrow(type_) ? narrowed(instruction_.type, help("fma_to_odd") + list())
                                    : standard("fma");
        case Op::sqrt:
            return rounded(standard("sqrt"));
        case Op::floor:
        case Op::ceil:
        case Op::trunc:
        case Op::rint:
            return standard(function_name(instruction_.op));
        case Op::convert:
            return conversion();
        default:
            return called();
        }
    }

private:
    std::string infix() const
    {
        return operand_(0) + " " + std::string(function_name(instruction_.op)) + " " + operand_(1);
    }

    std::string list() const
    {
        std::string text = "(";
        for (std::size_t k = 0; k < instruction_.count; ++k)
            text += (k > 0 ? ", " : "") + operand_(k);
        return text + ")";
    }

    std::string standard(std::string_view name) const
    {
        return std::string(name) + (type_ == Type::f64 ? "" : "f") + list();
    }

    std::string help(std::string_view name) const
    {
        helpers_.use(name);
        return "qbn_" + std::string(name);
    }

    /// A helper, for a type where it has one for each.
    std::string called() const
    {
        const std::string_view name = helper_name(instruction_.op);
        const Type type = is_narrow(type_) ? Type::f32 : type_;
        helpers_.use(name, type);
        for (const Helper& helper : dialect_.helpers()) {
            if (helper.name == name && helper.text.find("$S") != std::string_view::npos)
                return "qbn_" + std::string(name) + "_"
                    + std::string(CDialect::describe_c(type).suffix) + list();
        }
        return "qbn_" + std::string(name) + list();
    }

    /// A binary32 to a narrow format: its digits are more than twice as many and two, so the first rounding does no harm.
    std::string rounded(const std::string& text) const
    {
        if (!is_narrow(type_))
            return text;
        return help(type_ == Type::f16 ? "round_f16" : "round_bf16") + "(" + text + ")";
    }

    std::string narrowed(Type to, const std::string& binary64) const
    {
        return help(to == Type::f16 ? "round_f16" : "round_bf16") + "(" + help("to_odd") + "("
            + binary64 + "))";
    }

    std::string conversion() const
    {
        const Type to = instruction_.type;
        if (!is_narrow(to)) {
            const std::string name(dialect_.type_name(to));
            return (dialect_.is_hls ? name + "(" : "(" + name + ")") + operand_(0)
                + (dialect_.is_hls ? ")" : "");
        }
        if (type_ == Type::f64)
            return narrowed(to, operand_(0));
        if (formula::is_integer(type_))
            return narrowed(to, help("whole_to_odd") + list());
        return help(to == Type::f16 ? "round_f16" : "round_bf16") + list();
    }

    const Instruction& instruction_;
    Type type_;
    const std::function<std::string(std::size_t)>& operand_;
    const CDialect& dialect_;
    HelperSet& helpers_;
};

} // namespace

std::string c_expression(const Instruction& instruction, Type operand_type,
                         const std::function<std::string(std::size_t)>& operand,
                         const CDialect& dialect, HelperSet& helpers)
{
    return CExpression(instruction, operand_type, operand, dialect, helpers).text();
}

bool c_can_say(Op op, const CDialect& dialect)
{
    switch (op) {
    case Op::constant:
    case Op::input:
    case Op::less:
    case Op::less_equal:
    case Op::equal:
    case Op::not_equal:
    case Op::logical_and:
    case Op::logical_or:
    case Op::logical_not:
    case Op::select:
    case Op::is_nan:
    case Op::convert:
    case Op::fma:
    case Op::sqrt:
    case Op::floor:
    case Op::ceil:
    case Op::trunc:
    case Op::rint:
    case Op::any:
    case Op::all:
    case Op::smallest:
    case Op::largest:
        return true;
    default:
        return std::any_of(dialect.helpers().begin(), dialect.helpers().end(),
                           [op](const Helper& helper) { return helper.name == helper_name(op); });
    }
}

} // namespace qbn
