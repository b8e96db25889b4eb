#include "ui/edit/value_slider.h"

#include "core/layer/same_bits.h"
#include "ui/look/theme.h"

#include <QEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPolygonF>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace qbn::ui {

namespace {

constexpr int positions = 1000;
constexpr qreal handleRadius = 6;
constexpr qreal sideMargin = handleRadius + 2;

} // namespace

ValueSlider::ValueSlider(QWidget* parent)
    : QSlider(Qt::Horizontal, parent)
{
    setRange(0, positions);
    setSingleStep(positions / 200);
    setPageStep(positions / 20);
    setFocusPolicy(Qt::StrongFocus);
    // Emitted for keys, wheel and assistive tools, before the position is taken over.
    connect(this, &QSlider::actionTriggered, this, [this] {
        m_gesture.begin();
        if (sliderPosition() != value())
            editTo(sliderPosition());
        m_gesture.endSoon();
    });
    connect(&m_gesture, &EditGesture::started, this, &ValueSlider::gestureStarted);
    connect(&m_gesture, &EditGesture::finished, this, [this] {
        adaptRange();
        emit gestureFinished();
    });
    placeHandle();
}

ValueSlider::ValueSlider(SliderKind kind, QWidget* parent)
    : ValueSlider(parent)
{
    m_kind = kind;
    m_adapts = true;
    m_range = sensibleRange(kind, 0);
    placeHandle();
}

void ValueSlider::setNumber(double number)
{
    if (same_bits(number, m_number))
        return;
    m_number = number;
    adaptRange();
    placeHandle();
    update(); // a number beyond the range may not have moved the handle
}

void ValueSlider::setNumberRange(const SliderRange& range)
{
    m_adapts = false;
    m_range = range;
    placeHandle();
    update();
}

void ValueSlider::adaptRange()
{
    if (!m_adapts || m_gesture.isActive())
        return;
    const SliderRange wanted = sensibleRange(m_kind, m_number);
    const double share = m_range.shareOf(m_number);
    const bool atEnd = share < 0.03 || share > 0.97;
    const bool tiny = m_range.scale != SliderScale::Log && m_range.high > 20 * wanted.high;
    if (!atEnd && !tiny)
        return;
    m_range = wanted;
    placeHandle();
    update();
}

void ValueSlider::placeHandle()
{
    setValue(qRound(m_range.shareOf(m_number) * positions));
}

void ValueSlider::editTo(int position)
{
    const double next = isSliderDown() && position == m_positionAtPress
        ? m_numberAtPress
        : m_range.valueAt(static_cast<double>(position) / positions);
    if (same_bits(next, m_number))
        return;
    m_number = next;
    placeHandle();
    update();
    emit valueEdited(m_number);
}

qreal ValueSlider::handleX() const
{
    const qreal way = width() - 2 * sideMargin;
    const qreal share = static_cast<qreal>(value()) / positions;
    return sideMargin + way * (isRightToLeft() ? 1 - share : share);
}

int ValueSlider::positionAt(qreal x) const
{
    const qreal share = (x - sideMargin) / std::max(1.0, width() - 2 * sideMargin);
    return qRound(std::clamp(isRightToLeft() ? 1 - share : share, 0.0, 1.0) * positions);
}

void ValueSlider::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton) {
        event->ignore();
        return;
    }
    m_gesture.end();
    m_numberAtPress = m_number;
    m_positionAtPress = value();
    m_grabOffset = event->position().x() - handleX();
    m_gesture.begin();
    setSliderDown(true);
    if (std::abs(m_grabOffset) > handleRadius + 3) {
        m_grabOffset = 0;
        editTo(positionAt(event->position().x()));
    }
    update();
}

void ValueSlider::mouseMoveEvent(QMouseEvent* event)
{
    if (isSliderDown())
        editTo(positionAt(event->position().x() - m_grabOffset));
}

void ValueSlider::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !isSliderDown())
        return;
    setSliderDown(false);
    m_gesture.end();
    update();
}

void ValueSlider::keyReleaseEvent(QKeyEvent* event)
{
    QSlider::keyReleaseEvent(event);
    if (!event->isAutoRepeat())
        m_gesture.end();
}

void ValueSlider::wheelEvent(QWheelEvent* event)
{
    if (hasFocus())
        QSlider::wheelEvent(event);
    else
        event->ignore();
}

void ValueSlider::focusOutEvent(QFocusEvent* event)
{
    setSliderDown(false);
    m_gesture.end();
    QSlider::focusOutEvent(event);
    update();
}

void ValueSlider::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::EnabledChange)
        update();
    QSlider::changeEvent(event);
}

QSize ValueSlider::sizeHint() const
{
    return {160, 20};
}
QSize ValueSlider::minimumSizeHint() const
{
    return {60, 20};
}

void ValueSlider::paintEvent(QPaintEvent*)
{
    const Colors colors = colorsFor(palette());
    const qreal y = std::round(height() / 2.0);
    const qreal x = handleX();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(blend(colors.surface, colors.muted, 0.45), 2, Qt::SolidLine, Qt::RoundCap));
    painter.drawLine(QPointF(sideMargin, y), QPointF(width() - sideMargin, y));
    if (m_range.low < 0 && m_range.high > 0) {
        const qreal zero = sideMargin + (width() - 2 * sideMargin) * m_range.shareOf(0);
        painter.drawLine(QPointF(zero, y - 3), QPointF(zero, y + 3));
    }
    const bool beyond = isBeyondRange();
    const QColor color = !isEnabled() ? blend(colors.surface, colors.muted, 0.7)
        : beyond                      ? colors.problem
                                      : colors.code;
    if (hasFocus()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(blend(colors.surface, colors.code, 0.30));
        painter.drawEllipse(QPointF(x, y), handleRadius + 3, handleRadius + 3);
    }
    painter.setPen(QPen(color, 2));
    painter.setBrush(isSliderDown() ? color : colors.surface);
    if (!beyond || std::isnan(m_number)) {
        painter.drawEllipse(QPointF(x, y), handleRadius - 1, handleRadius - 1);
        return;
    }
    const qreal out = value() >= positions / 2 ? 1 : -1;
    painter.drawPolygon(QPolygonF({{x + out * handleRadius, y},
                                   {x - out * 4, y - handleRadius + 1},
                                   {x - out * 4, y + handleRadius - 1}}));
}

} // namespace qbn::ui
