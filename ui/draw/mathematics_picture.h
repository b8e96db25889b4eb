#pragma once

#include "core/formula/mathematics.h"

#include <QFont>
#include <QLineF>
#include <QPainterPath>
#include <QPointF>
#include <QSizeF>
#include <QString>

#include <vector>

class QPainter;

namespace qbn::ui {

/// A laid out formula. Places are those of pixels to the right of and below the begin of its base line.
class MathematicsPicture
{
public:
    MathematicsPicture(const formula::Mathematics& shown, const QFont& font);

    qreal width() const { return m_width; }
    qreal ascent() const { return m_ascent; }
    qreal descent() const { return m_descent; }
    QSizeF size() const { return {m_width, m_ascent + m_descent}; }

    /// With the painter's pen.
    void paint(QPainter& painter, const QPointF& baseLine) const;

private:
    struct Text
    {
        QPointF at; ///< of its base line
        QString text;
        QFont font;
    };

    MathematicsPicture() = default;

    void addText(const QString& text, const QFont& font);
    void addSpace(qreal space) { m_width += space; }
    /// Puts another one at a place and grows around it.
    void add(const MathematicsPicture& part, const QPointF& at);
    void append(const MathematicsPicture& part) { add(part, {m_width, 0}); }
    void grow(qreal ascent, qreal descent);

    void layOut(const formula::Mathematics& shown, const QFont& font);
    void layOutFraction(const formula::Mathematics& shown, const QFont& font);
    void layOutRoot(const formula::Mathematics& shown, const QFont& font);
    void layOutScript(const formula::Mathematics& shown, const QFont& font);
    void layOutFence(const formula::Mathematics& shown, const QFont& font);
    void layOutChoice(const formula::Mathematics& shown, const QFont& font);
    void addBracket(QChar bracket, qreal ascent, qreal descent, const QFont& font);

    qreal m_width = 0;
    qreal m_ascent = 0;
    qreal m_descent = 0;
    std::vector<Text> m_texts;
    QPainterPath m_strokes;
};

} // namespace qbn::ui
