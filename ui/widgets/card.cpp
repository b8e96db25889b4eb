#include "ui/widgets/card.h"

#include "ui/widgets/theme.h"

#include <QEvent>
#include <QPainter>
#include <QPolygonF>

namespace qbn::ui {

Card::Card(QWidget* parent)
    : QFrame(parent)
{
    setFrameShape(QFrame::NoFrame);
}

void Card::paintEvent(QPaintEvent*)
{
    const Colors colors = colorsFor(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colors.line, 1));
    painter.setBrush(colors.surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
}

void Card::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        update();
    QFrame::changeEvent(event);
}

StageArrow::StageArrow(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
}

QSize StageArrow::sizeHint() const
{
    return {14, 14};
}

void StageArrow::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(
        QPen(colorsFor(palette()).muted, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const QPointF middle = QRectF(rect()).center();
    painter.drawPolyline(QPolygonF({{middle.x() - 2, middle.y() - 4.5},
                                    {middle.x() + 2.5, middle.y()},
                                    {middle.x() - 2, middle.y() + 4.5}}));
}

} // namespace qbn::ui
