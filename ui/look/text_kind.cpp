#include "ui/look/text_kind.h"

#include "ui/look/theme.h"

#include <QStyle>
#include <QVariant>
#include <QWidget>

using namespace Qt::StringLiterals;

namespace qbn::ui {

void setTextKind(QWidget& widget, ValueKind kind)
{
    const QString name = kind == ValueKind::Code ? u"code"_s
        : kind == ValueKind::Problem             ? u"problem"_s
                                                 : u"muted"_s;
    constexpr const char* property = "textKind";
    if (widget.property(property) == name)
        return;
    widget.setProperty(property, name);
    widget.style()->unpolish(&widget); // the rules look at it only then
    widget.style()->polish(&widget);
}

} // namespace qbn::ui
