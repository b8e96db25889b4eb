#pragma once

#include <qcustomplot.h>

namespace qbn::ui {

/// A graph in steps with a solid pen and brush: its lines are upright or level, so bars draw them and what is
/// between them and zero. Bars are filled all at once.
class StepGraph : public QCPGraph
{
public:
    using QCPGraph::QCPGraph;

protected:
    void drawLinePlot(QCPPainter* painter, const QVector<QPointF>& lines) const override;
    void drawFill(QCPPainter* painter, QVector<QPointF>* lines) const override;
};

/// The line from `a` to `b`, `width` pixels thick, with square ends.
QRect barOf(QPointF a, QPointF b, int width);

/// Between two corners; of neighbours one begins where the other ends.
QRect areaOf(QPointF a, QPointF b);

} // namespace qbn::ui
