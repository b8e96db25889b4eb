#include "ui/panels/plots/plot_export.h"

#include "ui/panels/plots/code_plot.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QFileInfo>
#include <QImage>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

struct PlotExport
{
    Q_DECLARE_TR_FUNCTIONS(PlotExport)
};

constexpr int dotsPerInch = 96;
constexpr int pixelRatio = 2;

QByteArray asPng(CodePlot& plot, QSize size)
{
    QImage image(size * pixelRatio, QImage::Format_RGB32);
    image.setDevicePixelRatio(pixelRatio);
    plot.render(image, size, false);
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return buffer.data();
}

QByteArray asPdf(CodePlot& plot, QSize size, const QString& title)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    {
        QPdfWriter writer(&buffer);
        writer.setTitle(title);
        writer.setCreator(QCoreApplication::applicationName());
        writer.setResolution(dotsPerInch);
        const QSizeF points = QSizeF(size) * 72.0 / dotsPerInch;
        writer.setPageSize(QPageSize(points, QPageSize::Point, {}, QPageSize::ExactMatch));
        writer.setPageMargins({});
        plot.render(writer, size, true);
    }
    return buffer.data();
}

QByteArray asSvg(CodePlot& plot, QSize size, const QString& title)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    {
        QSvgGenerator generator;
        generator.setOutputDevice(&buffer);
        generator.setTitle(title);
        generator.setResolution(dotsPerInch);
        generator.setSize(size);
        generator.setViewBox(QRect(QPoint(0, 0), size));
        plot.render(generator, size, true);
    }
    return buffer.data();
}

std::optional<Error> write(const QByteArray& bytes, const QString& path)
{
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit())
        return std::nullopt;
    return Error{
        PlotExport::tr("%1 could not be written: %2.").arg(path, file.errorString()).toStdString()};
}

} // namespace

PlotExportOptions::PlotExportOptions()
    : palette(lightPalette())
{ }

std::optional<Error> exportPlot(const CodePlot& plot, const QString& path,
                                const PlotExportOptions& options)
{
    const std::unique_ptr<CodePlot> twin = plot.twin();
    const QString title = plot.fullTitle();
    twin->setFont(plot.font());
    twin->setPalette(options.palette);
    twin->setTitle(title);

    const QString suffix = QFileInfo(path).suffix().toLower();
    if (suffix == u"png"_s)
        return write(asPng(*twin, options.size), path);
    if (suffix == u"pdf"_s)
        return write(asPdf(*twin, options.size, title), path);
    if (suffix == u"svg"_s)
        return write(asSvg(*twin, options.size, title), path);
    return Error{PlotExport::tr("%1 does not end in .png, .pdf or .svg.").arg(path).toStdString()};
}

QString plotFileFilter()
{
    return PlotExport::tr("PNG image (*.png);;PDF document (*.pdf);;SVG drawing (*.svg)");
}

} // namespace qbn::ui
