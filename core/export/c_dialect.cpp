#include "core/export/c_dialect.h"

#include "core/text/text_number.h"

#include <cmath>
#include <limits>

namespace qbn {

using formula::Type;

namespace {

/// With a point, so that it is no whole number: "1.0f", "1e-05f", "INFINITY".
std::string with_point(std::string digits, std::string_view letter)
{
    if (digits == "inf" || digits == "-inf" || digits == "nan")
        return digits == "nan" ? "NAN" : digits == "inf" ? "INFINITY" : "-INFINITY";
    if (digits.find_first_of(".e") == std::string::npos)
        digits += ".0";
    return digits + std::string(letter);
}

std::string whole_literal(Type type, std::int64_t value, bool is_hls)
{
    const bool wide = type == Type::i64;
    const bool least = value == std::numeric_limits<std::int64_t>::min()
        || (!wide && value == std::numeric_limits<std::int32_t>::min());
    const std::string digits = std::to_string(least ? value + 1 : value);
    if (is_hls)
        return std::string(wide ? "i64_t(" : "i32_t(") + digits + (wide ? "LL" : "")
            + (least ? " - 1)" : ")");
    if (least)
        return wide ? "INT64_MIN" : "INT32_MIN";
    return wide ? "INT64_C(" + digits + ")" : digits;
}

} // namespace

std::string_view CDialect::type_name(Type type) const
{
    switch (type) {
    case Type::f64:
        return "double";
    case Type::i64:
        return is_hls ? "i64_t" : "int64_t";
    case Type::i32:
        return is_hls ? "i32_t" : "int32_t";
    case Type::boolean:
        return "bool";
    default:
        return "float";
    }
}

std::string CDialect::literal(Type type, const formula::Value& value) const
{
    switch (type) {
    case Type::f64:
        return with_point(format_number(value.f64), "");
    case Type::i64:
        return whole_literal(type, value.i64, is_hls);
    case Type::i32:
        return whole_literal(type, value.i32, is_hls);
    case Type::boolean:
        return value.boolean != 0 ? "true" : "false";
    default:
        return with_point(format_number(value.f32), "f");
    }
}

HelperType CDialect::describe_c(Type type)
{
    switch (type) {
    case Type::f64:
        return {"double", "", "f64", "64", "", ""};
    case Type::i64:
        return {"int64_t", "uint64_t", "i64", "64", "INT64_MIN", ""};
    case Type::i32:
        return {"int32_t", "uint32_t", "i32", "32", "INT32_MIN", ""};
    default:
        return {"float", "", "f32", "32", "", "f"};
    }
}

HelperType CDialect::describe_hls(Type type)
{
    return type == Type::i32 ? HelperType{"i32_t", "u32_t", "i32", "32", "", ""}
                             : HelperType{"i64_t", "u64_t", "i64", "64", "", ""};
}

} // namespace qbn
