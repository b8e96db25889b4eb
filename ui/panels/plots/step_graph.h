#pragma once

#include <qcustomplot.h>

namespace qbn::ui {

/// A graph in steps with a solid pen: its lines are upright or level, so bars draw them, which are
/// filled all at once.
class StepGraph : public QCPGraph
{
public:
    using QCPGraph::QCPGraph;

protected:
    void drawLinePlot(QCPPainter* painter, const QVector<QPointF>& lines) const override;
};

/// The line from `a` to `b`, `width` pixels thick, with square ends.
QRect barOf(QPointF a, QPointF b, int width);

} // namespace qbn::ui
