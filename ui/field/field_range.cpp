#include "ui/field/field_range.h"

#include <QString>

#include <algorithm>
#include <cmath>

namespace qbn::ui {

namespace {

double withDigits(double value, int digits)
{
    return QString::number(value, 'g', digits).toDouble();
}

/// The next of 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, .. that is not below `value` (> 0).
double roundUp(double value)
{
    const double power = std::pow(10.0, std::floor(std::log10(value)));
    for (const double factor : {1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0})
        if (factor * power >= value)
            return withDigits(factor * power, 2);
    return withDigits(10 * power, 2);
}

bool isUsable(double value)
{
    return std::isfinite(value) && std::abs(value) < 1e30;
}

SliderRange meanRange(const QuantizationParameters& input, double value)
{
    double low = std::min(real_value(input, input.type.qmin()), 0.0);
    double high = std::max(real_value(input, input.type.qmax()), 0.0);
    if (!isUsable(low) || !isUsable(high) || high - low < 1e-30)
        return sensibleRange(SliderKind::Mean, value);
    if (isUsable(value)) {
        low = value < low ? -roundUp(2 * std::abs(value)) : low;
        high = value > high ? roundUp(2 * value) : high;
    }
    return {withDigits(low, 3), withDigits(high, 3), SliderScale::Linear};
}

SliderRange gammaRange(double value)
{
    if (!isUsable(value) || std::abs(value) < 1e-30)
        return {-2, 2, SliderScale::Linear};
    const double reach = roundUp(2 * std::abs(value));
    return value > 0 ? SliderRange{0, reach, SliderScale::Linear}
                     : SliderRange{-reach, 0, SliderScale::Linear};
}

SliderRange betaRange(const QuantizationParameters& output, double value)
{
    const double half = output.scale * output.type.count() / 2;
    if (!isUsable(half) || half < 1e-30 || !isUsable(value))
        return sensibleRange(SliderKind::Signed, value);
    const double reach = roundUp(half);
    if (std::abs(value) <= reach / 2)
        return {-reach, reach, SliderScale::Linear};
    // Beside a value far away its steps would be lost in rounding to them.
    if (std::abs(value) > 1e4 * reach)
        return sensibleRange(SliderKind::Signed, value);
    const double center = std::round(value / reach * 2) * reach / 2;
    return {withDigits(center - reach, 8), withDigits(center + reach, 8), SliderScale::Linear};
}

} // namespace

SliderRange fieldRange(const BatchNormLayer& layer, Field field, double value)
{
    const auto codes = [](const QuantizationParameters& side) {
        return SliderRange{static_cast<double>(side.type.qmin()),
                           static_cast<double>(side.type.qmax()), SliderScale::Linear};
    };
    switch (field) {
    case Field::mean:
        return meanRange(layer.input, value);
    case Field::gamma:
        return gammaRange(value);
    case Field::beta:
        return betaRange(layer.output, value);
    case Field::input_zero_point:
        return codes(layer.input);
    case Field::output_zero_point:
        return codes(layer.output);
    case Field::eps:
        return sensibleRange(SliderKind::Tiny, value);
    default:
        return sensibleRange(SliderKind::Positive, value);
    }
}

} // namespace qbn::ui
