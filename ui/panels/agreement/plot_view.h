#pragma once

#include <QPointF>

namespace qbn::ui {

/// From low to high, low < high.
struct PlotRange
{
    double low = 0;
    double high = 1;

    double span() const { return high - low; }
    double middle() const { return (low + high) / 2; }
    bool operator==(const PlotRange&) const = default;
};

/// What part of a plot is shown: never more than the whole, never less than smallestSpan each way.
/// A value; pure arithmetic.
class PlotView
{
public:
    PlotView(PlotRange wholeX, PlotRange wholeY, double smallestSpanX, double smallestSpanY);

    PlotRange x() const { return m_x; }
    PlotRange y() const { return m_y; }
    bool isZoomed() const { return m_x != m_wholeX || m_y != m_wholeY; }

    /// Another whole: an unzoomed direction follows it, a zoomed one stays as far as it can.
    void setWhole(PlotRange wholeX, PlotRange wholeY);

    /// `factor` > 1 shows less, and `anchor` stays where it is.
    void zoom(double factorX, double factorY, QPointF anchor);

    /// Moves what is shown by `delta`.
    void pan(QPointF delta);

    /// Moves no farther than needed to have the point inside.
    void reveal(QPointF point);

    void reset();

    /// Shows x and y, as far as the limits allow.
    void show(PlotRange x, PlotRange y);

private:
    PlotRange m_wholeX, m_wholeY;
    PlotRange m_x, m_y;
    double m_smallestX, m_smallestY;
};

} // namespace qbn::ui
