#include "ui/look/status_shape.h"

#include <QColor>
#include <QIcon>
#include <QIconEngine>
#include <QPainter>
#include <QPixmap>
#include <QPolygonF>

#include <algorithm>

namespace qbn::ui {

namespace {

class StatusIconEngine : public QIconEngine
{
public:
    StatusIconEngine(StatusShape shape, const QColor& color)
        : m_shape(shape)
        , m_color(color)
    { }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode, QIcon::State) override
    {
        const int side = std::min(rect.width(), rect.height());
        QRectF square(0, 0, side, side);
        square.moveCenter(QRectF(rect).center());
        paintStatusShape(*painter, square.adjusted(1, 1, -1, -1), m_shape, m_color);
    }

    // QIconEngine's own leaves the pixmap's background undefined.
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        return pixmap;
    }

    QIconEngine* clone() const override { return new StatusIconEngine(*this); }

private:
    StatusShape m_shape;
    QColor m_color;
};

void paintWarning(QPainter& painter, const QRectF& r, const QColor& color)
{
    const qreal h = r.height();
    painter.setPen(QPen(color, 0.11 * h, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    painter.drawPolygon(QPolygonF({{r.center().x(), r.top() + 0.10 * h},
                                   {r.right() - 0.05 * h, r.bottom() - 0.09 * h},
                                   {r.left() + 0.05 * h, r.bottom() - 0.09 * h}}));
    const qreal x = r.center().x();
    painter.drawLine(QPointF(x, r.top() + 0.40 * h), QPointF(x, r.top() + 0.60 * h));
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawEllipse(QPointF(x, r.top() + 0.76 * h), 0.065 * h, 0.065 * h);
}

} // namespace

void paintStatusShape(QPainter& painter, const QRectF& square, StatusShape shape,
                      const QColor& color)
{
    const QRectF& r = square;
    const qreal side = r.width();
    const QPointF middle = r.center();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    switch (shape) {
    case StatusShape::Dot:
        painter.drawEllipse(middle, 0.28 * side, 0.28 * side);
        break;
    case StatusShape::Ring:
        painter.setPen(QPen(color, 0.12 * side));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(middle, 0.26 * side, 0.26 * side);
        break;
    case StatusShape::Check:
        painter.setPen(QPen(color, 0.14 * side, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.setBrush(Qt::NoBrush);
        painter.drawPolyline(QPolygonF({{r.left() + 0.16 * side, r.top() + 0.54 * side},
                                        {r.left() + 0.40 * side, r.top() + 0.78 * side},
                                        {r.left() + 0.86 * side, r.top() + 0.26 * side}}));
        break;
    case StatusShape::Diamond:
        painter.setPen(QPen(color, 0.13 * side, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin));
        painter.setBrush(Qt::NoBrush);
        painter.drawPolygon(QPolygonF({{middle.x(), r.top() + 0.12 * side},
                                       {r.right() - 0.12 * side, middle.y()},
                                       {middle.x(), r.bottom() - 0.12 * side},
                                       {r.left() + 0.12 * side, middle.y()}}));
        break;
    case StatusShape::Up:
        painter.drawPolygon(QPolygonF({{middle.x(), r.top() + 0.18 * side},
                                       {r.right() - 0.06 * side, r.bottom() - 0.18 * side},
                                       {r.left() + 0.06 * side, r.bottom() - 0.18 * side}}));
        break;
    case StatusShape::Down:
        painter.drawPolygon(QPolygonF({{middle.x(), r.bottom() - 0.18 * side},
                                       {r.right() - 0.06 * side, r.top() + 0.18 * side},
                                       {r.left() + 0.06 * side, r.top() + 0.18 * side}}));
        break;
    case StatusShape::Warning:
        paintWarning(painter, r, color);
        break;
    }
    painter.restore();
}

QIcon statusIcon(StatusShape shape, const QColor& color)
{
    return QIcon(new StatusIconEngine(shape, color));
}

} // namespace qbn::ui
