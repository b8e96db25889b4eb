#include "ui/draw/number_line.h"

#include "ui/draw/number_line_painter.h"

#include <QEvent>
#include <QFontInfo>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace qbn::ui {

NumberLine::NumberLine(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
}

void NumberLine::setModel(const NumberLineModel& model)
{
    if (model == m_model)
        return;
    m_model = model;
    setAccessibleDescription(describe(m_model));
    update();
}

void NumberLine::setInteractive(bool interactive)
{
    m_interactive = interactive;
    setFocusPolicy(interactive ? Qt::StrongFocus : Qt::NoFocus);
    if (interactive)
        setCursor(Qt::PointingHandCursor);
    else
        unsetCursor();
}

qreal NumberLine::positionOf(double value) const
{
    return NumberLinePainter(m_model, rect(), font()).xOf(value);
}

QSize NumberLine::sizeHint() const
{
    return {120, qCeil(QFontInfo(font()).pixelSize() * 0.8 * 1.35) + 32};
}

QSize NumberLine::minimumSizeHint() const
{
    return {60, sizeHint().height()};
}

void NumberLine::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    NumberLinePainter line(m_model, rect(), font());
    line.paint(painter, colorsFor(palette()), m_parts);
    if (!hasFocus())
        return;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(palette().color(QPalette::Highlight), 1.5));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.75, 0.75, -0.75, -0.75), 4, 4);
}

void NumberLine::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::FontChange)
        updateGeometry();
    if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange)
        update();
    QWidget::changeEvent(event);
}

void NumberLine::ask(double value)
{
    if (!(m_model.high > m_model.low))
        return;
    const double within = std::clamp(value, m_model.low, m_model.high);
    if (m_model.value != within)
        emit valueDragged(within);
}

void NumberLine::dragTo(const QPointF& position)
{
    ask(NumberLinePainter(m_model, rect(), font()).valueAt(position.x()));
}

void NumberLine::mousePressEvent(QMouseEvent* event)
{
    if (!m_interactive || event->button() != Qt::LeftButton) {
        event->ignore();
        return;
    }
    dragTo(event->position());
}

void NumberLine::mouseMoveEvent(QMouseEvent* event)
{
    if (m_interactive && (event->buttons() & Qt::LeftButton) != 0)
        dragTo(event->position());
}

void NumberLine::keyPressEvent(QKeyEvent* event)
{
    const double now
        = m_model.value && std::isfinite(*m_model.value) ? *m_model.value : m_model.low;
    double wanted = m_model.low;
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Down:
        wanted = now - 1;
        break;
    case Qt::Key_Right:
    case Qt::Key_Up:
        wanted = now + 1;
        break;
    case Qt::Key_PageDown:
        wanted = now - 10;
        break;
    case Qt::Key_PageUp:
        wanted = now + 10;
        break;
    case Qt::Key_Home:
        break;
    case Qt::Key_End:
        wanted = m_model.high;
        break;
    default:
        QWidget::keyPressEvent(event);
        return;
    }
    if (!m_interactive) {
        event->ignore();
        return;
    }
    ask(wanted);
}

void NumberLine::focusInEvent(QFocusEvent*)
{
    update();
}

void NumberLine::focusOutEvent(QFocusEvent*)
{
    update();
}

} // namespace qbn::ui

#include "moc_number_line.cpp"
