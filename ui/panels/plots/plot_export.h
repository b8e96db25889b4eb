#pragma once

#include "core/text/result.h"
#include "ui/look/theme.h"

#include <QSize>
#include <QString>

#include <optional>

namespace qbn::ui {

class CodePlot;

/// Writes what a plot shows, with a title (plot, layer, channel, backend), as PNG (two pixels for
/// each logical one), PDF or SVG, by the ending of `path`; `size` is in logical pixels of 1/96
/// inch. The file is replaced as a whole or not at all. The plot on the screen is not touched.
///
/// Nothing if it was written; else a sentence that names the file.
std::optional<Error> exportPlot(const CodePlot& plot, const QString& path,
                                const QPalette& colors = lightPalette(), QSize size = {800, 500});

/// For a file dialog: "PNG image (*.png)", ...
QString plotFileFilter();

} // namespace qbn::ui
