#include "ui/panels/plots/code_plot.h"

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
constexpr std::int32_t page = 16;

} // namespace

void CodePlot::mousePressEvent(QMouseEvent* event)
{
    m_dragged = event->position();
    const bool pans = event->button() == Qt::RightButton || event->button() == Qt::MiddleButton
        || event->modifiers().testFlag(Qt::ControlModifier);
    m_drag = pans ? Drag::Pan : Drag::Code;
    if (m_drag == Drag::Pan)
        setCursor(Qt::ClosedHandCursor);
    else
        m_document.selection().setCode(codeAt(m_dragged));
}

void CodePlot::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF position = event->position();
    if (m_drag == Drag::Code) {
        m_document.selection().setCode(codeAt(position));
    } else if (m_drag == Drag::Pan) {
        const QPointF moved = coordinatesAt(m_dragged) - coordinatesAt(position);
        m_view.pan({moved.x(), m_zoomsValues ? moved.y() : 0});
        m_dragged = position;
        applyView();
    }
    setHovered(codeAt(position));
}

void CodePlot::mouseReleaseEvent(QMouseEvent*)
{
    m_drag = Drag::None;
    unsetCursor();
}

void CodePlot::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton)
        resetView();
}

void CodePlot::wheelEvent(QWheelEvent* event)
{
    // A touch pad sends small parts of a notch; panning with it sideways zooms nothing.
    const double notches = event->angleDelta().y() / double(QWheelEvent::DefaultDeltasPerStep);
    if (notches != 0)
        zoomBy(std::pow(notchZoom, notches), coordinatesAt(event->position()));
    event->accept();
}

void CodePlot::leaveEvent(QEvent* event)
{
    setHovered(std::nullopt);
    QWidget::leaveEvent(event);
}

void CodePlot::keyPressEvent(QKeyEvent* event)
{
    if (!zoomByKey(*event) && !stepByKey(event->key()))
        QWidget::keyPressEvent(event);
}

bool CodePlot::zoomByKey(const QKeyEvent& event)
{
    const QPointF current(m_document.selection().code(), valueOf(evaluation().row()));
    const QPointF anchor(std::clamp(current.x(), m_view.x().low, m_view.x().high),
                         std::isnan(current.y())
                             ? m_view.y().middle()
                             : std::clamp(current.y(), m_view.y().low, m_view.y().high));
    switch (event.key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal: // the same key without Shift on most keyboards
        zoomBy(keyZoom, anchor);
        return true;
    case Qt::Key_Minus:
        zoomBy(1 / keyZoom, anchor);
        return true;
    case Qt::Key_0:
        resetView();
        return true;
    case Qt::Key_Home:
        if (!event.modifiers().testFlag(Qt::ControlModifier))
            return false;
        resetView();
        return true;
    default:
        return false;
    }
}

bool CodePlot::stepByKey(int key)
{
    SelectionModel& selection = m_document.selection();
    const CodeType type = m_document.layer().input.type;
    std::int32_t code = selection.code();
    switch (key) {
    case Qt::Key_Left:
    case Qt::Key_Down:
        code -= 1;
        break;
    case Qt::Key_Right:
    case Qt::Key_Up:
        code += 1;
        break;
    case Qt::Key_PageDown:
        code -= page;
        break;
    case Qt::Key_PageUp:
        code += page;
        break;
    case Qt::Key_Home:
        code = type.qmin();
        break;
    case Qt::Key_End:
        code = type.qmax();
        break;
    default:
        return false;
    }
    selection.setCode(std::clamp(code, type.qmin(), type.qmax()));
    return true;
}

} // namespace qbn::ui
