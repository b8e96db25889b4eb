#include "ui/plot/plot_curve.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace qbn::ui {

namespace {

/// Far beyond every screen; an int of device pixels holds it.
constexpr double farthest = 1e6;

/// Fills horizontal and vertical lines with the colour and the width of the painter's pen.
class LineFiller
{
public:
    explicit LineFiller(QCPPainter& painter)
        : m_painter(painter)
        , m_ratio(painter.device()->devicePixelRatioF())
        , m_width(std::max(1.0, std::round(painter.pen().widthF() * m_ratio)))
        , m_color(painter.pen().color())
    {
        // What a painter does with a rectangle outside of a region is nothing, but slowly.
        const QTransform toLogical = painter.deviceTransform().inverted();
        for (const QRect& part : painter.paintEngine()->systemClip())
            m_asked.push_back(toLogical.mapRect(QRectF(part)));
    }

    /// Longer by half a width at both ends where `corners`, so that lines meet in full corners.
    void fill(QPointF from, QPointF to, bool corners) const
    {
        if (!std::isfinite(from.x() + from.y() + to.x() + to.y()))
            return;
        const bool vertical = std::abs(to.y() - from.y()) > std::abs(to.x() - from.x());
        const auto [left, right] = extent(from.x(), to.x(), corners || vertical);
        const auto [top, bottom] = extent(from.y(), to.y(), corners || !vertical);
        const QRectF line(left, top, right - left, bottom - top);
        if (m_asked.empty() || std::ranges::any_of(m_asked, [&](const QRectF& part) {
                return part.intersects(line);
            }))
            m_painter.fillRect(line, m_color);
    }

private:
    std::pair<double, double> extent(double a, double b, bool widened) const
    {
        const auto [low, high] = std::minmax({std::clamp(a, -farthest, farthest) * m_ratio,
                                              std::clamp(b, -farthest, farthest) * m_ratio});
        const double before = widened ? m_width / 2 : 0;
        const double first = std::round(low - before);
        const double last = widened ? first + std::round(high - low) + m_width : std::round(high);
        return {first / m_ratio, last / m_ratio};
    }

    QCPPainter& m_painter;
    double m_ratio;
    double m_width; ///< in device pixels
    QColor m_color;
    std::vector<QRectF> m_asked; ///< the parts of a widget that are painted; empty: everything
};

bool onPixels(const QCPPainter& painter)
{
    return !painter.modes().testFlag(QCPPainter::pmVectorized);
}

} // namespace

void CrispCurve::drawLinePlot(QCPPainter* painter, const QVector<QPointF>& lines) const
{
    if (!onPixels(*painter)) {
        QCPGraph::drawLinePlot(painter, lines);
        return;
    }
    painter->setAntialiasing(false);
    const LineFiller filler(*painter);
    for (qsizetype i = 1; i < lines.size(); ++i)
        filler.fill(lines[i - 1], lines[i], true);
}

void CrispCurve::drawImpulsePlot(QCPPainter* painter, const QVector<QPointF>& lines) const
{
    if (!onPixels(*painter)) {
        QCPGraph::drawImpulsePlot(painter, lines);
        return;
    }
    painter->setAntialiasing(false);
    const LineFiller filler(*painter);
    for (qsizetype i = 1; i < lines.size(); i += 2)
        filler.fill(lines[i - 1], lines[i], false);
}

} // namespace qbn::ui
