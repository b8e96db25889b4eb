#include "ui/edit/value_slider.h"

#include "core/layer/same_bits.h"
#include "core/text/text_number.h"
#include "ui/look/theme.h"

#include <QEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPolygonF>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

namespace qbn::ui {

namespace {

constexpr int positions = 1000;
constexpr qreal shortestWay = 60; ///< that labels leave to the handle

/// Three digits, but without a power of ten where that is no longer: 1000, not 1e+03.
QString endLabel(double end)
{
    const QString rounded = QString::number(end, 'g', 3);
    const QString whole = QString::fromStdString(format_number(end));
    return rounded.contains(u'e') && whole.size() <= rounded.size() ? whole : rounded;
}

} // namespace

ValueSlider::ValueSlider(QWidget* parent)
    : QSlider(Qt::Horizontal, parent)
{
    setRange(0, positions);
    setSingleStep(positions / 200);
    setPageStep(positions / 20);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    // Emitted for keys, wheel and assistive tools, before the position is taken over.
    connect(this, &QSlider::actionTriggered, this, [this] {
        m_gesture.begin();
        if (sliderPosition() != value())
            editTo(sliderPosition());
        m_gesture.endSoon();
    });
    connect(&m_gesture, &EditGesture::started, this, &ValueSlider::gestureStarted);
    connect(&m_gesture, &EditGesture::finished, this, &ValueSlider::gestureFinished);
    shrinkLabelFont();
    placeHandle();
}

ValueSlider::ValueSlider(SliderKind kind, QWidget* parent)
    : ValueSlider(parent)
{
    setRangeSource([kind](double number) { return sensibleRange(kind, number); });
}

void ValueSlider::setRangeSource(RangeSource source)
{
    m_rangeFor = std::move(source);
    resetRange();
}

void ValueSlider::resetRange()
{
    if (!m_rangeFor)
        return;
    m_numberOfRange = m_number;
    takeRange(m_rangeFor(m_number));
}

void ValueSlider::followRangeSource()
{
    if (m_rangeFor && !m_gesture.isActive() && !(m_rangeFor(m_numberOfRange) == m_range))
        resetRange();
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
    m_rangeFor = {};
    takeRange(range);
}

void ValueSlider::takeRange(const SliderRange& range)
{
    m_range = range;
    measureLabels();
    placeHandle();
    update();
}

void ValueSlider::adaptRange()
{
    if (!m_rangeFor || m_gesture.isActive())
        return;
    const SliderRange wanted = m_rangeFor(m_number);
    const bool tiny = m_range.scale != SliderScale::Log && m_range.length() > 20 * wanted.length();
    if (tiny || (!m_range.contains(m_number) && !(wanted == m_range)))
        resetRange();
}

QString ValueSlider::lowLabel() const
{
    return endLabel(m_range.low);
}

QString ValueSlider::highLabel() const
{
    return endLabel(m_range.high);
}

void ValueSlider::shrinkLabelFont()
{
    m_labelFont = font();
    m_labelFont.setPointSizeF(std::max(6.0, m_labelFont.pointSizeF() * 0.8));
    m_lowText = {};
    m_highText = {};
}

/// Only what is another text: with each edit come the same again.
void ValueSlider::layOutLabels()
{
    const auto show = [this](QStaticText& label, const QString& text) {
        if (label.text() == text)
            return;
        label.setTextFormat(Qt::PlainText);
        label.setText(text);
        label.prepare({}, m_labelFont);
    };
    show(m_lowText, lowLabel());
    show(m_highText, highLabel());
}

void ValueSlider::measureLabels()
{
    layOutLabels();
    const qreal wanted = std::ceil(std::max(m_lowText.size().width(), m_highText.size().width()));
    m_labelWidth = width() - 2 * (wanted + sideMargin()) >= shortestWay ? wanted : 0;
    setAccessibleDescription(tr("from %1 to %2").arg(lowLabel(), highLabel()));
}

void ValueSlider::resizeEvent(QResizeEvent* event)
{
    QSlider::resizeEvent(event);
    measureLabels();
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
    const qreal share = static_cast<qreal>(value()) / positions;
    return std::lerp(grooveLeft(), grooveRight(), isRightToLeft() ? 1 - share : share);
}

int ValueSlider::positionAt(qreal x) const
{
    const qreal share = (x - grooveLeft()) / std::max(1.0, grooveRight() - grooveLeft());
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
    if (std::abs(m_grabOffset) > handleRadius() + 3) {
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
    if (event->type() == QEvent::FontChange) {
        shrinkLabelFont();
        measureLabels();
        updateGeometry();
    }
    QSlider::changeEvent(event);
}

qreal ValueSlider::handleRadius() const
{
    return std::max(6.0, 0.4 * fontMetrics().height());
}

QSize ValueSlider::sizeHint() const
{
    return {160, qCeil(2 * handleRadius()) + 4};
}

QSize ValueSlider::minimumSizeHint() const
{
    return {60, sizeHint().height()};
}

void ValueSlider::paintEvent(QPaintEvent*)
{
    const Colors colors = colorsFor(palette());
    const qreal y = std::round(height() / 2.0);
    const qreal x = handleX();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(blend(colors.surface, colors.muted, 0.45), 2, Qt::SolidLine, Qt::RoundCap));
    painter.drawLine(QPointF(grooveLeft(), y), QPointF(grooveRight(), y));
    if (m_range.low < 0 && m_range.high > 0) {
        const qreal zero = std::lerp(grooveLeft(), grooveRight(), m_range.shareOf(0));
        painter.drawLine(QPointF(zero, y - 3), QPointF(zero, y + 3));
    }
    if (m_labelWidth > 0) {
        painter.setPen(colors.muted);
        painter.setFont(m_labelFont);
        const bool mirrored = isRightToLeft();
        const QStaticText& left = mirrored ? m_highText : m_lowText;
        const QStaticText& right = mirrored ? m_lowText : m_highText;
        const qreal top = (height() - left.size().height()) / 2;
        painter.drawStaticText(QPointF(0, top), left);
        painter.drawStaticText(QPointF(width() - right.size().width(), top), right);
    }
    const bool beyond = isBeyondRange();
    const QColor color = !isEnabled() ? blend(colors.surface, colors.muted, 0.7)
        : beyond                      ? colors.problem
                                      : colors.code;
    if (hasFocus()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(blend(colors.surface, colors.code, 0.30));
        painter.drawEllipse(QPointF(x, y), handleRadius() + 3, handleRadius() + 3);
    }
    painter.setPen(QPen(color, 2));
    painter.setBrush(isSliderDown() ? color : colors.surface);
    if (!beyond || std::isnan(m_number)) {
        painter.drawEllipse(QPointF(x, y), handleRadius() - 1, handleRadius() - 1);
        return;
    }
    const qreal out = value() >= positions / 2 ? 1 : -1;
    painter.drawPolygon(QPolygonF({{x + out * handleRadius(), y},
                                   {x - out * 0.67 * handleRadius(), y - handleRadius() + 1},
                                   {x - out * 0.67 * handleRadius(), y + handleRadius() - 1}}));
}

} // namespace qbn::ui

#include "moc_value_slider.cpp"
