#include "ui/document/document.h"
#include "ui/panels/plots/code_plot.h"

#include <qcustomplot.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace qbn::ui {

std::int32_t CodePlot::codeAt(QPointF position) const
{
    const CodeType type = m_document.layer().input.type;
    const double code = std::rint(coordinatesAt(position).x());
    return static_cast<std::int32_t>(std::clamp<double>(code, type.qmin(), type.qmax()));
}

bool CodePlot::isOnMarker(QPointF position) const
{
    constexpr double reach = 9;
    const QPointF from
        = position - pixelOf({m_marker->position->key(), m_marker->position->value()});
    return std::hypot(from.x(), from.y()) <= reach;
}

void CodePlot::onPressed(const QMouseEvent* event)
{
    m_dragged = event->position();
    m_codeBefore = m_document.selection().code();
    const bool pans = event->button() == Qt::RightButton || event->button() == Qt::MiddleButton
        || event->modifiers().testFlag(Qt::ControlModifier);
    m_drag = pans ? Drag::Pan : isOnMarker(m_dragged) ? Drag::Marker : Drag::Code;
    if (pans)
        setCursor(Qt::ClosedHandCursor);
    else if (m_drag == Drag::Code)
        m_document.selection().setCode(codeAt(m_dragged));
}

void CodePlot::onMoved(const QMouseEvent* event)
{
    const QPointF position = event->position();
    if (m_drag == Drag::Marker) {
        constexpr double little = 4;
        const QPointF way = position - m_dragged;
        if (std::hypot(way.x(), way.y()) < little)
            return;
        const bool upright = std::abs(way.y()) > std::abs(way.x());
        m_drag = upright && lift(coordinatesAt(position).y()) ? Drag::Lift : Drag::Code;
    }
    if (m_drag == Drag::Lift) {
        lift(coordinatesAt(position).y());
    } else if (m_drag == Drag::Code) {
        m_document.selection().setCode(codeAt(position));
    } else if (m_drag == Drag::Pan) {
        const QPointF moved = coordinatesAt(m_dragged) - coordinatesAt(position);
        canvas().xAxis->moveRange(moved.x());
        m_dragged = position;
    } else {
        setCursor(isOnMarker(position) ? Qt::SizeVerCursor : Qt::ArrowCursor);
    }
    setHovered(m_drag == Drag::Lift ? std::nullopt : std::optional(codeAt(position)));
}

void CodePlot::onReleased(const QMouseEvent* event)
{
    if (std::exchange(m_drag, Drag::None) == Drag::Lift)
        endLift(true, event->modifiers());
    unsetCursor();
}

void CodePlot::leaveEvent(QEvent* event)
{
    setHovered(std::nullopt);
    QWidget::leaveEvent(event);
}

void CodePlot::keyPressEvent(QKeyEvent* event)
{
    if (m_drag == Drag::Lift && event->key() == Qt::Key_Escape) {
        m_drag = Drag::None;
        endLift(false, {});
        updateCursor();
        placeTexts();
        drawLater(true);
        return;
    }
    constexpr int page = 16;
    constexpr int all = 1 << 16; // to the end, wherever it is
    constexpr std::pair<int, int> steps[] = {
        {Qt::Key_Left, -1}, {Qt::Key_Down, -1}, {Qt::Key_PageDown, -page}, {Qt::Key_Home, -all},
        {Qt::Key_Right, 1}, {Qt::Key_Up, 1},    {Qt::Key_PageUp, page},    {Qt::Key_End, all},
    };
    const auto* const step = std::ranges::find(steps, event->key(), &std::pair<int, int>::first);
    const bool isCtrlHome
        = event->key() == Qt::Key_Home && event->modifiers().testFlag(Qt::ControlModifier);
    const bool lifts = event->modifiers().testFlag(Qt::AltModifier) && m_drag == Drag::None;
    if (lifts && step != std::end(steps) && lift(valueOf(evaluation().row()) + step->second)) {
        endLift(true, event->modifiers());
        return;
    }
    if (step != std::end(steps) && !isCtrlHome) {
        const CodeType type = m_document.layer().input.type;
        SelectionModel& selection = m_document.selection();
        selection.setCode(std::clamp(selection.code() + step->second, type.qmin(), type.qmax()));
        return;
    }
    const QCPRange& codes = canvas().xAxis->range();
    const QCPRange& values = canvas().yAxis->range();
    const double value = valueOf(evaluation().row());
    const QPointF current(
        std::clamp<double>(m_document.selection().code(), codes.lower, codes.upper),
        std::isnan(value) ? values.center() : std::clamp(value, values.lower, values.upper));
    if (!zoomByKey(*event, current))
        QWidget::keyPressEvent(event);
}

} // namespace qbn::ui
