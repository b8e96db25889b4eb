#pragma once

#include <QString>

#include <functional>

class QPixmap;
class QWidget;

namespace qbn::ui {

class PlotWidget;

/// What a plot's context menu does.
struct PlotMenuActions
{
    std::function<QPixmap()> image; ///< to copy
    std::function<void(const QString& suffix)> save; ///< with the ending
    std::function<void()> showAll;
};

/// Gives a plot a context menu ("plotMenu"): copy as an image, save as PNG, SVG or PDF, show all. A click of the right button
/// opens it; a drag still pans. `canvas` is what takes the mouse.
void addPlotMenu(QWidget& plot, QWidget& canvas, const PlotMenuActions& actions);
void addPlotMenu(PlotWidget& plot, const std::function<void(const QString& suffix)>& save);

} // namespace qbn::ui
