#include "ui/plot/picture.h"

#include <QCoreApplication>
#include <QFileInfo>
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
constexpr double pixelRatio = 2;

void writePdf(const Picture& picture, QIODevice& file)
{
    QPdfWriter writer(&file);
    writer.setTitle(picture.title);
    writer.setCreator(QCoreApplication::applicationName());
    writer.setResolution(dotsPerInch);
    const QSizeF points = QSizeF(picture.size) * 72.0 / dotsPerInch;
    writer.setPageSize(QPageSize(points, QPageSize::Point, {}, QPageSize::ExactMatch));
    writer.setPageMargins({});
    picture.paint(writer);
}

void writeSvg(const Picture& picture, QIODevice& file)
{
    QSvgGenerator generator;
    generator.setOutputDevice(&file);
    generator.setTitle(picture.title);
    generator.setResolution(dotsPerInch);
    generator.setSize(picture.size);
    generator.setViewBox(QRect(QPoint(0, 0), picture.size));
    picture.paint(generator);
}

} // namespace

std::optional<Error> writePicture(const Picture& picture, const QString& path)
{
    const QString suffix = QFileInfo(path).suffix().toLower();
    if (suffix != u"png"_s && suffix != u"pdf"_s && suffix != u"svg"_s)
        return Error{
            PlotExport::tr("%1 does not end in .png, .pdf or .svg.").arg(path).toStdString()};
    QSaveFile file(path);
    bool isWritten = file.open(QIODevice::WriteOnly);
    if (isWritten && suffix == u"png"_s)
        isWritten = picture.pixels(pixelRatio).save(&file, "PNG");
    else if (isWritten && suffix == u"pdf"_s)
        writePdf(picture, file);
    else if (isWritten)
        writeSvg(picture, file);
    if (isWritten && file.commit())
        return std::nullopt;
    return Error{
        PlotExport::tr("%1 could not be written: %2.").arg(path, file.errorString()).toStdString()};
}

QString pictureFileFilter()
{
    return PlotExport::tr("PNG image (*.png);;PDF document (*.pdf);;SVG drawing (*.svg)");
}

} // namespace qbn::ui
