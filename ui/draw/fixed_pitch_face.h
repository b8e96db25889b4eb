#pragma once

#include <QFont>
#include <QPointF>
#include <QRawFont>

class QPainter;

namespace qbn::ui {

/// A font in which all characters are equally wide, measured once. Its text needs no layout: an
/// edit repaints some hundred numbers, and laying them out would cost more than drawing them.
class FixedPitchFace
{
public:
    FixedPitchFace() = default;
    explicit FixedPitchFace(const QFont& font);

    const QFont& font() const { return m_font; }
    qreal advance() const { return m_advance; } ///< of every character
    qreal height() const { return m_height; }
    qreal ascent() const { return m_ascent; }

    /// One row, left to right, in the painter's pen. `start` is the left end of the baseline.
    void draw(QPainter& painter, QPointF start, const QString& text) const;

private:
    QFont m_font;
    QRawFont m_glyphs;
    qreal m_advance = 1;
    qreal m_height = 1;
    qreal m_ascent = 1;
};

} // namespace qbn::ui
