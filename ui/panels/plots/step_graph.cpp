#include "ui/panels/plots/step_graph.h"

#include <algorithm>
#include <cmath>

namespace qbn::ui {

QRect barOf(QPointF a, QPointF b, int width)
{
    const auto start
        = [width](double least) { return static_cast<int>(std::lround(least - width / 2.0)); };
    const QPoint first(start(std::min(a.x(), b.x())), start(std::min(a.y(), b.y())));
    const QPoint last(start(std::max(a.x(), b.x())), start(std::max(a.y(), b.y())));
    return {first, last + QPoint(width - 1, width - 1)};
}

void StepGraph::drawLinePlot(QCPPainter* painter, const QVector<QPointF>& lines) const
{
    constexpr double farthest = 1e6; // beyond, whole pixels overflow
    const bool isPlain = pen().style() == Qt::SolidLine && pen().color().alpha() == 255
        && !painter->modes().testFlag(QCPPainter::pmVectorized);
    const bool isNear = std::ranges::all_of(lines, [](const QPointF& point) {
        return std::abs(point.x()) < farthest && std::abs(point.y()) < farthest; // and no NaN
    });
    if (!isPlain || !isNear) {
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
    painter->setAntialiasing(false);
    painter->setPen(Qt::NoPen);
    painter->setBrush(pen().color());
    painter->drawRects(bars);
}

} // namespace qbn::ui
