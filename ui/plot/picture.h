#pragma once

#include "core/text/result.h"

#include <QPixmap>
#include <QSize>
#include <QString>

#include <functional>
#include <optional>

class QPaintDevice;

namespace qbn::ui {

/// What is written of a plot.
struct Picture
{
    QSize size; ///< in logical pixels of 1/96 inch
    QString title; ///< of the document, where the form has one
    std::function<QPixmap(double ratio)> pixels; ///< `ratio` for each logical one
    std::function<void(QPaintDevice&)> paint; ///< as vectors
};

/// Writes it as PNG (two pixels for each logical one), PDF or SVG, by the ending of `path`. The file is replaced as a whole or
/// not at all. Nothing if it was written; else a sentence that names the file.
std::optional<Error> writePicture(const Picture& picture, const QString& path);

/// For a file dialog: "PNG image (*.png)", ...
QString pictureFileFilter();

} // namespace qbn::ui
