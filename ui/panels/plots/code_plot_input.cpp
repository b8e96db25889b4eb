#include "ui/document/document.h"
#include "ui/panels/plots/code_plot.h"

#include <qcustomplot.h>

#include <algorithm>
#include <cmath>

namespace qbn::ui {

std::int32_t CodePlot::codeAt(QPointF position) const
{
    const CodeType type = m_document.layer().input.type;
    const double code = std::rint(coordinatesAt(position).x());
    return static_cast<std::int32_t>(std::clamp<double>(code, type.qmin(), type.qmax()));
}

void CodePlot::onPressed(const QMouseEvent* event)
{
    m_dragged = event->position();
    const bool pans = event->button() == Qt::RightButton || event->button() == Qt::MiddleButton
        || event->modifiers().testFlag(Qt::ControlModifier);
    m_drag = pans ? Drag::Pan : Drag::Code;
    if (pans)
        setCursor(Qt::ClosedHandCursor);
    else
        m_document.selection().setCode(codeAt(m_dragged));
}

void CodePlot::onMoved(const QMouseEvent* event)
{
    const QPointF position = event->position();
    if (m_drag == Drag::Code) {
        m_document.selection().setCode(codeAt(position));
    } else if (m_drag == Drag::Pan) {
        const QPointF moved = coordinatesAt(m_dragged) - coordinatesAt(position);
        canvas().xAxis->moveRange(moved.x());
        canvas().yAxis->moveRange(moved.y()); // nothing, unless its values are zoomed
        m_dragged = position;
    }
    setHovered(codeAt(position));
}

void CodePlot::onReleased()
{
    m_drag = Drag::None;
    unsetCursor();
}

void CodePlot::leaveEvent(QEvent* event)
{
    setHovered(std::nullopt);
    QWidget::leaveEvent(event);
}

void CodePlot::keyPressEvent(QKeyEvent* event)
{
    constexpr int page = 16;
    constexpr int all = 1 << 16; // to the end, wherever it is
    constexpr std::pair<int, int> steps[] = {
        {Qt::Key_Left, -1}, {Qt::Key_Down, -1}, {Qt::Key_PageDown, -page}, {Qt::Key_Home, -all},
        {Qt::Key_Right, 1}, {Qt::Key_Up, 1},    {Qt::Key_PageUp, page},    {Qt::Key_End, all},
    };
    const auto* const step = std::ranges::find(steps, event->key(), &std::pair<int, int>::first);
    const bool isCtrlHome
        = event->key() == Qt::Key_Home && event->modifiers().testFlag(Qt::ControlModifier);
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
