#include "ui/edit/number_step.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>

namespace qbn::ui {

namespace {

/// How many digits the shortest form has behind the point: 0.25 has 2, 1e-07 has 7, 300 has 0.
int decimalsOf(double value)
{
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                   std::chars_format::scientific)
                         .ptr;
    const std::string_view text(buffer.data(), static_cast<size_t>(end - buffer.data()));
    const auto e = text.find('e');
    const auto point = text.find('.');
    const int digits = point == std::string_view::npos ? 0 : static_cast<int>(e - point - 1);
    int exponent = 0;
    const size_t sign = text[e + 1] == '+' ? 2 : 1;
    std::from_chars(text.data() + e + sign, text.data() + text.size(), exponent);
    return std::max(0, digits - exponent);
}

double roundedToDecimals(double value, int decimals)
{
    std::array<char, 800> buffer{};
    const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                       std::chars_format::fixed, decimals);
    double rounded = value;
    if (written.ec == std::errc{})
        std::from_chars(buffer.data(), written.ptr, rounded);
    return rounded;
}

/// The double nearest to 10^exponent; std::pow may be off by one in the last place.
double powerOfTen(int exponent)
{
    std::array<char, 8> text{'1', 'e'};
    const auto end = std::to_chars(text.data() + 2, text.data() + text.size(), exponent).ptr;
    double power = 0;
    std::from_chars(text.data(), end, power);
    return power;
}

} // namespace

double stepped(double value, int count, StepSize size, double zeroStep)
{
    if (!std::isfinite(value))
        return value;
    const int shift = size == StepSize::Coarse ? 1 : size == StepSize::Fine ? -1 : 0;
    double step = 0;
    if (value == 0) {
        step = roundedToDecimals(zeroStep * powerOfTen(shift), decimalsOf(zeroStep) + 1);
    } else {
        std::array<char, 32> buffer{};
        const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(),
                                       std::abs(value), std::chars_format::scientific)
                             .ptr;
        const std::string_view text(buffer.data(), static_cast<size_t>(end - buffer.data()));
        const auto e = text.find('e');
        int exponent = 0;
        std::from_chars(text.data() + e + (text[e + 1] == '+' ? 2 : 1), text.data() + text.size(),
                        exponent);
        step = powerOfTen(std::max(exponent - 2 + shift, -323));
    }
    constexpr double largest = std::numeric_limits<double>::max();
    const double sum = std::clamp(value + count * step, -largest, largest);
    return roundedToDecimals(sum, std::max(decimalsOf(value), decimalsOf(step)));
}

} // namespace qbn::ui
