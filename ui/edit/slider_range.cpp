#include "ui/edit/slider_range.h"

#include <QString>

#include <algorithm>
#include <cmath>

namespace qbn::ui {

namespace {

/// Where the signed logarithm turns from linear to logarithmic, as a part of the range.
constexpr double linearPart = 1e-3;

double signedLog(double value, double threshold)
{
    return std::copysign(std::log1p(std::abs(value) / threshold), value);
}

double fromSignedLog(double position, double threshold)
{
    return std::copysign(std::expm1(std::abs(position)) * threshold, position);
}

double thresholdOf(const SliderRange& range)
{
    return std::max(std::abs(range.low), std::abs(range.high)) * linearPart;
}

double withDigits(double value, int digits)
{
    return QString::number(value, 'g', digits).toDouble();
}

/// The next of 1, 2, 5, 10, 20, 50, .. that is not below `value` (> 0).
double roundUp(double value)
{
    const double power = std::pow(10.0, std::floor(std::log10(value)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * power >= value)
            return withDigits(factor * power, 2);
    return withDigits(10 * power, 2);
}

SliderRange symmetric(double reach, SliderScale scale)
{
    return {-reach, reach, scale};
}

SliderRange decades(double value, double fallback, int below, int above)
{
    const bool usable = std::isfinite(value) && value > 0;
    const double magnitude = std::clamp(usable ? value : fallback, 1e-30, 1e30);
    const double decade = std::floor(std::log10(magnitude));
    return {withDigits(std::pow(10.0, decade - below), 2),
            withDigits(std::pow(10.0, decade + above), 2), SliderScale::Log};
}

} // namespace

double SliderRange::shareOf(double value) const
{
    if (std::isnan(value) || value <= low)
        return 0;
    if (value >= high)
        return 1;
    if (scale == SliderScale::Log)
        return std::log(value / low) / std::log(high / low);
    if (scale == SliderScale::Linear)
        return (value - low) / (high - low);
    const double threshold = thresholdOf(*this);
    const double from = signedLog(low, threshold);
    return (signedLog(value, threshold) - from) / (signedLog(high, threshold) - from);
}

double SliderRange::valueAt(double share) const
{
    if (share <= 0)
        return low;
    if (share >= 1)
        return high;
    if (scale == SliderScale::Log)
        return withDigits(low * std::pow(high / low, share), 4);
    if (scale == SliderScale::Linear) {
        const double grain = std::pow(10.0, std::floor(std::log10((high - low) / 1000)));
        return withDigits(std::round(std::lerp(low, high, share) / grain) * grain, 12) + 0.0;
    }
    const double threshold = thresholdOf(*this);
    const double position = std::lerp(signedLog(low, threshold), signedLog(high, threshold), share);
    const double value = fromSignedLog(position, threshold);
    return std::abs(value) < threshold / 30 ? 0.0 : withDigits(value, 4);
}

SliderRange sensibleRange(SliderKind kind, double value)
{
    const double magnitude
        = std::isfinite(value) ? std::clamp(std::abs(value), 1e-30, 1e30) : 1e-30;
    switch (kind) {
    case SliderKind::Mean:
        return symmetric(roundUp(std::max(2 * magnitude, 1.0)), SliderScale::Linear);
    case SliderKind::Positive:
        return decades(value, 1, 3, 3);
    case SliderKind::Tiny:
        return decades(value, 1e-5, 5, 5);
    case SliderKind::Signed:
        break;
    }
    return symmetric(roundUp(std::max(5 * magnitude, 10.0)), SliderScale::SignedLog);
}

} // namespace qbn::ui
