#include "ui/look/text_zoom.h"

#include <QApplication>
#include <QWidget>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace qbn::ui {

namespace {

int currentZoom = 100;

QFont scaled(QFont font, qreal size)
{
    font.setPointSizeF(size);
    return font;
}

int depthOf(const QWidget* widget)
{
    int depth = 0;
    for (; widget->parentWidget() != nullptr; widget = widget->parentWidget())
        ++depth;
    return depth;
}

} // namespace

void setTextZoom(int percent)
{
    const int wanted = std::clamp(percent, smallestTextZoom, largestTextZoom);
    const qreal ratio = static_cast<qreal>(wanted) / std::exchange(currentZoom, wanted);
    if (ratio == 1.0 || QApplication::font().pointSizeF() <= 0)
        return;
    // What a widget has of its own follows no parent. From the outside to the inside, as a widget
    // that has its size from its parent has got the new one by then.
    struct Sized
    {
        QWidget* widget;
        qreal size;
        int depth;
    };
    std::vector<Sized> widgets;
    for (QWidget* widget : QApplication::allWidgets())
        widgets.push_back({widget, widget->font().pointSizeF() * ratio, depthOf(widget)});
    std::stable_sort(widgets.begin(), widgets.end(),
                     [](const Sized& a, const Sized& b) { return a.depth < b.depth; });
    QApplication::setFont(scaled(QApplication::font(), QApplication::font().pointSizeF() * ratio));
    for (const Sized& sized : widgets) {
        if (sized.size > 0 && std::abs(sized.widget->font().pointSizeF() - sized.size) > 0.01)
            sized.widget->setFont(scaled(sized.widget->font(), sized.size));
    }
}

int textZoom()
{
    return currentZoom;
}

} // namespace qbn::ui
