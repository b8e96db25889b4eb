#pragma once

#include "ui/draw/formula.h"

#include <QFont>
#include <QPainterPath>
#include <QPointF>
#include <QRectF>

#include <vector>

class QColor;
class QPainter;

namespace qbn::ui {

/// A formula measured in one font, ready to be painted. Lengths in logical pixels, measured from
/// the left end of the baseline; y grows downwards.
class FormulaLayout
{
public:
    FormulaLayout() = default;
    FormulaLayout(const Formula& formula, const QFont& font);

    qreal width() const { return m_width; }
    qreal ascent() const { return m_ascent; } ///< above the baseline
    qreal descent() const { return m_descent; } ///< below the baseline
    qreal height() const { return m_ascent + m_descent; }

    /// The height of fraction bars and minus signs above the baseline.
    qreal axis() const { return m_axis; }

    void paint(QPainter& painter, QPointF baseline, const QColor& color) const;

private:
    friend class FormulaBuilder;

    struct Glyphs
    {
        QPointF position;
        QString text;
        QFont font;
    };

    void add(const FormulaLayout& part, qreal x, qreal y);

    qreal m_width = 0, m_ascent = 0, m_descent = 0, m_axis = 0;
    std::vector<Glyphs> m_glyphs;
    std::vector<QRectF> m_bars; ///< horizontal, painted on whole device pixels
    std::vector<QPainterPath> m_shapes;
};

} // namespace qbn::ui
