#include "ui/look/follow_focus.h"

#include <QApplication>
#include <QScrollArea>

namespace qbn::ui {

namespace {

/// All of it, or its beginning. ensureWidgetVisible() takes the current row of a table for it, and
/// forgets the header.
void show(QScrollArea& area, const QWidget& widget)
{
    constexpr int margin = 4;
    const QRect place(widget.mapTo(area.widget(), QPoint()), widget.size());
    area.ensureVisible(place.right(), place.bottom(), margin, margin);
    area.ensureVisible(place.left(), place.top(), margin, margin);
}

} // namespace

void followFocus(QScrollArea& area)
{
    QObject::connect(qApp, &QApplication::focusChanged, &area,
                     [&area](const QWidget* /*before*/, QWidget* now) {
                         if (now != nullptr && QApplication::mouseButtons() == Qt::NoButton
                             && area.widget()->isAncestorOf(now))
                             show(area, *now);
                     });
}

} // namespace qbn::ui
