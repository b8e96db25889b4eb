#include "core/text/text_number.h"

#include "core/text/characters.h"
#include "core/text/printed_name.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace qbn {

namespace {

/// Python's repr() layout of shortest digits: fixed from 1e-4 up to 1e16, else scientific.
template <typename Real> std::string shortest(Real value)
{
    if (std::isnan(value))
        return "nan";
    if (std::isinf(value))
        return value < 0 ? "-inf" : "inf";
    const auto magnitude = std::abs(value);
    const bool fixed = magnitude == 0 || (magnitude >= Real(1e-4) && magnitude < Real(1e16));
    std::array<char, 64> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                   fixed ? std::chars_format::fixed : std::chars_format::scientific)
                         .ptr;
    return {buffer.data(), end};
}

/// Of a number that from_chars read to its end: whether it is below 1, however long its digits and
/// its exponent are. Then "0.000..1e400" and "1000..e-400" are told by where their first digit
/// stands.
bool is_below_one(std::string_view number, std::chars_format format)
{
    const bool hex = format == std::chars_format::hex;
    const auto mark = std::min(number.find_first_of(hex ? "pP" : "eE"), number.size());
    const std::string_view digits = number.substr(0, mark);
    const auto point = static_cast<std::int64_t>(std::min(digits.find('.'), digits.size()));
    const auto first = static_cast<std::int64_t>(digits.find_first_not_of("0."));
    std::int64_t shift = first < point ? point - first : point + 1 - first; // 0.1 has 0, 1 has 1
    if (hex)
        shift *= 4;
    std::string_view exponent = number.substr(std::min(mark + 1, number.size()));
    if (exponent.starts_with('+'))
        exponent.remove_prefix(1);
    std::int64_t value = 0;
    if (std::from_chars(exponent.data(), exponent.data() + exponent.size(), value).ec
        == std::errc::result_out_of_range)
        return exponent.starts_with('-');
    return value < -shift;
}

std::optional<double> parse_unsigned(std::string_view text)
{
    if (text == "inf" || text == "Infinity" || text == "infinity")
        return HUGE_VAL;
    if (text == "nan" || text == "NaN")
        return std::nan("");
    auto format = std::chars_format::general;
    if (text.starts_with("0x") || text.starts_with("0X")) {
        text.remove_prefix(2);
        format = std::chars_format::hex;
    }
    // from_chars would take a second sign, "inf" and "nan(..)"; only digits may follow here. That of
    // libstdc++ also takes a second sign in a hexadecimal exponent: 0x1p+-3.
    const bool plain = !text.empty()
        && (text[0] == '.' || std::isxdigit(static_cast<unsigned char>(text[0])) != 0)
        && text.find("+-") == std::string_view::npos;
    if (!plain)
        return std::nullopt;
    double value = 0;
    const auto [end, error]
        = std::from_chars(text.data(), text.data() + text.size(), value, format);
    if (end != text.data() + text.size() || error == std::errc::invalid_argument)
        return std::nullopt;
    if (error == std::errc::result_out_of_range) {
        // from_chars leaves the value alone. Python reads 1e999 as inf and 1e-999 as 0.
        return is_below_one(text, format) ? 0.0 : HUGE_VAL;
    }
    return value;
}

bool begins_number(std::string_view text)
{
    if (text.starts_with("..."))
        return true; // what was left out
    if (text.starts_with('-') || text.starts_with('+') || text.starts_with('.'))
        text.remove_prefix(1);
    return !text.empty()
        && (std::isdigit(static_cast<unsigned char>(text[0])) != 0 || text.starts_with("inf")
            || text.starts_with("nan"));
}

/// Whether another number stands in what follows the first one, within brackets or behind them. What
/// a print says of the tensor, "size=(1, 3)", is none.
bool holds_number(std::string_view text)
{
    constexpr std::string_view between = ", \t\r\n;()[]{}";
    for (auto at = text.find_first_not_of(between); at < text.size();
         at = text.find_first_not_of(between, at)) {
        const std::string_view word = text.substr(at, text.find_first_of(between, at) - at);
        if (begins_number(word))
            return true;
        at += word.size();
        const bool is_said = word.find('=') != std::string_view::npos;
        if (is_said && at < text.size() && (text[at] == '(' || text[at] == '['))
            at = text.find(text[at] == '(' ? ')' : ']', at);
    }
    return false;
}

/// "tensor([5.28], dtype=..)" -> "5.28": what stands behind the innermost opening bracket up to a
/// comma or closing one. Empty where several numbers stand there.
std::string_view inside_call(std::string_view text)
{
    const auto open = text.find_first_of("([");
    if (open == std::string_view::npos)
        return text;
    if (const auto name = trimmed(text.substr(0, open)); !name.empty() && !is_printed_name(name))
        return text;
    const auto first = text.find_first_not_of("([ \t\r\n", open);
    if (first == std::string_view::npos)
        return {};
    const auto last = text.find_first_of(",)] \t\r\n", first);
    if (last == std::string_view::npos)
        return text.substr(first);
    // Of several numbers none is the one.
    return holds_number(text.substr(last)) ? std::string_view() : text.substr(first, last - first);
}

std::string with_ascii_signs(std::string_view text)
{
    std::string ascii;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.substr(i).starts_with("\u2212")) { // minus sign
            ascii += '-';
            i += 2;
        } else {
            ascii += text[i];
        }
    }
    return ascii;
}

constexpr int fewest_digits = 6; ///< that a shortened number keeps

int digit_count(std::string_view text)
{
    return static_cast<int>(
        std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; }));
}

std::string printed(double value, std::chars_format format, int decimals)
{
    std::array<char, 400> buffer{};
    const auto end
        = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format, decimals).ptr;
    return {buffer.data(), end};
}

/// The mantissa with `digits` digits, or fewer where they are all there are.
std::string scientific(double value, int digits)
{
    std::array<char, 64> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                   std::chars_format::scientific)
                         .ptr;
    std::string whole(buffer.data(), end);
    return digit_count(std::string_view(whole).substr(0, whole.find('e'))) <= digits
        ? whole
        : printed(value, std::chars_format::scientific, digits - 1);
}

std::optional<double> parse_signed(std::string_view text)
{
    text = trimmed(text);
    if (text.starts_with('+') && !text.starts_with("+-"))
        text.remove_prefix(1);
    return parse_number(text);
}

} // namespace

std::string format_number(double value)
{
    return shortest(value);
}

std::string format_number(float value)
{
    return shortest(value);
}

std::string format_short(double value, int digits)
{
    std::string whole = shortest(value);
    if (!std::isfinite(value) || digit_count(whole) <= digits)
        return whole;
    const double magnitude = std::abs(value);
    if (magnitude < 1e-4 || magnitude >= std::pow(10.0, digits))
        return scientific(value, std::min(digits, fewest_digits));
    const int exponent = static_cast<int>(std::floor(std::log10(magnitude)));
    int decimals = digits - std::max(1, exponent + 1);
    if (exponent < 0)
        decimals = std::max(decimals, std::min(digits, fewest_digits) - exponent - 1);
    return printed(value, std::chars_format::fixed, decimals);
}

std::string format_short(float value, int digits)
{
    std::string whole = shortest(value);
    const auto mantissa = std::string_view(whole).substr(0, whole.find('e'));
    return std::isfinite(value) && digit_count(mantissa) <= fewest_digits
        ? whole
        : format_short(static_cast<double>(value), digits);
}

std::string format_hex(double value)
{
    if (!std::isfinite(value))
        return shortest(value);
    std::array<char, 40> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(value),
                                   std::chars_format::hex)
                         .ptr;
    return (std::signbit(value) ? "-0x" : "0x") + std::string(buffer.data(), end);
}

std::optional<double> parse_number(std::string_view text)
{
    const bool negative = text.starts_with('-');
    if (negative)
        text.remove_prefix(1);
    const auto magnitude = parse_unsigned(text);
    if (!magnitude)
        return std::nullopt;
    return negative ? -*magnitude : *magnitude;
}

std::optional<double> parse_typed_number(std::string_view typed)
{
    const std::string ascii = with_ascii_signs(typed);
    std::string_view text = trimmed(ascii);
    if (text.find_first_of("([") != std::string_view::npos)
        text = inside_call(text);
    while (text.ends_with(',') || text.ends_with(';'))
        text = trimmed(text.substr(0, text.size() - 1));
    if (const auto slash = text.find('/'); slash != std::string_view::npos) {
        const auto numerator = parse_signed(text.substr(0, slash));
        const auto denominator = parse_signed(text.substr(slash + 1));
        return numerator && denominator ? std::optional(*numerator / *denominator) : std::nullopt;
    }
    if (const auto caret = text.find('^'); caret != std::string_view::npos) {
        const auto base = parse_signed(text.substr(0, caret));
        const auto exponent = parse_signed(text.substr(caret + 1));
        return base && exponent ? std::optional(std::pow(*base, *exponent)) : std::nullopt;
    }
    std::string number(text);
    if (number.find('.') == std::string::npos && number.find(',') == number.rfind(',')) {
        if (const auto comma = number.find(','); comma != std::string::npos)
            number[comma] = '.';
    }
    return parse_signed(number);
}

} // namespace qbn
