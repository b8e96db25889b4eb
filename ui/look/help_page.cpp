#include "ui/look/help_page.h"

#include <QVariant>
#include <QWidget>

namespace qbn::ui {

namespace {

constexpr const char* property = "qbnHelpPage";

} // namespace

void setHelpPage(QWidget& widget, const QString& page)
{
    widget.setProperty(property, page);
}

QString helpPageOf(const QWidget* widget)
{
    for (; widget != nullptr; widget = widget->parentWidget()) {
        if (const QString page = widget->property(property).toString(); !page.isEmpty())
            return page;
    }
    return {};
}

} // namespace qbn::ui
