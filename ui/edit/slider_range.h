#pragma once

#include <QtGlobal>

namespace qbn::ui {

/// How a slider divides its way among the values.
enum class SliderScale : unsigned char
{
    Linear,
    SignedLog, ///< sign(v) log(1 + |v|/threshold): fine around 0, far at both ends
    Log, ///< equal ways for equal ratios; positive values only
};

struct SliderRange
{
    double low = 0;
    double high = 1;
    SliderScale scale = SliderScale::Linear;

    bool operator==(const SliderRange&) const = default;

    bool contains(double value) const { return value >= low && value <= high; }
    double length() const { return high - low; }

    /// 0 at low, 1 at high. Values outside, infinities and NaN (at 0) stay at the ends.
    double shareOf(double value) const;

    /// The inverse, rounded to about four significant digits: a hand on a slider means no more.
    double valueAt(double share) const;
};

/// What the number is, as far as it decides the range.
enum class SliderKind : unsigned char
{
    Mean, ///< linear, symmetric around 0
    Positive, ///< var and scales: decades around the value
    Tiny, ///< eps: more decades around the value
    Signed, ///< gamma and beta: signed logarithm
};

/// A range in which `value` can be moved both ways. Always valid, also for NaN, infinities and
/// values that the kind excludes.
SliderRange sensibleRange(SliderKind kind, double value);

} // namespace qbn::ui
