#pragma once

#include "core/text/result.h"
#include "ui/look/theme.h"

#include <QSize>
#include <QString>

#include <optional>

namespace qbn::ui {

class CodePlot;

/// Writes what a plot shows, with a title (plot, layer, channel, backend), as writePicture() does. The plot on the screen is
/// not touched.
std::optional<Error> exportPlot(const CodePlot& plot, const QString& path,
                                const QPalette& colors = lightPalette(), QSize size = {800, 500});

} // namespace qbn::ui
