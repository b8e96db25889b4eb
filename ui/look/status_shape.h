#pragma once

#include <QtGlobal>

class QColor;
class QIcon;
class QPainter;
class QRectF;

namespace qbn::ui {

/// A small sign that says by its form what its colour says too.
enum class StatusShape : unsigned char
{
    Dot, ///< a note
    Ring, ///< nothing there
    Check, ///< as it should be
    Diamond, ///< a tie: halfway between two codes
    Up, ///< saturated high
    Down, ///< saturated low
    Warning, ///< a triangle with an exclamation mark
};

void paintStatusShape(QPainter& painter, const QRectF& square, StatusShape shape,
                      const QColor& color);

/// The sign as an icon, sharp at every scale.
QIcon statusIcon(StatusShape shape, const QColor& color);

} // namespace qbn::ui
