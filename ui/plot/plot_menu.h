#pragma once

#include <QString>

#include <functional>

namespace qbn::ui {

class PlotWidget;

/// Gives a plot a context menu ("plotMenu"): copy as an image, save as PNG, SVG or PDF, for which
/// `save` is called with the ending. A click of the right button opens it; a drag still pans.
void addPlotMenu(PlotWidget& plot, const std::function<void(const QString& suffix)>& save);

} // namespace qbn::ui
