#include "ui/panels/plots/step_graph.h"

#include <algorithm>
#include <cmath>

namespace qbn::ui {

namespace {

constexpr double farthestPixel = 1e6; ///< beyond, whole pixels overflow

bool areNear(const QVector<QPointF>& points)
{
    return std::ranges::all_of(points, [](const QPointF& point) {
        return std::abs(point.x()) < farthestPixel
            && std::abs(point.y()) < farthestPixel; // and no NaN
    });
}

void fillBars(QCPPainter& painter, const QVector<QRect>& bars, const QBrush& brush)
{
    painter.setAntialiasing(false);
    painter.setPen(Qt::NoPen);
    painter.setBrush(brush);
    painter.drawRects(bars);
}

} // namespace

QRect barOf(QPointF a, QPointF b, int width)
{
    const auto start
        = [width](double least) { return static_cast<int>(std::lround(least - width / 2.0)); };
    const QPoint first(start(std::min(a.x(), b.x())), start(std::min(a.y(), b.y())));
    const QPoint last(start(std::max(a.x(), b.x())), start(std::max(a.y(), b.y())));
    return {first, last + QPoint(width - 1, width - 1)};
}

QRect areaOf(QPointF a, QPointF b)
{
    const auto low
        = [](double x, double y) { return static_cast<int>(std::lround(std::min(x, y))); };
    const auto high
        = [](double x, double y) { return static_cast<int>(std::lround(std::max(x, y))); };
    return {QPoint(low(a.x(), b.x()), low(a.y(), b.y())),
            QPoint(high(a.x(), b.x()) - 1, high(a.y(), b.y()) - 1)};
}

void StepGraph::drawLinePlot(QCPPainter* painter, const QVector<QPointF>& lines) const
{
    const bool isPlain = pen().style() == Qt::SolidLine && pen().color().alpha() == 255
        && !painter->modes().testFlag(QCPPainter::pmVectorized);
    if (!isPlain || !areNear(lines)) {
        QCPGraph::drawLinePlot(painter, lines);
        return;
    }
    const int width = std::max(1, qRound(pen().widthF()));
    QVector<QRect> bars;
    bars.reserve(lines.size());
    for (qsizetype i = 1; i < lines.size(); ++i) {
        if (lines[i] != lines[i - 1])
            bars.push_back(barOf(lines[i - 1], lines[i], width));
    }
    fillBars(*painter, bars, pen().color());
}

void StepGraph::drawFill(QCPPainter* painter, QVector<QPointF>* lines) const
{
    if (brush().style() == Qt::NoBrush)
        return;
    const double zero = valueAxis()->coordToPixel(0);
    if (brush().style() != Qt::SolidPattern || painter->modes().testFlag(QCPPainter::pmVectorized)
        || !areNear(*lines) || std::abs(zero) >= farthestPixel) {
        QCPGraph::drawFill(painter, lines);
        return;
    }
    const bool isLying = keyAxis()->orientation() == Qt::Horizontal;
    QVector<QRect> bars;
    for (qsizetype i = 1; i < lines->size(); ++i) {
        const QPointF& from = (*lines)[i - 1];
        const QPointF& to = (*lines)[i];
        const QPointF base = isLying ? QPointF(to.x(), zero) : QPointF(zero, to.y());
        if (isLying ? from.y() == to.y() : from.x() == to.x())
            bars.push_back(areaOf(from, base));
    }
    fillBars(*painter, bars, brush());
}

} // namespace qbn::ui
