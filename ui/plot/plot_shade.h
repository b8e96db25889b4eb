#pragma once

#include <qcustomplot.h>

namespace qbn::ui {

/// A translucent rectangle behind the curves, filled in strips (rowsOfAStrip in plot_canvas.h).
class PlotShade : public QCPItemRect
{
    Q_OBJECT

public:
    using QCPItemRect::QCPItemRect;

protected:
    void draw(QCPPainter* painter) override;
};

} // namespace qbn::ui
