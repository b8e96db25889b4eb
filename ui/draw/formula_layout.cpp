#include "ui/draw/formula_layout.h"

#include <QColor>
#include <QFontInfo>
#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPathStroker>
#include <QPolygonF>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

/// Proportions in em, after the rules of TeX's Appendix G, a little roomier for the screen.
namespace proportion {
constexpr qreal script = 0.70;
constexpr qreal fraction = 0.92;
constexpr qreal bar = 0.055;
constexpr qreal barGap = 0.17;
constexpr qreal fractionPad = 0.12;
constexpr qreal relationSpace = 0.28;
constexpr qreal operatorSpace = 0.20;
constexpr qreal subscriptDrop = 0.20;
constexpr qreal superscriptRaise = 0.38;
constexpr qreal scriptGap = 0.03;
constexpr qreal rootWidth = 0.62;
constexpr qreal rootGap = 0.12;
constexpr qreal hatWidth = 0.36;
constexpr qreal hatHeight = 0.13;
constexpr qreal hatGap = 0.08;
constexpr qreal hatSkew = 0.05;
} // namespace proportion

QPainterPath stroke(const QPolygonF& points, qreal width, Qt::PenJoinStyle join)
{
    QPainterPathStroker stroker;
    stroker.setWidth(width);
    stroker.setJoinStyle(join);
    stroker.setCapStyle(Qt::FlatCap);
    QPainterPath path;
    path.addPolygon(points);
    return stroker.createStroke(path);
}

/// A round bracket as a crescent that is thick in the middle, opening to the right.
QPainterPath crescent(qreal width, qreal top, qreal bottom, qreal thickness)
{
    const qreal middle = (top + bottom) / 2;
    QPainterPath path({width, top});
    path.quadTo({-width * 0.65, middle}, {width, bottom});
    path.quadTo({-width * 0.65 + 2.2 * thickness, middle}, {width, top});
    return path;
}

} // namespace

class FormulaBuilder
{
public:
    explicit FormulaBuilder(const QFont& font)
        : m_font(font)
        , m_em(QFontInfo(font).pixelSize())
        , m_metrics(font)
        , m_axis(-m_metrics.tightBoundingRect(u"−"_s).center().y())
        , m_bar(std::max<qreal>(1.0, proportion::bar * m_em))
    { }

    FormulaLayout build(const Formula& formula) const
    {
        FormulaLayout layout = dispatch(formula);
        layout.m_axis = m_axis;
        return layout;
    }

private:
    FormulaLayout dispatch(const Formula& formula) const
    {
        using Kind = Formula::Kind;
        switch (formula.kind) {
        case Kind::Row:
            return row(formula.parts);
        case Kind::Text:
            return glyphs(formula.text, false, 0);
        case Kind::Variable:
            return glyphs(formula.text, true, 0);
        case Kind::Relation:
            return glyphs(formula.text, false, proportion::relationSpace);
        case Kind::Operator:
            return glyphs(formula.text, false, proportion::operatorSpace);
        case Kind::Subscript:
            return script(formula, proportion::subscriptDrop * m_em);
        case Kind::Superscript:
            return script(formula, -proportion::superscriptRaise * m_em);
        case Kind::Hat:
            return hat(formula.parts[0]);
        case Kind::Fraction:
            return fraction(formula.parts[0], formula.parts[1]);
        case Kind::Root:
            return root(formula.parts[0]);
        case Kind::Brackets:
            return brackets(formula.parts[0]);
        case Kind::Break:
            break;
        }
        return {};
    }

    FormulaBuilder scaled(qreal factor) const
    {
        QFont font = m_font;
        font.setPixelSize(std::max(6, qRound(m_em * factor)));
        return FormulaBuilder(font);
    }

    FormulaLayout glyphs(const QString& text, bool italic, qreal space) const
    {
        QFont font = m_font;
        font.setItalic(italic);
        const QFontMetricsF metrics(font);
        const QRectF ink = metrics.tightBoundingRect(text);
        FormulaLayout layout;
        layout.m_glyphs.push_back({{space * m_em, 0}, text, font});
        // Slanted letters lean out of their advance; the next sign must not touch them.
        const qreal advance = metrics.horizontalAdvance(text);
        const qreal lean = italic ? std::max<qreal>(0, ink.right() - advance) : 0;
        layout.m_width = advance + lean + 2 * space * m_em;
        layout.m_ascent = std::max<qreal>(0, -ink.top());
        layout.m_descent = std::max<qreal>(0, ink.bottom());
        return layout;
    }

    FormulaLayout row(const std::vector<Formula>& parts) const
    {
        FormulaLayout layout;
        for (const Formula& part : parts)
            layout.add(dispatch(part), layout.m_width, 0);
        return layout;
    }

    FormulaLayout script(const Formula& formula, qreal shift) const
    {
        FormulaLayout layout = dispatch(formula.parts[0]);
        const FormulaLayout small = scaled(proportion::script).dispatch(formula.parts[1]);
        layout.add(small, layout.m_width + proportion::scriptGap * m_em, shift);
        return layout;
    }

    FormulaLayout hat(const Formula& base) const
    {
        FormulaLayout layout = dispatch(base);
        const qreal half = proportion::hatWidth * m_em / 2;
        const qreal bottom = -layout.m_ascent - proportion::hatGap * m_em;
        const qreal top = bottom - proportion::hatHeight * m_em;
        const qreal middle = layout.m_width / 2 + proportion::hatSkew * m_em;
        layout.m_shapes.push_back(
            stroke({{{middle - half, bottom}, {middle, top}, {middle + half, bottom}}}, m_bar * 1.1,
                   Qt::MiterJoin));
        layout.m_ascent = -top + m_bar;
        return layout;
    }

    FormulaLayout fraction(const Formula& above, const Formula& below) const
    {
        const FormulaBuilder smaller = scaled(proportion::fraction);
        const FormulaLayout numerator = smaller.dispatch(above);
        const FormulaLayout denominator = smaller.dispatch(below);
        const qreal pad = proportion::fractionPad * m_em;
        const qreal gap = proportion::barGap * m_em;
        const qreal inner = std::max(numerator.m_width, denominator.m_width) + pad;
        FormulaLayout layout;
        layout.add(numerator, pad / 2 + (inner - numerator.m_width) / 2,
                   -m_axis - m_bar / 2 - gap - numerator.m_descent);
        layout.add(denominator, pad / 2 + (inner - denominator.m_width) / 2,
                   -m_axis + m_bar / 2 + gap + denominator.m_ascent);
        layout.m_bars.emplace_back(pad / 2, -m_axis - m_bar / 2, inner, m_bar);
        layout.m_width = inner + pad;
        return layout;
    }

    FormulaLayout root(const Formula& radicand) const
    {
        const FormulaLayout inside = dispatch(radicand);
        const qreal sign = proportion::rootWidth * m_em;
        const qreal top = -std::max(inside.m_ascent, 0.62 * m_em) - proportion::rootGap * m_em;
        const qreal bottom = std::max(inside.m_descent, 0.08 * m_em);
        const qreal height = bottom - top;
        FormulaLayout layout;
        layout.add(inside, sign + 0.06 * m_em, 0);
        layout.m_width += 0.06 * m_em;
        const QPointF hook{0.04 * m_em, bottom - 0.42 * height};
        const QPointF shoulder{0.17 * m_em, bottom - 0.50 * height};
        const QPointF foot{0.36 * m_em, bottom};
        const QPointF peak{sign, top};
        layout.m_shapes.push_back(stroke({{hook, shoulder}}, m_bar, Qt::MiterJoin));
        layout.m_shapes.push_back(stroke({{shoulder, foot}}, 1.9 * m_bar, Qt::MiterJoin));
        layout.m_shapes.push_back(stroke({{foot, peak}}, m_bar, Qt::MiterJoin));
        layout.m_bars.emplace_back(sign - m_bar / 2, top - m_bar / 2,
                                   layout.m_width - sign + m_bar / 2, m_bar);
        layout.m_ascent = -top + m_bar / 2;
        layout.m_descent = bottom;
        return layout;
    }

    FormulaLayout brackets(const Formula& inside) const
    {
        const FormulaLayout content = dispatch(inside);
        const FormulaLayout open = glyphs(u"("_s, false, 0);
        const qreal reach = std::max(content.m_ascent - m_axis, content.m_descent + m_axis);
        const qreal ordinary = std::max(open.m_ascent - m_axis, open.m_descent + m_axis);
        FormulaLayout layout;
        if (reach <= ordinary * 1.12) {
            layout.add(open, 0, 0);
            layout.add(content, layout.m_width, 0);
            layout.add(glyphs(u")"_s, false, 0), layout.m_width, 0);
            return layout;
        }
        const qreal width = 0.22 * m_em + 0.05 * reach;
        const qreal top = -m_axis - reach, bottom = -m_axis + reach;
        const QPainterPath left = crescent(width, top, bottom, m_bar);
        layout.m_shapes.push_back(left.translated(0.06 * m_em, 0));
        layout.m_width = width + 0.10 * m_em;
        layout.add(content, layout.m_width, 0);
        const QTransform mirror(-1, 0, 0, 1, layout.m_width + width + 0.04 * m_em, 0);
        layout.m_shapes.push_back(mirror.map(left));
        layout.m_width += width + 0.10 * m_em;
        layout.m_ascent = std::max(layout.m_ascent, -top);
        layout.m_descent = std::max(layout.m_descent, bottom);
        return layout;
    }

    QFont m_font;
    qreal m_em;
    QFontMetricsF m_metrics;
    qreal m_axis;
    qreal m_bar;
};

FormulaLayout::FormulaLayout(const Formula& formula, const QFont& font)
{
    QFont smooth = font;
    smooth.setHintingPreference(QFont::PreferNoHinting);
    *this = FormulaBuilder(smooth).build(formula);
}

void FormulaLayout::add(const FormulaLayout& part, qreal x, qreal y)
{
    for (const Glyphs& glyphs : part.m_glyphs)
        m_glyphs.push_back({glyphs.position + QPointF(x, y), glyphs.text, glyphs.font});
    for (const QRectF& bar : part.m_bars)
        m_bars.push_back(bar.translated(x, y));
    for (const QPainterPath& shape : part.m_shapes)
        m_shapes.push_back(shape.translated(x, y));
    m_width = std::max(m_width, x + part.m_width);
    m_ascent = std::max(m_ascent, part.m_ascent - y);
    m_descent = std::max(m_descent, part.m_descent + y);
}

void FormulaLayout::paint(QPainter& painter, QPointF baseline, const QColor& color) const
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(baseline);
    painter.setPen(color);
    for (const Glyphs& glyphs : m_glyphs) {
        painter.setFont(glyphs.font);
        painter.drawText(glyphs.position, glyphs.text);
    }
    for (const QPainterPath& shape : m_shapes)
        painter.fillPath(shape, color);
    const QTransform toDevice = painter.deviceTransform();
    const QTransform fromDevice = toDevice.inverted();
    for (const QRectF& bar : m_bars) {
        QRectF device = toDevice.mapRect(bar);
        device.setTop(std::round(device.top()));
        device.setHeight(std::max(1.0, std::round(toDevice.mapRect(bar).height())));
        painter.fillRect(fromDevice.mapRect(device), color);
    }
    painter.restore();
}

} // namespace qbn::ui
