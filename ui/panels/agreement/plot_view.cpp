#include "ui/panels/agreement/plot_view.h"

#include <algorithm>

namespace qbn::ui {

namespace {

/// The range of the same length nearest to `wanted` that lies in `whole`.
PlotRange within(PlotRange wanted, PlotRange whole, double smallest)
{
    const double span = std::clamp(wanted.span(), std::min(smallest, whole.span()), whole.span());
    // Zooming in and out again must come back to everything, whatever the last digits say.
    if (span >= whole.span() * (1 - 1e-9))
        return whole;
    const double low = std::clamp(wanted.middle() - span / 2, whole.low, whole.high - span);
    return {low, low + span};
}

PlotRange zoomed(PlotRange range, double factor, double anchor)
{
    return {anchor - (anchor - range.low) / factor, anchor + (range.high - anchor) / factor};
}

PlotRange moved(PlotRange range, double delta)
{
    return {range.low + delta, range.high + delta};
}

double wayInto(PlotRange range, double value)
{
    if (value < range.low)
        return value - range.low;
    return value > range.high ? value - range.high : 0;
}

} // namespace

PlotView::PlotView(PlotRange wholeX, PlotRange wholeY, double smallestSpanX, double smallestSpanY)
    : m_wholeX(wholeX)
    , m_wholeY(wholeY)
    , m_x(wholeX)
    , m_y(wholeY)
    , m_smallestX(smallestSpanX)
    , m_smallestY(smallestSpanY)
{ }

void PlotView::setWhole(PlotRange wholeX, PlotRange wholeY)
{
    const bool followX = m_x == m_wholeX;
    const bool followY = m_y == m_wholeY;
    m_wholeX = wholeX;
    m_wholeY = wholeY;
    show(followX ? wholeX : m_x, followY ? wholeY : m_y);
}

void PlotView::zoom(double factorX, double factorY, QPointF anchor)
{
    show(zoomed(m_x, factorX, anchor.x()), zoomed(m_y, factorY, anchor.y()));
}

void PlotView::pan(QPointF delta)
{
    show(moved(m_x, delta.x()), moved(m_y, delta.y()));
}

void PlotView::reveal(QPointF point)
{
    pan({wayInto(m_x, point.x()), wayInto(m_y, point.y())});
}

void PlotView::reset()
{
    m_x = m_wholeX;
    m_y = m_wholeY;
}

void PlotView::show(PlotRange x, PlotRange y)
{
    m_x = within(x, m_wholeX, m_smallestX);
    m_y = within(y, m_wholeY, m_smallestY);
}

} // namespace qbn::ui
