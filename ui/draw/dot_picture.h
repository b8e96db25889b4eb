#pragma once

#include <QBrush>
#include <QPen>
#include <QPixmap>
#include <QPointF>

class QPainter;

namespace qbn::ui {

/// A small disc with an outline, drawn once and copied from then on: the outline of an ellipse
/// costs more than all texts of a number line. Stands on whole pixels of the device.
class DotPicture
{
public:
    void paint(QPainter& painter, QPointF middle, qreal radius, const QPen& pen,
               const QBrush& brush);

private:
    QPixmap m_picture;
    qreal m_radius = 0;
    QPen m_pen;
    QBrush m_brush;
};

} // namespace qbn::ui
