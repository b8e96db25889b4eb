#include "ui/panels/plots/plot_export.h"

#include "ui/panels/plots/code_plot.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>
#include <qcustomplot.h>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

struct PlotExport
{
    Q_DECLARE_TR_FUNCTIONS(PlotExport)
};

constexpr int dotsPerInch = 96;
constexpr double pixelRatio = 2;

void paintVectors(QCustomPlot& canvas, QPaintDevice& device, QSize size)
{
    QCPPainter painter(&device);
    painter.setModes(QCPPainter::pmVectorized | QCPPainter::pmNoCaching
                     | QCPPainter::pmNonCosmetic);
    canvas.toPainter(&painter, size.width(), size.height());
}

void writePdf(QCustomPlot& canvas, QIODevice& file, QSize size, const QString& title)
{
    QPdfWriter writer(&file);
    writer.setTitle(title);
    writer.setCreator(QCoreApplication::applicationName());
    writer.setResolution(dotsPerInch);
    const QSizeF points = QSizeF(size) * 72.0 / dotsPerInch;
    writer.setPageSize(QPageSize(points, QPageSize::Point, {}, QPageSize::ExactMatch));
    writer.setPageMargins({});
    paintVectors(canvas, writer, size);
}

void writeSvg(QCustomPlot& canvas, QIODevice& file, QSize size, const QString& title)
{
    QSvgGenerator generator;
    generator.setOutputDevice(&file);
    generator.setTitle(title);
    generator.setResolution(dotsPerInch);
    generator.setSize(size);
    generator.setViewBox(QRect(QPoint(0, 0), size));
    paintVectors(canvas, generator, size);
}

} // namespace

std::optional<Error> exportPlot(const CodePlot& plot, const QString& path, const QPalette& colors,
                                QSize size)
{
    const QString suffix = QFileInfo(path).suffix().toLower();
    if (suffix != u"png"_s && suffix != u"pdf"_s && suffix != u"svg"_s)
        return Error{
            PlotExport::tr("%1 does not end in .png, .pdf or .svg.").arg(path).toStdString()};
    const std::unique_ptr<CodePlot> picture = plot.forExport(size, colors);
    QCustomPlot& canvas = picture->canvas();
    QSaveFile file(path);
    bool isWritten = file.open(QIODevice::WriteOnly);
    if (isWritten && suffix == u"png"_s)
        isWritten = canvas.toPixmap(size.width(), size.height(), pixelRatio).save(&file, "PNG");
    else if (isWritten && suffix == u"pdf"_s)
        writePdf(canvas, file, size, plot.fullTitle());
    else if (isWritten)
        writeSvg(canvas, file, size, plot.fullTitle());
    if (isWritten && file.commit())
        return std::nullopt;
    return Error{
        PlotExport::tr("%1 could not be written: %2.").arg(path, file.errorString()).toStdString()};
}

QString plotFileFilter()
{
    return PlotExport::tr("PNG image (*.png);;PDF document (*.pdf);;SVG drawing (*.svg)");
}

} // namespace qbn::ui
