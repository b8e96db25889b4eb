#pragma once

#include "core/layer/provenance.h"
#include "ui/look/status_shape.h"
#include "ui/look/theme.h"

#include <QFont>
#include <QWidget>

#include <optional>
#include <vector>

namespace qbn::ui {

/// A short remark on a value: sign, colour and words say the same.
struct Badge
{
    QString text;
    StatusShape shape = StatusShape::Dot;
    ValueKind kind = ValueKind::Muted;
    std::optional<Field> field = {}; ///< that a click leads to

    bool operator==(const Badge&) const = default;
};

/// Badges in a row. Where they have no room the muted ones go first, then the last; the tool tip has
/// all. None is cut: the one that stays becomes smaller.
class BadgeRow : public QWidget
{
    Q_OBJECT

public:
    explicit BadgeRow(QWidget* parent = nullptr);

    const std::vector<Badge>& badges() const { return m_badges; }
    void setBadges(const std::vector<Badge>& badges);

    /// Where each badge is painted at the present size; an empty rectangle: it has no room.
    const std::vector<QRectF>& shownRects() const { return placed().rects; }
    int shownPixelSize() const { return placed().pixelSize; }
    int preferredPixelSize() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void fieldWanted(Field field); ///< its badge was clicked

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Placed
    {
        std::vector<QRectF> rects;
        int pixelSize = 0;
        QFont font; ///< looking it up costs more than painting
        QSize room; ///< the size of the widget that it was made for
    };

    const Placed& placed() const;
    Placed place() const;
    std::optional<Placed> tryPlace(int pixelSize, const std::vector<bool>& isShown) const;
    QFont fontOfSize(int pixelSize) const;
    std::optional<Field> fieldAt(QPointF point) const;

    std::vector<Badge> m_badges;
    mutable Placed m_placed; ///< pixelSize 0: not yet known
};

} // namespace qbn::ui
