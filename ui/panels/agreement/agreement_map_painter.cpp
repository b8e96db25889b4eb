#include "ui/panels/agreement/agreement_map_painter.h"

#include "ui/panels/agreement/agreement_image.h"

#include <QCoreApplication>
#include <QFontMetrics>
#include <QImage>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace qbn::ui {

namespace {

constexpr int gap = 6; ///< pixels between the parts
constexpr int pixelsPerTick = 28; ///< or more, for large text
constexpr double smallestMark = 7; ///< pixels of the frame around the current cell

QString legendTitle()
{
    return QCoreApplication::translate("AgreementMap", "other less chosen");
}

constexpr int classes = static_cast<int>(differenceClasses.size());

int columnWidth(const QFontMetrics& metrics)
{
    int width = 0;
    for (const DifferenceClass& c : differenceClasses)
        width = std::max(width, metrics.height() + gap + metrics.horizontalAdvance(c.text()));
    return width + 2 * gap;
}

/// The legend has a row for the title and one for each class, or several columns of them where it is low.
int columnsIn(int height, const QFontMetrics& metrics)
{
    const int rows = std::max(1, height / metrics.ascent() - 1);
    return (classes + rows - 1) / rows;
}

int legendWidth(int columns, const QFontMetrics& metrics)
{
    return std::max(columns * columnWidth(metrics), metrics.horizontalAdvance(legendTitle()) + gap);
}

/// Multiples of a power of two, and the last one.
QList<int> ticksFor(PlotRange shown, double pixels, int first, int last, double room)
{
    int step = 1;
    while (pixels / (shown.span() / step) < room)
        step *= 2;
    QList<int> ticks;
    const double end = std::min(shown.high, last - step / 2.0);
    for (int tick = static_cast<int>(std::ceil(std::max<double>(shown.low, first) / step)) * step;
         tick <= end; tick += step)
        ticks += tick;
    if (last <= shown.high)
        ticks += last;
    return ticks;
}

} // namespace

double MapFrame::x(double code) const
{
    return area.left() + (code - codes.low) / codes.span() * area.width();
}

double MapFrame::y(double channel) const
{
    return area.top() + (channel - channels.low) / channels.span() * area.height();
}

QPointF MapFrame::coordinatesAt(QPointF position) const
{
    return {codes.low + (position.x() - area.left()) / area.width() * codes.span(),
            channels.low + (position.y() - area.top()) / area.height() * channels.span()};
}

QSizeF MapFrame::cellSize() const
{
    return {area.width() / codes.span(), area.height() / channels.span()};
}

QRectF MapFrame::cell(CodePlace place) const
{
    return {QPointF(x(place.input_code - 0.5), y(place.channel - 0.5)), cellSize()};
}

MapFrame frameOf(QSize size, const QFont& font, const PlotView& view)
{
    const QFontMetrics metrics(font);
    const int left = gap + metrics.height() + metrics.horizontalAdvance(QStringLiteral("00000"));
    const int bottom = metrics.height() + gap;
    const int columns = columnsIn(size.height() - 2 * gap, metrics);
    const int legend = legendWidth(columns, metrics);
    const int between
        = gap + metrics.horizontalAdvance(QStringLiteral("255")) / 2; // the last code's
    const QRect area(left, gap, std::max(1, size.width() - left - legend - between - gap),
                     std::max(1, size.height() - gap - bottom));
    return {.area = area,
            .legend = {area.right() + between, gap, legend, size.height() - 2 * gap},
            .legendColumns = columns,
            .codes = view.x(),
            .channels = view.y()};
}

QList<QRect> legendPlaces(const MapFrame& frame, const QFont& font)
{
    const QFontMetrics metrics(font);
    const int rows = (classes + frame.legendColumns - 1) / frame.legendColumns;
    const int row = std::min(metrics.height() + 2, frame.legend.height() / (rows + 1));
    const QRect first(frame.legend.topLeft(), QSize(columnWidth(metrics), row));
    QList<QRect> places{first};
    for (int i = 0; i < classes; ++i)
        places += first.translated(i / rows * first.width(), (i % rows + 1) * row);
    return places;
}

AgreementMapPainter::AgreementMapPainter(QPainter& painter, const MapFrame& frame,
                                         const Colors& colors, const QFont& font)
    : m_painter(painter)
    , m_frame(frame)
    , m_colors(colors)
    , m_font(font)
{
    m_painter.setFont(m_font);
}

void AgreementMapPainter::drawCells(const QImage& image, bool pending)
{
    m_painter.setOpacity(pending ? 0.35 : 1);
    m_painter.drawImage(m_frame.area.topLeft(), image);
    m_painter.setOpacity(1);
    m_painter.setPen(m_colors.line);
    m_painter.drawRect(m_frame.area.adjusted(-1, -1, 0, 0));
}

void AgreementMapPainter::drawAxes(CodeType type, int channels)
{
    const QRect& area = m_frame.area;
    const QFontMetrics metrics(m_font);
    const int line = metrics.height();
    const int wide = metrics.horizontalAdvance(QStringLiteral("-128 "));
    m_painter.setPen(m_colors.muted);
    for (const int code : ticksFor(m_frame.codes, area.width(), type.qmin(), type.qmax(),
                                   std::max(2 * pixelsPerTick, wide))) {
        const QRectF place(m_frame.x(code) - 40, area.bottom() + 3, 80, line);
        m_painter.drawText(place, Qt::AlignHCenter | Qt::AlignTop, QString::number(code));
    }
    for (const int channel : ticksFor(m_frame.channels, area.height(), 0, channels - 1,
                                      std::max(pixelsPerTick, line))) {
        const QRectF place(0, m_frame.y(channel) - line, area.left() - gap, 2 * line);
        m_painter.drawText(place, Qt::AlignRight | Qt::AlignVCenter, QString::number(channel));
    }
    m_painter.drawText(QRect(gap / 2, area.bottom() + 3, area.left(), line),
                       Qt::AlignLeft | Qt::AlignTop,
                       QCoreApplication::translate("AgreementMap", "code"));
    const QString channel = QCoreApplication::translate("AgreementMap", "channel");
    if (metrics.horizontalAdvance(channel) > area.height())
        return;
    m_painter.save();
    m_painter.translate(gap / 2.0, area.bottom());
    m_painter.rotate(-90);
    m_painter.drawText(QRect(0, 0, area.height(), line), Qt::AlignCenter, channel);
    m_painter.restore();
}

void AgreementMapPainter::drawCrosshair(CodePlace current)
{
    const QRectF area = m_frame.area;
    QRectF mark = m_frame.cell(current);
    const QPointF middle = mark.center();
    mark.setSize(mark.size().expandedTo({smallestMark, smallestMark}));
    mark.moveCenter(middle);
    m_painter.save();
    m_painter.setClipRect(area);
    m_painter.setPen(QPen(m_colors.code, 1, Qt::DashLine));
    m_painter.drawLine(QPointF(middle.x(), area.top()), QPointF(middle.x(), mark.top()));
    m_painter.drawLine(QPointF(middle.x(), mark.bottom()), QPointF(middle.x(), area.bottom()));
    m_painter.drawLine(QPointF(area.left(), middle.y()), QPointF(mark.left(), middle.y()));
    m_painter.drawLine(QPointF(mark.right(), middle.y()), QPointF(area.right(), middle.y()));
    m_painter.setPen(QPen(m_colors.text, 1));
    m_painter.drawRect(mark.adjusted(-1, -1, 0, 0).toAlignedRect());
    m_painter.restore();
}

void AgreementMapPainter::drawLegend()
{
    const QFontMetrics metrics(m_font);
    const QList<QRect> places = legendPlaces(m_frame, m_font);
    m_painter.setPen(m_colors.muted);
    m_painter.drawText(places.front(), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip,
                       legendTitle());
    for (int i = 0; i < classes; ++i) {
        const DifferenceClass& c = differenceClasses[static_cast<std::size_t>(i)];
        const QRect& place = places[i + 1];
        const int box = std::max(2, std::min(place.height(), metrics.ascent()) - 4);
        m_painter.fillRect(QRect(place.left(), place.top() + (place.height() - box) / 2, box, box),
                           c.color(m_colors));
        m_painter.drawText(place.adjusted(metrics.height() + gap, 0, 0, 0),
                           Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, c.text());
    }
}

} // namespace qbn::ui
