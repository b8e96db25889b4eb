#include "ui/plot/placed_text.h"

namespace qbn::ui {

PlacedText::PlacedText(QCustomPlot& canvas)
    : QCPItemText(&canvas)
{
    setLayer(QStringLiteral("overlay"));
    setClipToAxisRect(false);
    position->setType(QCPItemPosition::ptAbsolute);
    setPositionAlignment(Qt::AlignCenter); // it turns around its middle
}

QSizeF PlacedText::size() const
{
    if (text() != m_measured || font() != m_measuredFont || m_size.isNull()) {
        m_measured = text();
        m_measuredFont = font();
        m_size = QFontMetrics(font())
                     .boundingRect(0, 0, 0, 0,
                                   static_cast<int>(Qt::TextDontClip | textAlignment().toInt()),
                                   text())
                     .size();
    }
    return m_size.grownBy(padding());
}

void PlacedText::placeIn(const QRectF& place)
{
    // On whole pixels, or it is blurred.
    const QRectF whole(QPointF(place.topLeft().toPoint()), place.size());
    position->setPixelPosition(whole.center());
}

} // namespace qbn::ui
