#include "ui/look/seen_refresh.h"

#include <QEvent>
#include <QWidget>

#include <utility>

namespace qbn::ui {

bool canBeSeen(const QWidget& widget)
{
    const QRect place(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size());
    return widget.isVisible() && widget.window()->rect().intersects(place);
}

SeenRefresh::SeenRefresh(QWidget* widget, std::function<void()> refresh)
    : QObject(widget)
    , m_widget(widget)
    , m_refresh(std::move(refresh))
{
    widget->installEventFilter(this);
}

void SeenRefresh::request()
{
    m_stale = !canBeSeen(*m_widget);
    if (!m_stale)
        m_refresh();
}

bool SeenRefresh::eventFilter(QObject* /*watched*/, QEvent* event)
{
    const bool seen
        = event->type() == QEvent::Paint || (event->type() == QEvent::Show && canBeSeen(*m_widget));
    if (seen && std::exchange(m_stale, false))
        m_refresh();
    return false;
}

} // namespace qbn::ui

#include "moc_seen_refresh.cpp"
