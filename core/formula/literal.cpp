#include "core/formula/literal.h"

#include "core/formula/float16.h"

#include <charconv>
#include <limits>

namespace qbn::formula {

namespace {

/// Rounds the digits once, to the type itself.
template <typename T> std::optional<T> read_float(std::string_view text)
{
    if (text == "inf")
        return std::numeric_limits<T>::infinity();
    if (text == "nan")
        return std::numeric_limits<T>::quiet_NaN();
    const bool hex = text.starts_with("0x");
    if (hex)
        text.remove_prefix(2);
    T value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(
        text.data(), end, value, hex ? std::chars_format::hex : std::chars_format::general);
    return error == std::errc() && stop == end ? std::optional(value) : std::nullopt;
}

std::optional<std::int64_t> read_integer(std::string_view text)
{
    const bool hex = text.starts_with("0x");
    if (hex)
        text.remove_prefix(2);
    std::int64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value, hex ? 16 : 10);
    return error == std::errc() && stop == end ? std::optional(value) : std::nullopt;
}

/// -2^63, whose digits alone do not fit, cannot be written.
std::optional<Value> whole_literal(std::string_view text, bool negative, Type type)
{
    const auto read = read_integer(text);
    if (!read)
        return std::nullopt;
    const std::int64_t whole = negative ? -*read : *read;
    Value value{.i64 = whole};
    if (type == Type::i32) {
        if (whole < std::numeric_limits<std::int32_t>::min()
            || whole > std::numeric_limits<std::int32_t>::max())
            return std::nullopt;
        value = {.i32 = static_cast<std::int32_t>(whole)};
    }
    return value;
}

} // namespace

std::optional<Value> read_literal(std::string_view text, bool negative, Type type)
{
    if (type == Type::boolean)
        return std::nullopt;
    if (is_integer(type))
        return whole_literal(text, negative, type);
    if (type == Type::f32) {
        const auto read = read_float<float>(text);
        return read ? std::optional(Value{.f32 = negative ? -*read : *read}) : std::nullopt;
    }
    const auto read = read_float<double>(text);
    if (!read)
        return std::nullopt;
    const double value = negative ? -*read : *read;
    if (type == Type::f64)
        return Value{.f64 = value};
    return Value{.f32 = type == Type::f16 ? round_to_f16(value) : round_to_bf16(value)};
}

} // namespace qbn::formula
