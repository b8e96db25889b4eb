#include "ui/draw/badge_row.h"

#include "ui/look/plain_text.h"

#include <QFontInfo>
#include <QFontMetricsF>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

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

/// Of the preferred size; smaller ones are not read beside the card's other text.
constexpr qreal leastShrunk = 0.85;

/// Of those that are shown: the last muted one, else the last.
std::size_t leastImportant(const std::vector<Badge>& badges, const std::vector<bool>& isShown)
{
    std::size_t found = 0;
    bool isMuted = false;
    for (std::size_t i = 0; i < badges.size(); ++i) {
        const bool muted = badges[i].kind == ValueKind::Muted && !badges[i].field;
        if (isShown[i] && (muted || !isMuted)) {
            found = i;
            isMuted = muted;
        }
    }
    return found;
}

} // namespace

BadgeRow::BadgeRow(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    setMouseTracking(true);
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

int BadgeRow::preferredPixelSize() const
{
    return qRound(QFontInfo(font()).pixelSize() * 0.88);
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

/// Without the badges that are not shown; nothing if the others have no room at this size.
std::optional<BadgeRow::Placed> BadgeRow::tryPlace(int size, const std::vector<bool>& isShown) const
{
    const QFont font = fontOfSize(size);
    const QFontMetricsF metrics(font);
    const qreal rowHeight = size * heightFactor;
    Placed result{{}, size, font, this->size()};
    qreal x = 0.5, y = 0.5;
    bool fits = true;
    for (std::size_t i = 0; i < m_badges.size(); ++i) {
        if (!isShown[i]) {
            result.rects.emplace_back();
            continue;
        }
        const qreal w = (leftPad + shapeSize + shapeGap + rightPad) * size
            + metrics.horizontalAdvance(m_badges[i].text);
        if (x > 1 && x + w > width()) {
            x = 0.5;
            y += rowHeight + 1;
        }
        result.rects.emplace_back(x, y, w, rowHeight);
        fits = fits && x + w <= width() && y + rowHeight <= height();
        x += w + 0.4 * size;
    }
    return fits || size <= smallestPixelSize ? std::optional(result) : std::nullopt;
}

BadgeRow::Placed BadgeRow::place() const
{
    const int preferred = preferredPixelSize();
    std::vector<bool> isShown(m_badges.size(), true);
    for (std::size_t left = m_badges.size();; --left) {
        const int smallest = left > 1 ? qCeil(preferred * leastShrunk) : smallestPixelSize;
        for (int size = preferred; size >= smallest; --size)
            if (const auto placed = tryPlace(size, isShown))
                return *placed;
        isShown[leastImportant(m_badges, isShown)] = false;
    }
}

std::optional<Field> BadgeRow::fieldAt(QPointF point) const
{
    const std::vector<QRectF>& rects = placed().rects;
    for (std::size_t i = 0; i < rects.size(); ++i)
        if (rects[i].contains(point))
            return m_badges[i].field;
    return std::nullopt;
}

bool BadgeRow::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto& rects = placed().rects;
        if (std::ranges::any_of(rects, [](const QRectF& rect) { return rect.isEmpty(); })) {
            QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(),
                               plainToolTip(accessibleName()), this);
            return true;
        }
    }
    return QWidget::event(event);
}

void BadgeRow::mouseMoveEvent(QMouseEvent* event)
{
    setCursor(fieldAt(event->position()) ? Qt::PointingHandCursor : Qt::ArrowCursor);
    QWidget::mouseMoveEvent(event);
}

void BadgeRow::mousePressEvent(QMouseEvent* event)
{
    event->setAccepted(event->button() == Qt::LeftButton && fieldAt(event->position()));
}

void BadgeRow::mouseReleaseEvent(QMouseEvent* event)
{
    const auto field = fieldAt(event->position());
    if (event->button() == Qt::LeftButton && field)
        emit fieldWanted(*field);
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
        if (shown.rects[i].isEmpty())
            continue;
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
