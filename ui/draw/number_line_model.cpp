#include "ui/draw/number_line_model.h"

#include "core/text/text_number.h"

#include <QStringList>

#include <algorithm>
#include <bit>
#include <cmath>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

bool same(const std::optional<double>& a, const std::optional<double>& b)
{
    if (!a || !b)
        return a.has_value() == b.has_value();
    return std::bit_cast<std::uint64_t>(*a) == std::bit_cast<std::uint64_t>(*b);
}

QString number(double value)
{
    return QString::fromStdString(format_number(value));
}

/// Marks what lies outside of the codes; the limits are the last rounding boundaries.
void addSaturation(NumberLineModel& line, double qmin, double qmax)
{
    if (line.low < qmin - 0.5)
        line.regions.push_back({line.low, qmin - 0.5, u"low"_s});
    if (line.high > qmax + 0.5)
        line.regions.push_back({qmax + 0.5, line.high, u"high"_s});
}

/// The codes next to the value, two on each side at most.
void showNeighbours(NumberLineModel& line, double value, double qmin, double qmax)
{
    const double below = std::floor(value);
    line.low = below - 1.3;
    line.high = below + 2.3;
    for (int i = -1; i <= 2; ++i) {
        const double code = below + i;
        if (code >= qmin && code <= qmax)
            line.points.push_back({code, number(code)});
        const double edge = code + 0.5;
        if (i < 2 && edge > qmin && edge < qmax)
            line.boundaries.push_back(edge);
    }
}

/// The last code and the value far behind it.
void showClamp(NumberLineModel& line, double value, double end)
{
    const double distance = std::isfinite(value) ? std::abs(value - end) : 4.0;
    const double outwards = value < end ? -1 : 1;
    const double inside = end - outwards * 0.25 * distance;
    const double outside = end + outwards * 1.15 * distance;
    line.low = std::min(inside, outside);
    line.high = std::max(inside, outside);
    line.points.push_back({end, number(end)});
}

} // namespace

bool operator==(const NumberLineModel& a, const NumberLineModel& b)
{
    return same(a.low, b.low) && same(a.high, b.high) && a.integral == b.integral
        && same(a.value, b.value) && a.kind == b.kind && same(a.target, b.target) && a.tie == b.tie
        && a.clamped == b.clamped && a.points == b.points && a.boundaries == b.boundaries
        && a.regions == b.regions;
}

QString describe(const NumberLineModel& model)
{
    if (!model.value)
        return u"No value."_s;
    if (std::isnan(*model.value))
        return u"Not a number."_s;
    QString sentence = number(*model.value) + u" on a line from "_s + number(model.low) + u" to "_s
        + number(model.high);
    if (model.target)
        sentence += u", becomes "_s + number(*model.target);
    if (model.tie)
        sentence += u", a tie"_s;
    if (model.clamped)
        sentence += u", clamped"_s;
    return sentence + u'.';
}

double niceStep(double span, int count)
{
    const double raw = span / count;
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * power >= raw * (1 - 1e-12))
            return factor * power;
    return 10 * power;
}

NumberLineModel codeLine(std::int32_t qmin, std::int32_t qmax, std::int32_t code, ValueKind kind)
{
    NumberLineModel line;
    line.low = qmin;
    line.high = qmax;
    line.integral = true;
    line.value = code;
    line.kind = kind;
    return line;
}

NumberLineModel realLine(double low, double high, double value)
{
    NumberLineModel line;
    line.low = std::min(low, high);
    line.high = std::max(low, high);
    line.value = value;
    return line;
}

NumberLineModel roundingLine(double value, std::int32_t code, std::int32_t qmin, std::int32_t qmax)
{
    NumberLineModel line;
    line.value = value;
    line.kind = ValueKind::Output;
    line.integral = true;
    if (std::isnan(value)) {
        line.low = qmin;
        line.high = qmax;
        line.kind = ValueKind::Problem;
        return line;
    }
    line.target = code;
    line.clamped = value < qmin - 0.5 || value > qmax + 0.5;
    if (value > qmin - 2.0 && value < qmax + 2.0) {
        line.tie = value - std::floor(value) == 0.5;
        showNeighbours(line, value, qmin, qmax);
    } else {
        showClamp(line, value, value < qmin ? qmin : qmax);
    }
    addSaturation(line, qmin, qmax);
    return line;
}

} // namespace qbn::ui
