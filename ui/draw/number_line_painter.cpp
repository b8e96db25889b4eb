#include "ui/draw/number_line_painter.h"

#include "core/text/text_number.h"

#include <QFontInfo>
#include <QPainter>
#include <QPainterPath>
#include <QPolygonF>
#include <QStaticText>
#include <QTextOption>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

constexpr qreal sideMargin = 8;
constexpr qreal markerRadius = 4.5;
constexpr qreal regionHalfHeight = 6;

/// 0 (low) to 1 (high); halves keep high - low from overflowing.
double shareOf(double value, double low, double high)
{
    const double span = high / 2 - low / 2;
    if (!(span > 0) || std::isinf(span))
        return 0.5;
    return std::clamp((value / 2 - low / 2) / span, 0.0, 1.0);
}

} // namespace

NumberLinePainter::NumberLinePainter(const NumberLineModel& model, const QRectF& area,
                                     const QFont& font)
    : m_model(model)
    , m_area(area.adjusted(4, 1, -4, -2))
    , m_font(font)
    , m_left(area.left() + sideMargin)
    , m_right(area.right() - sideMargin)
{
    m_font.setPixelSize(std::max(8, qRound(QFontInfo(font).pixelSize() * 0.8)));
    const qreal labelHeight = m_font.pixelSize() * 1.35;
    m_axisY = std::round(m_area.bottom() - labelHeight - 8) + 0.5;
}

qreal NumberLinePainter::xOf(double value) const
{
    return m_left + (m_right - m_left) * shareOf(value, m_model.low, m_model.high);
}

double NumberLinePainter::valueAt(qreal x) const
{
    const double share = std::clamp((x - m_left) / std::max(1.0, m_right - m_left), 0.0, 1.0);
    const double value = std::lerp(m_model.low, m_model.high, share);
    return m_model.integral ? std::round(value) : value;
}

bool NumberLinePainter::isBeyond(double value) const
{
    return value < m_model.low || value > m_model.high;
}

void NumberLinePainter::paint(QPainter& painter, const Colors& colors, NumberLineParts& parts)
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(m_font);
    paintRegions(painter, colors);
    paintAxis(painter, colors);
    paintPoints(painter, colors, parts);
    paintLabels(painter, colors, parts);
    if (!m_model.value)
        return;
    if (std::isnan(*m_model.value)) {
        painter.setPen(colors.problem);
        painter.drawText(QRectF(m_area.left(), m_area.top(), m_area.width(), m_axisY - 3),
                         Qt::AlignHCenter | Qt::AlignBottom | Qt::TextDontClip, u"not a number"_s);
        return;
    }
    paintTarget(painter, colors, parts);
    paintMarker(painter, colors, parts);
}

void NumberLinePainter::paintRegions(QPainter& painter, const Colors& colors)
{
    painter.setPen(Qt::NoPen);
    for (const NumberLineRegion& region : m_model.regions) {
        const qreal from = xOf(region.low), to = xOf(region.high);
        const QRectF place(from, m_axisY - regionHalfHeight, to - from, 2 * regionHalfHeight);
        painter.fillRect(place, colors.shade);
        painter.fillRect(place,
                         QBrush(blend(colors.surface, colors.problem, 0.5), Qt::BDiagPattern));
    }
}

std::vector<double> NumberLinePainter::ticks() const
{
    const double span = m_model.high - m_model.low;
    if (!std::isfinite(span) || !(span > 0))
        return {};
    const int count = std::clamp(static_cast<int>((m_right - m_left) / 36), 2, 6);
    double step = niceStep(span, count);
    if (m_model.integral)
        step = std::max(1.0, step);
    std::vector<double> found;
    for (double tick = std::ceil(m_model.low / step) * step;
         tick <= m_model.high && found.size() < 20; tick += step)
        found.push_back(tick);
    return found;
}

void NumberLinePainter::paintAxis(QPainter& painter, const Colors& colors) const
{
    const QColor faint = blend(colors.surface, colors.muted, 0.6);
    // Lines on whole pixels, which are filled faster than stroked.
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.fillRect(QRectF(m_left, m_axisY - 0.5, m_right - m_left, 1), faint);
    const auto stroke = [&](double position, int half) {
        painter.fillRect(QRectF(std::round(xOf(position)), m_axisY - 0.5 - half, 1, 2 * half + 1),
                         faint);
    };
    if (m_model.points.empty())
        for (const double tick : ticks())
            stroke(tick, 3);
    for (const double boundary : m_model.boundaries)
        stroke(boundary, 5);
    painter.setRenderHint(QPainter::Antialiasing);
}

void NumberLinePainter::paintPoints(QPainter& painter, const Colors& colors,
                                    NumberLineParts& parts) const
{
    for (const NumberLinePoint& point : m_model.points)
        if (!isBeyond(point.position))
            parts.point.paint(painter, QPointF(xOf(point.position), m_axisY), 2.6,
                              QPen(colors.muted, 1.2), colors.surface);
}

std::vector<NumberLinePainter::Label> NumberLinePainter::labels() const
{
    const auto text = [](double value) {
        // Ends of a range may have many digits; on the line three tell enough.
        return value == std::round(value) && std::abs(value) < 1e5 ? QString::number(value, 'f', 0)
                                                                   : QString::number(value, 'g', 3);
    };
    std::vector<Label> found;
    if (!m_model.points.empty()) {
        for (const NumberLinePoint& point : m_model.points)
            if (!isBeyond(point.position))
                found.push_back({point.position, point.label, m_model.target == point.position});
        // The code that comes out is labelled first, so that it wins the room.
        std::stable_partition(found.begin(), found.end(),
                              [](const Label& label) { return label.strong; });
    } else {
        found.push_back({m_model.low, text(m_model.low), false});
        found.push_back({m_model.high, text(m_model.high), false});
        if (m_model.low < 0 && m_model.high > 0)
            found.push_back({0, u"0"_s, false});
    }
    for (const NumberLineRegion& region : m_model.regions)
        found.push_back({(region.low + region.high) / 2, region.label, false});
    return found;
}

void NumberLinePainter::paintLabels(QPainter& painter, const Colors& colors, NumberLineParts& parts)
{
    m_taken.clear();
    for (const Label& label : labels())
        placeLabel(painter, label, label.strong ? colorOf(colors, m_model.kind) : colors.muted,
                   parts);
}

bool NumberLinePainter::placeLabel(QPainter& painter, const Label& label, const QColor& color,
                                   NumberLineParts& parts)
{
    QFont font = m_font;
    font.setWeight(label.strong ? QFont::DemiBold : QFont::Normal);
    const QStaticText& text = (label.strong ? parts.strong : parts.plain).of(label.text, font);
    const qreal width = text.size().width();
    const qreal x = std::clamp(xOf(label.position) - width / 2, m_area.left(),
                               std::max(m_area.left(), m_area.right() - width));
    const QRectF place(x, m_axisY + 7, width, m_area.bottom() - m_axisY - 7);
    const QRectF roomy = place.adjusted(-3, 0, 3, 0);
    if (place.right() > m_area.right() + 0.5
        || std::ranges::any_of(m_taken, [&](const QRectF& r) { return r.intersects(roomy); }))
        return false;
    m_taken.push_back(place);
    painter.setFont(font);
    painter.setPen(color);
    painter.drawStaticText(QPointF(place.left(), place.center().y() - text.size().height() / 2),
                           text);
    return true;
}

void NumberLinePainter::paintTarget(QPainter& painter, const Colors& colors,
                                    NumberLineParts& parts) const
{
    if (!m_model.target || isBeyond(*m_model.target))
        return;
    const QColor color = colorOf(colors, m_model.kind);
    const qreal to = xOf(*m_model.target);
    const qreal from = xOf(*m_model.value);
    if (m_model.clamped) {
        painter.setPen(QPen(color, 2, Qt::SolidLine, Qt::FlatCap));
        painter.drawLine(QPointF(to, m_axisY - 7), QPointF(to, m_axisY + 7));
    } else {
        parts.target.paint(painter, QPointF(to, m_axisY), 3.4, QPen(color, 1.6), colors.surface);
    }
    const qreal distance = std::abs(to - from);
    if (distance < 2 * markerRadius + 3)
        return;
    const qreal lift = std::min({6 + distance / 6, 13.0, m_axisY - m_area.top() - 1});
    const qreal startY = m_axisY - markerRadius - 1.5;
    QPainterPath path({from, startY});
    path.quadTo({(from + to) / 2, startY - 2 * lift + 6}, {to, startY});
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(color, 1.3));
    painter.drawPath(path);
    const qreal back = to > from ? -1 : 1;
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawPolygon(QPolygonF(
        {{to, startY + 1.5}, {to + back * 5.2, startY - 1.6}, {to + back * 1.2, startY - 5.0}}));
}

void NumberLinePainter::paintMarker(QPainter& painter, const Colors& colors,
                                    NumberLineParts& parts) const
{
    const QColor color = colorOf(colors, m_model.kind);
    const double value = *m_model.value;
    if (isBeyond(value)) {
        paintBeyond(painter, color);
        return;
    }
    const QPointF middle(xOf(value), m_axisY);
    if (m_model.tie) {
        const qreal r = markerRadius + 1;
        painter.setPen(QPen(color, 1.8, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin));
        painter.setBrush(colors.surface);
        painter.drawPolygon(QPolygonF({{middle.x(), middle.y() - r},
                                       {middle.x() + r, middle.y()},
                                       {middle.x(), middle.y() + r},
                                       {middle.x() - r, middle.y()}}));
        return;
    }
    // The outline is a gap around it.
    parts.marker.paint(painter, middle, markerRadius + 0.75, QPen(colors.surface, 1.5), color);
}

void NumberLinePainter::paintBeyond(QPainter& painter, const QColor& color) const
{
    const bool high = *m_model.value > m_model.high;
    const qreal tip = high ? m_area.right() - 1 : m_area.left() + 1;
    const qreal back = high ? -8 : 8;
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawPolygon(
        QPolygonF({{tip, m_axisY}, {tip + back, m_axisY - 5}, {tip + back, m_axisY + 5}}));
    if (!std::isinf(*m_model.value))
        return;
    painter.setPen(color);
    const QRectF above(m_area.left() + 1, m_area.top(), m_area.width() - 2, m_axisY - 5);
    QTextOption aligned(Qt::AlignBottom | (high ? Qt::AlignRight : Qt::AlignLeft));
    aligned.setWrapMode(QTextOption::NoWrap);
    painter.drawText(above, high ? u"∞"_s : u"−∞"_s, aligned);
}

} // namespace qbn::ui
