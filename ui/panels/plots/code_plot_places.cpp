#include "ui/panels/plots/code_plot.h"

#include <qcustomplot.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace qbn::ui {

namespace {

QPointF sizeOf(const QCPItemText& text)
{
    return text.bottomRight->pixelPosition() - text.topLeft->pixelPosition();
}

} // namespace

void CodePlot::placeAll()
{
    const double pixelsPerCode = canvas().axisRect()->width() / canvas().xAxis->range().size();
    for (const auto& [graph, pixelsApart, points] : m_marks) {
        QVector<QCPGraphData> shown;
        for (const QPointF& point : points)
            if (shown.isEmpty() || (point.x() - shown.back().key) * pixelsPerCode >= pixelsApart)
                shown.push_back({point.x(), point.y()});
        graph->data()->set(shown, true);
    }
    for (Region& region : m_regions)
        placeLabel(region);
    placeCursor();
}

/// The label along the room that is seen, or upright in it, or not at all.
void CodePlot::placeLabel(Region& region)
{
    const QCPRange& codes = canvas().xAxis->range();
    const double first = std::max(codes.lower, region.run.first - 0.5);
    const double last = std::min(codes.upper, region.run.last + 0.5);
    const QRect area = canvas().axisRect()->rect();
    const double room = (last - first) / codes.size() * area.width();
    if (region.labelSize.isNull())
        region.labelSize = sizeOf(*region.label);
    const QPointF& size = region.labelSize;
    const bool isFlat = size.x() <= room;
    region.label->setRotation(isFlat ? 0 : -90);
    // Above the middle, but no part of it outside.
    const double half = (isFlat ? size.y() : size.x()) / 2 / area.height();
    region.label->position->setCoords((first + last) / 2, std::max(0.3, half));
    const bool isCovered = isStrip() && noteItem().visible(); // there is room for one of them
    region.label->setVisible(!isCovered
                             && (isFlat || (size.y() <= room && size.x() <= area.height())));
}

/// Whether the curve runs through it, between codes too.
bool CodePlot::isOnCurve(const QRectF& place) const
{
    const QCPAxis& codes = *canvas().xAxis;
    const double first = std::floor(codes.pixelToCoord(place.left()));
    const double last = std::ceil(codes.pixelToCoord(place.right()));
    double before = std::nan("");
    for (const CodeRow& row : evaluation().rows) {
        if (row.input_code < first || row.input_code > last)
            continue;
        const double y = canvas().yAxis->coordToPixel(valueOf(row));
        if (std::fmin(y, before) <= place.bottom() && std::fmax(y, before) >= place.top())
            return true;
        before = y;
    }
    return false;
}

/// At the side of the marker with more room and away from a rising curve, or at the first one where no curve is.
void CodePlot::placeCursor()
{
    const QRectF area = canvas().axisRect()->rect();
    const double value = m_marker->position->value();
    const double x = canvas().xAxis->coordToPixel(m_marker->position->key());
    const double y = std::isnan(value) ? area.top() + 0.8 * area.height()
                                       : canvas().yAxis->coordToPixel(value);
    const QPointF size = sizeOf(*m_cursor);
    const auto placeAt = [&](bool right, bool below) {
        const double left = right ? x + 7 : x - 7 - size.x();
        const double top = below ? y + 6 : y - 6 - size.y();
        return QRectF(std::max(area.left(), std::min(left, area.right() - size.x())),
                      std::max(area.top(), std::min(top, area.bottom() - size.y())), size.x(),
                      size.y());
    };
    const bool right
        = x + size.x() + 8 < area.right() && x < area.center().x() + 0.2 * area.width();
    const bool below = right ? y + size.y() + 8 < area.bottom() : y - size.y() - 8 < area.top();
    const std::array places{placeAt(right, below), placeAt(!right, !below), placeAt(right, !below),
                            placeAt(!right, below)};
    const auto free = std::ranges::find_if(
        places, [&](const QRectF& place) { return !place.contains(x, y) && !isOnCurve(place); });
    const QRectF& place = free == places.end() ? places.front() : *free;
    m_cursor->position->setCoords(place.left(), place.top());
}

} // namespace qbn::ui
