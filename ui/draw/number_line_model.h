#pragma once

#include "ui/look/theme.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <vector>

namespace qbn::ui {

/// A named place on a number line, such as a neighbouring code.
struct NumberLinePoint
{
    double position = 0;
    QString label;

    bool operator==(const NumberLinePoint&) const = default;
};

/// A stretch where values saturate. It is hatched, and labelled where there is room.
struct NumberLineRegion
{
    double low = 0;
    double high = 0;
    QString label;

    bool operator==(const NumberLineRegion&) const = default;
};

/// All that a NumberLine shows; a value.
struct NumberLineModel
{
    double low = 0;
    double high = 1;
    bool integral = false; ///< only whole numbers exist: ticks and dragging stay on them
    std::optional<double> value; ///< nothing: no marker. NaN and infinities are shown as such
    ValueKind kind = ValueKind::Real; ///< colour of the marker
    std::optional<double> target; ///< the code that the value becomes: an arrow ends there
    bool tie = false; ///< halfway between two codes: the marker is a hollow diamond
    bool clamped = false; ///< the target is the end of the range: a stop is drawn there
    std::vector<NumberLinePoint> points; ///< replace the ordinary ticks
    std::vector<double> boundaries; ///< where rounding changes its mind
    std::vector<NumberLineRegion> regions;
};

/// Bit for bit, so that NaN equals NaN.
bool operator==(const NumberLineModel& a, const NumberLineModel& b);

/// One sentence for screen readers.
QString describe(const NumberLineModel& model);

/// 1, 2 or 5 times a power of ten, such that about `count` steps make up `span` (> 0, finite).
double niceStep(double span, int count);

/// All codes of a type, with `code` marked.
NumberLineModel codeLine(std::int32_t qmin, std::int32_t qmax, std::int32_t code, ValueKind kind);

/// The values from low to high (either order), with `value` marked.
NumberLineModel realLine(double low, double high, double value);

/// How `value` becomes `code`: the neighbouring codes, the boundaries between them at k + 0.5, a
/// tie, and the clamp where the value lies outside of [qmin, qmax].
NumberLineModel roundingLine(double value, std::int32_t code, std::int32_t qmin, std::int32_t qmax);

} // namespace qbn::ui
