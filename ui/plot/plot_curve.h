#pragma once

#include <qcustomplot.h>

namespace qbn::ui {

/// A curve whose sign in the legend can be drawn by any entry of a legend.
class PlotCurve : public QCPGraph
{
    Q_OBJECT

public:
    using QCPGraph::drawLegendIcon;
    using QCPGraph::QCPGraph;
};

/// A curve of horizontal and vertical lines. On a screen it is drawn as rectangles that fill whole
/// pixels: sharp at every width, and at a fraction of what a painter takes to stroke hundreds of
/// lines. Into vectors it is drawn as any curve.
class CrispCurve : public PlotCurve
{
    Q_OBJECT

public:
    using PlotCurve::PlotCurve;

protected:
    void drawLinePlot(QCPPainter* painter, const QVector<QPointF>& lines) const override;
    void drawImpulsePlot(QCPPainter* painter, const QVector<QPointF>& lines) const override;
};

} // namespace qbn::ui
