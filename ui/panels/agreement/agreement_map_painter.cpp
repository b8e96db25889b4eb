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
constexpr double pixelsPerTick = 28;
constexpr double smallestMark = 7; ///< pixels of the frame around the current cell

QString legendTitle()
{
    return QCoreApplication::translate("AgreementMap", "other less chosen");
}

/// The legend has a row for each class and one for the title.
constexpr int legendRows = static_cast<int>(differenceClasses.size()) + 1;

int legendWidth(const QFontMetrics& metrics)
{
    int width = metrics.horizontalAdvance(legendTitle());
    for (const DifferenceClass& c : differenceClasses)
        width = std::max(width, metrics.height() + gap + metrics.horizontalAdvance(c.text()));
    return width + gap;
}

/// Multiples of a power of two, and the last one.
QList<int> ticksFor(PlotRange shown, double pixels, int first, int last, double room)
{
    double step = 1;
    while (pixels / (shown.span() / step) < room)
        step *= 2;
    QList<int> ticks;
    const double end = std::min(shown.high, last - step / 2);
    for (double tick = std::ceil(std::max<double>(shown.low, first) / step) * step; tick <= end;
         tick += step)
        ticks += static_cast<int>(tick);
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
    const int legend = legendWidth(metrics);
    const QRect area(left, gap, std::max(1, size.width() - left - legend - 3 * gap),
                     std::max(1, size.height() - gap - bottom));
    return {.area = area,
            .legend = {area.right() + 2 * gap, gap, legend, size.height() - 2 * gap},
            .codes = view.x(),
            .channels = view.y()};
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
    const int line = QFontMetrics(m_font).height();
    m_painter.setPen(m_colors.muted);
    for (const int code :
         ticksFor(m_frame.codes, area.width(), type.qmin(), type.qmax(), 2 * pixelsPerTick)) {
        const QRectF place(m_frame.x(code) - 40, area.bottom() + 3, 80, line);
        m_painter.drawText(place, Qt::AlignHCenter | Qt::AlignTop, QString::number(code));
    }
    for (const int channel :
         ticksFor(m_frame.channels, area.height(), 0, channels - 1, pixelsPerTick)) {
        const QRectF place(0, m_frame.y(channel) - line, area.left() - gap, 2 * line);
        m_painter.drawText(place, Qt::AlignRight | Qt::AlignVCenter, QString::number(channel));
    }
    m_painter.drawText(QRect(gap / 2, area.bottom() + 3, area.left(), line),
                       Qt::AlignLeft | Qt::AlignTop,
                       QCoreApplication::translate("AgreementMap", "code"));
    m_painter.save();
    m_painter.translate(gap / 2, area.bottom());
    m_painter.rotate(-90);
    m_painter.drawText(QRect(0, 0, area.height(), line), Qt::AlignCenter,
                       QCoreApplication::translate("AgreementMap", "channel"));
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
    const QRect& legend = m_frame.legend;
    const QFontMetrics metrics(m_font);
    const int row = std::min(metrics.height() + 2, legend.height() / legendRows);
    const int box = std::max(2, row - 4);
    QRect place(legend.left(), legend.top(), legend.width(), row);
    m_painter.setPen(m_colors.muted);
    m_painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter, legendTitle());
    for (const DifferenceClass& c : differenceClasses) {
        place.translate(0, row);
        m_painter.fillRect(QRect(place.left(), place.top() + (row - box) / 2, box, box),
                           c.color(m_colors));
        m_painter.drawText(place.adjusted(metrics.height() + gap, 0, 0, 0),
                           Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, c.text());
    }
}

} // namespace qbn::ui
