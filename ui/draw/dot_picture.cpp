#include "ui/draw/dot_picture.h"

#include <QPaintDevice>
#include <QPainter>

#include <cmath>

namespace qbn::ui {

void DotPicture::paint(QPainter& painter, QPointF middle, qreal radius, const QPen& pen,
                       const QBrush& brush)
{
    const qreal ratio = painter.device()->devicePixelRatioF();
    if (ratio != m_picture.devicePixelRatio() || radius != m_radius || pen != m_pen
        || brush != m_brush || m_picture.isNull()) {
        m_radius = radius;
        m_pen = pen;
        m_brush = brush;
        // An odd side: its middle is the middle of a pixel, as that of a line is.
        const int side = 2 * qCeil((radius + pen.widthF() / 2) * ratio) + 1;
        m_picture = QPixmap(side, side);
        m_picture.setDevicePixelRatio(ratio);
        m_picture.fill(Qt::transparent);
        QPainter inside(&m_picture);
        inside.setRenderHint(QPainter::Antialiasing);
        inside.setPen(pen);
        inside.setBrush(brush);
        inside.drawEllipse(QPointF(side, side) / (2 * ratio), radius, radius);
    }
    const qreal half = m_picture.width() / (2 * ratio);
    const auto onPixel = [&](qreal place) { return std::round((place - half) * ratio) / ratio; };
    painter.drawPixmap(QPointF(onPixel(middle.x()), onPixel(middle.y())), m_picture);
}

} // namespace qbn::ui
