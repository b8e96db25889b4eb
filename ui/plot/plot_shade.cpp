#include "ui/plot/plot_shade.h"

#include "ui/plot/plot_canvas.h"

namespace qbn::ui {

void PlotShade::draw(QCPPainter* painter)
{
    if (painter->modes().testFlag(QCPPainter::pmVectorized)) {
        QCPItemRect::draw(painter);
        return;
    }
    const QRectF whole = QRectF(topLeft->pixelPosition(), bottomRight->pixelPosition()).normalized()
        & QRectF(clipRect());
    painter->setAntialiasing(false);
    for (qreal y = whole.top(); y < whole.bottom(); y += rowsOfAStrip) {
        const qreal height = std::min<qreal>(rowsOfAStrip, whole.bottom() - y);
        painter->fillRect(QRectF(whole.left(), y, whole.width(), height), brush());
    }
}

} // namespace qbn::ui
