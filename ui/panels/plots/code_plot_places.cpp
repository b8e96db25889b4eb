// Where the texts of a CodePlot stand.

#include "ui/panels/plots/code_plot.h"
#include "ui/plot/placed_text.h"

#include <qcustomplot.h>

#include <algorithm>
#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

constexpr double markerReach = 7; ///< pixels from its middle

QRectF around(QPointF middle, QSizeF size)
{
    return {middle - QPointF(size.width(), size.height()) / 2, size};
}

/// `share` of what is free around it lies before it.
QRectF placeInside(const QRectF& room, QSizeF size, double across, double down)
{
    return {QPointF(room.left() + across * (room.width() - size.width()),
                    room.top() + down * (room.height() - size.height())),
            size};
}

bool isFree(const QRectF& place, const std::vector<QRectF>& taken)
{
    return std::ranges::none_of(taken,
                                [&place](const QRectF& other) { return place.intersects(other); });
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
    placeTexts();
}

/// By importance: what comes later keeps away from what is there, or is not shown.
void CodePlot::placeTexts()
{
    std::vector<QRectF> taken;
    placeNote(taken);
    placeCursor(taken);
    for (const Region& region : m_regions)
        placeLabel(region, taken);
    placeReadout(taken);
}

/// Nothing where there is no marker to be seen.
std::optional<QRectF> CodePlot::markerPlace() const
{
    const QCPItemPosition& marker = *m_marker->position;
    if (std::isnan(marker.value()) || !shownCodes().contains(marker.key()))
        return std::nullopt;
    return around(pixelOf(marker.coords()), {2 * markerReach, 2 * markerReach});
}

/// In the middle, else where it leaves the marker free, and room for its label.
void CodePlot::placeNote(std::vector<QRectF>& taken)
{
    if (!noteItem().visible())
        return;
    const QRectF area = canvas().axisRect()->rect();
    const auto placeAt = [&](double across, double down) {
        return placeInside(area, noteItem().size(), across, down);
    };
    const std::array places{placeAt(0.5, 0.5), placeAt(0.5, 0), placeAt(0.5, 1), placeAt(1, 0.5),
                            placeAt(0, 0.5)};
    const QRectF marker = markerPlace().value_or(QRectF());
    const auto free = std::ranges::find_if(places, [&](const QRectF& place) {
        return !place.intersects(marker) && cursorPlace({place});
    });
    taken.push_back(free == places.end() ? places.front() : *free);
    noteItem().placeIn(taken.back());
}

/// At the side of the marker with more room and away from a rising curve, or at the first one where no curve is.
std::optional<QRectF> CodePlot::cursorPlace(const std::vector<QRectF>& taken) const
{
    if (!shownCodes().contains(m_marker->position->key()))
        return std::nullopt;
    const QRectF area = canvas().axisRect()->rect();
    const double value = m_marker->position->value();
    const double x = canvas().xAxis->coordToPixel(m_marker->position->key());
    const double y = std::isnan(value) ? area.top() + 0.8 * area.height()
                                       : canvas().yAxis->coordToPixel(value);
    const QSizeF size = m_cursor->size();
    const auto placeAt = [&](bool right, double top) {
        const double left = right ? x + 7 : x - 7 - size.width();
        return QRectF(QPointF(std::max(area.left(), std::min(left, area.right() - size.width())),
                              std::max(area.top(), std::min(top, area.bottom() - size.height()))),
                      size);
    };
    const bool right
        = x + size.width() + 8 < area.right() && x < area.center().x() + 0.2 * area.width();
    const bool isBelow
        = right ? y + size.height() + 8 < area.bottom() : y - size.height() - 8 < area.top();
    const double below = y + 6, above = y - 6 - size.height(), beside = y - size.height() / 2;
    const double first = isBelow ? below : above, second = isBelow ? above : below;
    const std::array places{placeAt(right, first),  placeAt(!right, second),
                            placeAt(right, second), placeAt(!right, first),
                            placeAt(right, beside), placeAt(!right, beside)};

    for (const int demands : {2, 1, 0}) {
        const auto place = std::ranges::find_if(places, [&](const QRectF& wanted) {
            return isFree(wanted, taken) && (demands < 1 || !wanted.contains(x, y))
                && (demands < 2 || !isOnCurve(wanted));
        });
        if (place != places.end())
            return *place;
    }
    return std::nullopt;
}

/// With the marker.
void CodePlot::placeCursor(std::vector<QRectF>& taken)
{
    const std::optional<QRectF> marker = markerPlace();
    const std::optional<QRectF> place = cursorPlace(taken);
    m_marker->setVisible(marker.has_value());
    m_valueLine->setVisible(marker.has_value());
    m_cursor->setVisible(place.has_value());
    if (place)
        m_cursor->placeIn(*place);
    for (const std::optional<QRectF>& shown : {marker, place})
        if (shown)
            taken.push_back(*shown);
}

/// Whether the curve runs through it, between codes too.
bool CodePlot::isOnCurve(const QRectF& place) const
{
    const QCPAxis& codes = *canvas().xAxis;
    const std::vector<CodeRow>& rows = evaluation().rows;
    const auto indexAt = [&](double code) {
        return static_cast<std::size_t>(
            std::clamp(code - rows.front().input_code, 0.0, double(rows.size() - 1)));
    };
    const std::size_t last = indexAt(std::ceil(codes.pixelToCoord(place.right())));
    constexpr double halfLine = 1; // pixels
    double before = std::nan("");
    for (std::size_t i = indexAt(std::floor(codes.pixelToCoord(place.left()))); i <= last; ++i) {
        const double y = canvas().yAxis->coordToPixel(valueOf(rows[i]));
        if (std::fmin(y, before) <= place.bottom() + halfLine
            && std::fmax(y, before) >= place.top() - halfLine)
            return true;
        before = y;
    }
    return false;
}

/// The label along the room that is seen, or upright in it, or not at all. Above the middle if that is free.
void CodePlot::placeLabel(const Region& region, std::vector<QRectF>& taken)
{
    const QCPAxis& codes = *canvas().xAxis;
    QRectF room = canvas().axisRect()->rect();
    const double left = std::max(room.left(), codes.coordToPixel(region.run.first - 0.5));
    const double right = std::min(room.right(), codes.coordToPixel(region.run.last + 0.5));
    room = {left, room.top(), right - left, room.height()};
    const QSizeF lying = region.label->size();
    const bool isFlat = lying.width() <= room.width();
    const QSizeF size = isFlat ? lying : lying.transposed();
    region.label->setRotation(isFlat ? 0 : -90);
    region.label->setVisible(false);
    if (size.width() > room.width() || size.height() > room.height())
        return;
    for (const double across : {0.5, 0.15, 0.85}) {
        for (const double down : {0.25, 0.5, 0.75, 0.0, 1.0}) {
            const QRectF place = placeInside(room, size, across, down);
            if (!isFree(place, taken) || isOnCurve(place))
                continue;
            region.label->setVisible(true);
            region.label->placeIn(place);
            taken.push_back(place);
            return;
        }
    }
}

/// Where there is a title over it, else in a free place on the edge. What does not fit is left out from its end.
void CodePlot::placeReadout(const std::vector<QRectF>& taken)
{
    const QString gap = u"   "_s;
    const QStringList parts = m_readoutText.split(gap);
    const auto shows = [&](const auto& place) {
        for (qsizetype count = parts.size(); count > 0; --count) {
            showText(*m_readout, parts.first(count).join(gap));
            if (place())
                return true;
        }
        return false;
    };
    const bool hasHeader = canvas().plotLayout()->hasElement(0, 0);
    const bool isShown = !m_readoutText.isEmpty()
        && ((hasHeader && shows([this] { return placeReadoutOnTitle(); }))
            || shows([&] { return placeReadoutInside(taken); }));
    m_readout->setVisible(isShown);
}

/// As far as the legend, and it hides the title.
bool CodePlot::placeReadoutOnTitle()
{
    constexpr int edge = 12;
    const QCPLegend& legend = *canvas().legend;
    const double room
        = legend.itemCount() > 0 ? legend.outerRect().left() : canvas().viewport().right();
    const double title // the letters go a bit beyond their width
        = m_title->text().isEmpty() ? 0 : m_title->outerRect().right() - edge + 4;
    m_readout->setPadding({edge, 4, edge, 3});
    const int missing = std::max(0, qCeil(title - m_readout->size().width()));
    m_readout->setPadding({edge, 4, edge + missing, 3});
    const QRectF place(QPointF(), m_readout->size());
    m_readout->placeIn(place);
    return place.width() <= room;
}

bool CodePlot::placeReadoutInside(const std::vector<QRectF>& taken)
{
    constexpr QPointF shares[] = {{0, 0}, {1, 0}, {0, 1}, {1, 1}, {0.5, 0}, {0.5, 1}};
    m_readout->setPadding({4, 1, 4, 1});
    const QRectF area = canvas().axisRect()->rect();
    const QSizeF size = m_readout->size();
    if (size.width() > area.width() || size.height() > area.height())
        return false;
    const QRectF pointed(canvas().xAxis->coordToPixel(m_hovered.value_or(0)) - 3, area.top(), 6,
                         area.height());
    for (const bool mayHideCurve : {false, true}) {
        for (const auto& [across, down] : shares) {
            const QRectF place = placeInside(area, size, across, down);
            if (isFree(place, taken) && !place.intersects(pointed)
                && (mayHideCurve || !isOnCurve(place))) {
                m_readout->placeIn(place);
                return true;
            }
        }
    }
    return false;
}

} // namespace qbn::ui
