#include "core/paste/printed_value.h"

#include "core/text/text_number.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace qbn {

namespace {

// What decimal digits cannot say exactly in binary64.
constexpr double slack = 1 + 1e-9;

bool holds(const PrintedNumber& number, double value)
{
    const double rounding = std::abs(number.value) * std::numeric_limits<double>::epsilon();
    return std::abs(value - number.value) <= number.half_unit * slack + rounding;
}

// Whether the value is the code's, but for the roundings of another arithmetic, or for digits that
// somebody cut away. Two codes are farther apart, unless the zero point is wild.
bool is_nearly(const QuantizationParameters& parameters, const PrintedNumber& number,
               std::int32_t code)
{
    constexpr double tolerance = 1e-6;
    const double value = real_value(parameters, code);
    const double apart = value - number.value;
    // What lost digits is nearer to 0.
    const bool may_be_cut = std::abs(value) >= std::abs(number.value) && value * number.value >= 0
        && std::abs(apart) <= 2 * number.half_unit * slack;
    return may_be_cut || std::abs(apart) <= tolerance * std::max(std::abs(value), parameters.scale);
}

int exponent_of(std::string_view text)
{
    const auto start = text.find_first_of("eE");
    if (start == std::string_view::npos)
        return 0;
    text.remove_prefix(start + 1);
    if (text.starts_with('+'))
        text.remove_prefix(1);
    constexpr int beyond_binary64 = 1000;
    int exponent = text.starts_with('-') ? -beyond_binary64 : beyond_binary64;
    std::from_chars(text.data(), text.data() + text.size(), exponent);
    return std::clamp(exponent, -beyond_binary64, beyond_binary64);
}

double half_unit_of(std::string_view text)
{
    const auto point = text.find('.');
    const auto mantissa_end = std::min(text.find_first_of("eE"), text.size());
    const bool has_fraction = point != std::string_view::npos && point + 1 < mantissa_end;
    if (!has_fraction && mantissa_end == text.size())
        return 0;
    const int fraction = has_fraction ? static_cast<int>(mantissa_end - point - 1) : 0;
    return 0.5 * std::pow(10.0, exponent_of(text) - fraction);
}

} // namespace

bool PrintedNumber::agrees_with(const PrintedNumber& other) const
{
    if (std::isnan(value) || std::isnan(other.value))
        return std::isnan(value) && std::isnan(other.value);
    if (std::isinf(value) || std::isinf(other.value))
        return value == other.value;
    return holds({.value = value, .half_unit = half_unit + other.half_unit}, other.value);
}

std::int64_t PrintedNumber::whole() const
{
    constexpr double largest = 1e15;
    return std::isnan(value) ? 0 : static_cast<std::int64_t>(std::clamp(value, -largest, largest));
}

std::optional<PrintedNumber> read_printed_number(std::string_view text)
{
    if (text.starts_with('+'))
        text.remove_prefix(1);
    // Neither hexadecimal digits nor "Infinity" are Python's.
    const bool is_decimal = text.find_first_not_of("+-.0123456789eE") == std::string_view::npos;
    const std::string_view magnitude = text.substr(text.starts_with('-') ? 1 : 0);
    if (!is_decimal && magnitude != "nan" && magnitude != "inf")
        return std::nullopt;
    const auto value = parse_number(text);
    if (!value)
        return std::nullopt;
    return PrintedNumber{.value = *value,
                         .half_unit = is_decimal ? half_unit_of(magnitude) : 0,
                         .is_integer
                         = magnitude.find_first_not_of("0123456789") == std::string_view::npos};
}

std::optional<double> only_binary32(const PrintedNumber& number)
{
    if (!std::isfinite(number.value))
        return number.value;
    const auto nearest = static_cast<float>(number.value);
    if (!std::isfinite(nearest) || !holds(number, nearest))
        return std::nullopt;
    constexpr float infinity = std::numeric_limits<float>::infinity();
    const bool is_alone = !holds(number, std::nextafter(nearest, infinity))
        && !holds(number, std::nextafter(nearest, -infinity));
    return is_alone ? std::optional<double>(nearest) : std::nullopt;
}

std::optional<PossibleCodes> possible_codes(const QuantizationParameters& parameters,
                                            const PrintedNumber& number)
{
    const auto nearest = quantize(parameters, number.value);
    if (!nearest)
        return std::nullopt;
    const auto fits = [&](std::int32_t code) {
        return parameters.type.contains(code)
            && (holds(number, dequantize(parameters, code))
                || holds(number, real_value(parameters, code)));
    };
    // The values grow with the code, so those that fit stand together around the nearest.
    PossibleCodes codes{.nearest = *nearest};
    if (!fits(*nearest)) {
        const auto nearly = [&](std::int32_t code) { return is_nearly(parameters, number, code); };
        const bool is_alone = nearly(*nearest) && !nearly(*nearest - 1) && !nearly(*nearest + 1);
        codes.count = is_alone ? 1 : 0;
        return codes;
    }
    std::int32_t first = *nearest;
    std::int32_t last = *nearest;
    while (fits(first - 1))
        --first;
    while (fits(last + 1))
        ++last;
    codes.count = std::int64_t{last} - first + 1;
    return codes;
}

const PrintedValue::Attribute* PrintedValue::attribute(std::string_view name) const
{
    const auto found = std::find_if(attributes.begin(), attributes.end(),
                                    [name](const Attribute& a) { return a.name == name; });
    return found == attributes.end() ? nullptr : &*found;
}

std::optional<PrintedNumber> PrintedValue::number(std::string_view name) const
{
    const Attribute* const found = attribute(name);
    if (!found || found->numbers.empty())
        return std::nullopt;
    return found->numbers.front();
}

bool PrintedValue::is_elided() const
{
    return std::any_of(dimensions.begin(), dimensions.end(),
                       [](const PrintedDimension& d) { return d.elided_after.has_value(); });
}

std::int64_t PrintedValue::index_of(std::size_t number, std::size_t dimension,
                                    std::int64_t size) const
{
    auto index = static_cast<std::int64_t>(number);
    for (std::size_t i = dimensions.size(); i-- > dimension + 1;)
        index /= std::max<std::int64_t>(dimensions[i].count, 1);
    const PrintedDimension& own = dimensions[dimension];
    index %= std::max<std::int64_t>(own.count, 1);
    if (own.elided_after && index >= *own.elided_after)
        index += std::max<std::int64_t>(size - own.count, 0);
    return index;
}

} // namespace qbn
