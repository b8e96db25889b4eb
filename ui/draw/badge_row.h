#pragma once

#include "ui/look/status_shape.h"
#include "ui/look/theme.h"

#include <QFont>
#include <QWidget>

#include <vector>

namespace qbn::ui {

/// A short remark on a value: sign, colour and words say the same.
struct Badge
{
    QString text;
    StatusShape shape = StatusShape::Dot;
    ValueKind kind = ValueKind::Muted;

    bool operator==(const Badge&) const = default;
};

/// Badges in a row. They become smaller, then take two rows, but are never cut.
class BadgeRow : public QWidget
{
    Q_OBJECT

public:
    explicit BadgeRow(QWidget* parent = nullptr);

    const std::vector<Badge>& badges() const { return m_badges; }
    void setBadges(const std::vector<Badge>& badges);

    /// Where each badge is painted at the present size.
    const std::vector<QRectF>& shownRects() const { return placed().rects; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
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
    QFont fontOfSize(int pixelSize) const;

    std::vector<Badge> m_badges;
    mutable Placed m_placed; ///< pixelSize 0: not yet known
};

} // namespace qbn::ui
