#include "ui/look/outlined_style.h"

#include "ui/look/theme.h"

#include <QApplication>
#include <QComboBox>
#include <QPainter>
#include <QStyleOption>

#include <algorithm>

namespace qbn::ui {

OutlinedStyle::OutlinedStyle()
    : QProxyStyle(QStringLiteral("Fusion"))
{ }

void OutlinedStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option,
                                  QPainter* painter, const QWidget* widget) const
{
    // Qt asks for this with every cell, and Fusion mixes all its colours before it finds that there
    // is nothing to do.
    if (element == PE_PanelItemViewRow) {
        const auto* item = qstyleoption_cast<const QStyleOptionViewItem*>(option);
        if (item != nullptr && !item->state.testFlag(State_Selected)
            && !item->features.testFlag(QStyleOptionViewItem::Alternate))
            return;
    }
    QProxyStyle::drawPrimitive(element, option, painter, widget);
    if (element != PE_IndicatorCheckBox)
        return;
    painter->save();
    painter->setPen(QPen(colorsFor(option->palette).muted, 1));
    painter->setBrush(Qt::NoBrush);
    painter->drawRect(QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5));
    painter->restore();
}

int OutlinedStyle::pixelMetric(PixelMetric metric, const QStyleOption* option,
                               const QWidget* widget) const
{
    const int usual = QProxyStyle::pixelMetric(metric, option, widget);
    switch (metric) {
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight: {
        const int text = widget != nullptr ? widget->fontMetrics().height()
            : option != nullptr            ? option->fontMetrics.height()
                                           : QFontMetrics(QApplication::font()).height();
        return std::max(usual, text * 9 / 10);
    }
    default:
        return usual;
    }
}

int OutlinedStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                             QStyleHintReturn* returned) const
{
    if (hint == SH_ComboBox_AllowWheelScrolling && widget != nullptr && !widget->hasFocus())
        return 0;
    return QProxyStyle::styleHint(hint, option, widget, returned);
}

void OutlinedStyle::polish(QWidget* widget)
{
    QProxyStyle::polish(widget);
    if (auto* box = qobject_cast<QComboBox*>(widget);
        box != nullptr && box->focusPolicy() == Qt::WheelFocus)
        box->setFocusPolicy(Qt::StrongFocus);
}

} // namespace qbn::ui

#include "moc_outlined_style.cpp"
