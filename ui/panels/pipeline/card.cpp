#include "ui/panels/pipeline/card.h"

#include "ui/look/theme.h"

#include <QEvent>
#include <QPaintEvent>
#include <QPainter>
#include <QPolygonF>

namespace qbn::ui {

namespace {

constexpr int cornerRadius = 6;

} // namespace

Card::Card(QWidget* parent)
    : QFrame(parent)
{
    setFrameShape(QFrame::NoFrame);
}

void Card::paintEvent(QPaintEvent* event)
{
    const Colors colors = colorsFor(palette());
    QPainter painter(this);
    // A new number in the card uncovers no border and no corner.
    if (rect().adjusted(cornerRadius, 1, -cornerRadius, -1).contains(event->rect())) {
        painter.fillRect(event->rect(), colors.surface);
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colors.line, 1));
    painter.setBrush(colors.surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), cornerRadius,
                            cornerRadius);
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
    return {11, 14};
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

#include "moc_card.cpp"
