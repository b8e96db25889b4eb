#include "ui/panels/agreement/agreement_map.h"

// What mouse and keys do to an AgreementMap.

#include "ui/document/document.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <utility>

namespace qbn::ui {

namespace {

constexpr double keyZoom = 1.5;
constexpr double notchZoom = 1.25;
constexpr int page = 16;
constexpr double flattestCell = 4; ///< width to height

} // namespace

void AgreementMap::select(CodePlace place)
{
    Selection selection = m_document.selection().current();
    selection.channel = place.channel;
    selection.code = place.input_code;
    m_document.selection().set(selection);
}

void AgreementMap::mousePressEvent(QMouseEvent* event)
{
    m_pressed = event->position();
    m_panning = false;
}

void AgreementMap::mouseMoveEvent(QMouseEvent* event)
{
    if (!m_pressed)
        return;
    const QPointF moved = event->position() - *m_pressed;
    if (!m_panning && moved.manhattanLength() < QApplication::startDragDistance())
        return;
    m_panning = true;
    setCursor(Qt::ClosedHandCursor);
    const MapFrame shown = frame();
    m_view.pan(shown.coordinatesAt(*m_pressed) - shown.coordinatesAt(event->position()));
    m_pressed = event->position();
    redraw();
}

void AgreementMap::mouseReleaseEvent(QMouseEvent* event)
{
    unsetCursor();
    const auto pressed = std::exchange(m_pressed, std::nullopt);
    if (!pressed || m_panning || event->button() != Qt::LeftButton)
        return;
    m_placeBefore = current();
    if (const auto place = placeAt(*pressed))
        select(*place);
}

void AgreementMap::mouseDoubleClickEvent(QMouseEvent* event)
{
    m_pressed.reset();
    if (event->button() != Qt::LeftButton)
        return;
    // The first of the two clicks selected a place.
    if (const auto before = std::exchange(m_placeBefore, std::nullopt))
        select(*before);
    resetView();
}

void AgreementMap::wheelEvent(QWheelEvent* event)
{
    // A touch pad sends small parts of a notch; panning with it sideways zooms nothing.
    const double notches = event->angleDelta().y() / double(QWheelEvent::DefaultDeltasPerStep);
    if (notches != 0) {
        // What is painted of a small cell lies beside its middle: the cell itself stays in view.
        const auto place = placeAt(event->position());
        const bool differs = place && m_summary && m_summary->difference_at(*place) != 0;
        zoomBy(std::pow(notchZoom, notches),
               differs ? QPointF(place->input_code, place->channel)
                       : frame().coordinatesAt(event->position()));
    }
    event->accept();
}

void AgreementMap::zoomBy(double factor, QPointF anchor)
{
    const QSizeF cell = frame().cellSize();
    const bool flat = cell.height() * flattestCell < cell.width();
    m_view.zoom(factor > 1 && flat ? 1 : factor, factor, anchor);
    redraw();
}

void AgreementMap::keyPressEvent(QKeyEvent* event)
{
    if (!zoomByKey(*event) && !stepByKey(event->key()))
        QWidget::keyPressEvent(event);
}

bool AgreementMap::zoomByKey(const QKeyEvent& event)
{
    const QPointF anchor(std::clamp<double>(current().input_code, m_view.x().low, m_view.x().high),
                         std::clamp<double>(current().channel, m_view.y().low, m_view.y().high));
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

bool AgreementMap::stepByKey(int key)
{
    const CodeType type = m_document.layer().input.type;
    CodePlace place = current();
    switch (key) {
    case Qt::Key_Left:
        place.input_code -= 1;
        break;
    case Qt::Key_Right:
        place.input_code += 1;
        break;
    case Qt::Key_Up:
        place.channel -= 1;
        break;
    case Qt::Key_Down:
        place.channel += 1;
        break;
    case Qt::Key_PageUp:
        place.channel -= page;
        break;
    case Qt::Key_PageDown:
        place.channel += page;
        break;
    case Qt::Key_Home:
        place.input_code = type.qmin();
        break;
    case Qt::Key_End:
        place.input_code = type.qmax();
        break;
    default:
        return false;
    }
    select(place); // clamped by the document
    return true;
}

} // namespace qbn::ui
