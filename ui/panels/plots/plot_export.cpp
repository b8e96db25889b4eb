#include "ui/panels/plots/plot_export.h"

#include "ui/panels/plots/code_plot.h"
#include "ui/plot/picture.h"

#include <qcustomplot.h>

namespace qbn::ui {

std::optional<Error> exportPlot(const CodePlot& plot, const QString& path, const QPalette& colors,
                                QSize size)
{
    const std::unique_ptr<CodePlot> shown = plot.forExport(size, colors);
    QCustomPlot& canvas = shown->canvas();
    const auto pixels = [&canvas, size](double ratio) {
        return canvas.toPixmap(size.width(), size.height(), ratio);
    };
    const auto paint = [&canvas, size](QPaintDevice& device) {
        QCPPainter painter(&device);
        painter.setModes(QCPPainter::pmVectorized | QCPPainter::pmNoCaching
                         | QCPPainter::pmNonCosmetic);
        canvas.toPainter(&painter, size.width(), size.height());
    };
    return writePicture({size, plot.fullTitle(), pixels, paint}, path);
}

} // namespace qbn::ui
