#include "ui/draw/badge_row.h"

#include <QEvent>
#include <QFontInfo>
#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

constexpr int smallestPixelSize = 6;
constexpr qreal heightFactor = 1.5;

/// Shape, text and the room at both ends, in multiples of the font size.
constexpr qreal leftPad = 0.4;
constexpr qreal shapeSize = 0.85;
constexpr qreal shapeGap = 0.3;
constexpr qreal rightPad = 0.55;

} // namespace

BadgeRow::BadgeRow(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
}

void BadgeRow::setBadges(const std::vector<Badge>& badges)
{
    if (badges == m_badges)
        return;
    m_badges = badges;
    m_placed = {};
    QStringList words;
    for (const Badge& badge : m_badges)
        words << badge.text;
    setAccessibleName(words.join(u", "_s));
    update();
}

QFont BadgeRow::fontOfSize(int pixelSize) const
{
    QFont small = font();
    small.setPixelSize(pixelSize);
    small.setWeight(QFont::Medium);
    return small;
}

QSize BadgeRow::sizeHint() const
{
    return {80, qCeil(QFontInfo(font()).pixelSize() * 0.88 * heightFactor) + 2};
}

QSize BadgeRow::minimumSizeHint() const
{
    return {40, sizeHint().height()};
}

const BadgeRow::Placed& BadgeRow::placed() const
{
    if (m_placed.pixelSize == 0 || m_placed.room != size())
        m_placed = place();
    return m_placed;
}

BadgeRow::Placed BadgeRow::place() const
{
    Placed result;
    for (int size = qRound(QFontInfo(font()).pixelSize() * 0.88);; --size) {
        const QFont font = fontOfSize(size);
        const QFontMetricsF metrics(font);
        const qreal rowHeight = size * heightFactor;
        result = {{}, size, font, this->size()};
        qreal x = 0.5, y = 0.5;
        bool fits = true;
        for (const Badge& badge : m_badges) {
            const qreal w = (leftPad + shapeSize + shapeGap + rightPad) * size
                + metrics.horizontalAdvance(badge.text);
            if (x > 1 && x + w > width()) {
                x = 0.5;
                y += rowHeight + 1;
            }
            result.rects.emplace_back(x, y, w, rowHeight);
            fits = fits && x + w <= width() && y + rowHeight <= height();
            x += w + 0.4 * size;
        }
        if (fits || size <= smallestPixelSize)
            return result;
    }
}

void BadgeRow::paintEvent(QPaintEvent*)
{
    if (m_badges.empty())
        return;
    const Placed& shown = placed();
    const Colors colors = colorsFor(palette());
    const qreal size = shown.pixelSize;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(shown.font);
    for (size_t i = 0; i < m_badges.size(); ++i) {
        const QColor color = colorOf(colors, m_badges[i].kind);
        const QRectF& pill = shown.rects[i];
        // The faint outline and no fill keep the text at the contrast that it was chosen for.
        painter.setPen(QPen(blend(colors.surface, color, 0.45), 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2);
        QRectF square(pill.left() + leftPad * size, 0, shapeSize * size, shapeSize * size);
        square.moveCenter({square.center().x(), pill.center().y()});
        paintStatusShape(painter, square, m_badges[i].shape, color);
        painter.setPen(color);
        painter.drawText(pill.adjusted((leftPad + shapeSize + shapeGap) * size, 0, 0, 0),
                         Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, m_badges[i].text);
    }
}

void BadgeRow::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::FontChange) {
        m_placed = {};
        updateGeometry();
    }
    if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange)
        update();
    QWidget::changeEvent(event);
}

} // namespace qbn::ui

#include "moc_badge_row.cpp"
