// What mouse and keys do in RegionPlot.

#include "ui/panels/explain/region_plot.h"

#include "ui/document/document.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace qbn::ui {

namespace {

constexpr double keyZoom = 1.5;
constexpr double notchZoom = 1.25;
constexpr double reach = 14; ///< pixels from the point at which it is taken
constexpr double keySteps = 100; ///< of an arrow key through the view

/// A number as coarse as the pixels are, so that a dragged value has no digits that nobody chose.
double rounded(double value, double perPixel)
{
    if (!(perPixel > 0) || !std::isfinite(value))
        return value;
    const double exponent = std::floor(std::log10(perPixel));
    if (exponent >= 0)
        return std::rint(value / std::pow(10, exponent)) * std::pow(10, exponent);
    const int decimals = static_cast<int>(std::min(17.0, -exponent));
    return QString::number(value, 'f', decimals).toDouble();
}

} // namespace

bool RegionPlot::isOnPoint(QPointF position) const
{
    const QPointF away = pixelOf(point()) - position;
    return m_shown && std::hypot(away.x(), away.y()) <= reach;
}

void RegionPlot::setValues(QPointF values)
{
    const QPointF perPixel = valuesAt({1, 0}) - valuesAt({0, 1});
    const UnknownPair pair = m_region.unknowns;
    const double x = rounded(values.x(), std::abs(perPixel.x()));
    const double y = rounded(values.y(), std::abs(perPixel.y()));
    const EditKey key{
        .field = pair.first, .layer = m_document.selection().layer(), .channel = m_channel};
    if (pair.effective) // the edit tells gamma and beta, and must not choose another pair by that
        m_document.setUnknowns(pair);
    m_document.editLayer(
        tr("Change %1 and %2").arg(firstSpoken(pair), secondSpoken(pair)), key,
        [&](BatchNormLayer& layer) { set_values(layer, m_channel, pair, {x, y}); });
}

void RegionPlot::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !m_shown)
        return;
    m_last = event->position();
    m_drag = isOnPoint(m_last) ? Drag::Point : Drag::Pan;
    if (m_drag == Drag::Point) {
        m_grabbed = pixelOf(point()) - m_last;
        m_gesture.end(); // a drag is a step of its own
        m_gesture.begin();
    }
    setCursor(Qt::ClosedHandCursor);
}

void RegionPlot::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF position = event->position();
    if (m_drag == Drag::Point) {
        setValues(valuesAt(position + m_grabbed));
    } else if (m_drag == Drag::Pan) {
        m_view.translate(valuesAt(m_last) - valuesAt(position));
        m_last = position;
        applyView();
    }
}

void RegionPlot::mouseReleaseEvent(QMouseEvent*)
{
    m_drag = Drag::None;
    m_gesture.end();
    unsetCursor();
}

void RegionPlot::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && m_shown)
        resetView();
}

void RegionPlot::wheelEvent(QWheelEvent* event)
{
    const double notches = event->angleDelta().y() / double(QWheelEvent::DefaultDeltasPerStep);
    if (notches != 0 && m_shown)
        zoomBy(std::pow(notchZoom, notches), valuesAt(event->position()));
    event->accept();
}

void RegionPlot::zoomBy(double factor, QPointF anchor)
{
    const QPointF low = anchor + (m_view.topLeft() - anchor) / factor;
    const QPointF high = anchor + (m_view.bottomRight() - anchor) / factor;
    // Beyond binary64's digits there is nothing to be seen.
    const double widest = 1e12 * std::max({1.0, std::abs(anchor.x()), std::abs(anchor.y())});
    const double nearest = 1e-12 * std::max(std::abs(anchor.x()), std::abs(anchor.y()));
    const QPointF size = high - low;
    if (std::min(size.x(), size.y()) <= nearest || std::max(size.x(), size.y()) > widest)
        return;
    m_view = QRectF(low, high);
    applyView();
}

void RegionPlot::keyPressEvent(QKeyEvent* event)
{
    const QPointF step(m_view.width() / keySteps, m_view.height() / keySteps);
    QPointF move;
    switch (event->key()) {
    case Qt::Key_Left:
        move = {-step.x(), 0};
        break;
    case Qt::Key_Right:
        move = {step.x(), 0};
        break;
    case Qt::Key_Up:
        move = {0, step.y()};
        break;
    case Qt::Key_Down:
        move = {0, -step.y()};
        break;
    case Qt::Key_Plus:
    case Qt::Key_Equal: // the same key without Shift on most keyboards
        zoomBy(keyZoom, point());
        return;
    case Qt::Key_Minus:
        zoomBy(1 / keyZoom, point());
        return;
    case Qt::Key_0:
    case Qt::Key_Home:
        resetView();
        return;
    default:
        QWidget::keyPressEvent(event);
        return;
    }
    if (!m_shown)
        return;
    m_gesture.begin();
    setValues(point() + move);
    m_gesture.endSoon();
}

} // namespace qbn::ui
