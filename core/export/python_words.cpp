#include "core/export/python_words.h"

#include "core/export/helper.h"
#include "core/export/listing.h"
#include "core/export/python_helpers.h"
#include "core/formula/functions.h"
#include "core/text/text_number.h"

#include <algorithm>
#include <array>

namespace qbn {

using formula::Op;
using formula::Type;
using formula::Value;

bool is_python_word(std::string_view name)
{
    constexpr std::array<std::string_view, 46> words{
        "False",  "None",   "True",    "and",    "as",       "assert",  "async",    "await",
        "break",  "class",  "code",    "codes",  "continue", "def",     "del",      "elif",
        "else",   "except", "finally", "float",  "for",      "from",    "global",   "if",
        "import", "in",     "is",      "lambda", "match",    "math",    "nonlocal", "not",
        "np",     "or",     "pass",    "print",  "raise",    "range",   "return",   "sys",
        "torch",  "try",    "while",   "with",   "yield",    "Fraction"};
    return std::find(words.begin(), words.end(), name) != words.end() || name.starts_with("_")
        || name.starts_with("bn");
}

std::string python_number(Type type, const Value& value)
{
    const auto real = [](double number) {
        const std::string digits = format_number(number);
        if (digits == "inf" || digits == "-inf" || digits == "nan")
            return "float(\"" + digits + "\")";
        return digits.find_first_of(".e") == std::string::npos ? digits + ".0" : digits;
    };
    switch (type) {
    case Type::f64:
        return real(value.f64);
    case Type::i64:
        return std::to_string(value.i64);
    case Type::i32:
        return std::to_string(value.i32);
    case Type::boolean:
        return value.boolean != 0 ? "True" : "False";
    default:
        return real(static_cast<double>(value.f32));
    }
}

std::string_view python_dtype(Type type)
{
    switch (type) {
    case Type::f64:
        return "_F64";
    case Type::i64:
        return "_I64";
    case Type::i32:
        return "_I32";
    case Type::boolean:
        return "_BOOL";
    default:
        return "_F32";
    }
}

std::string_view python_vocabulary_word(Op op)
{
    switch (op) {
    case Op::sqrt:
    case Op::abs:
    case Op::floor:
    case Op::ceil:
    case Op::trunc:
    case Op::rint:
    case Op::any:
    case Op::all:
        return function_name(op);
    case Op::select:
        return "where";
    default:
        return {};
    }
}

std::string_view python_sign(Op op)
{
    if (op == Op::logical_and)
        return "&";
    if (op == Op::logical_or)
        return "|";
    const std::string_view name = function_name(op);
    const bool is_sign = !name.empty() && name.find_first_of("+-*/<=") == 0;
    return is_sign || op == Op::not_equal ? name : std::string_view();
}

bool python_can_say(Op op)
{
    switch (op) {
    case Op::constant:
    case Op::input:
    case Op::negate:
    case Op::logical_not:
    case Op::is_nan:
    case Op::fma:
    case Op::convert:
        return true;
    default:
        break;
    }
    const auto helpers = python_helper_texts();
    return !python_sign(op).empty() || !python_vocabulary_word(op).empty()
        || std::any_of(helpers.begin(), helpers.end(),
                       [op](const Helper& helper) { return helper.name == function_name(op); });
}

} // namespace qbn
