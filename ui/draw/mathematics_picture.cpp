#include "ui/draw/mathematics_picture.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>

namespace qbn::ui {

using formula::Mathematics;
using Kind = formula::Mathematics::Kind;

namespace {

/// On which fraction bars lie: the middle of a minus sign.
qreal axisOf(const QFont& font)
{
    return QFontMetricsF(font).xHeight() / 2;
}

qreal spaceOf(const QFont& font)
{
    return QFontMetricsF(font).horizontalAdvance(u' ');
}

QFont smaller(const QFont& font)
{
    constexpr qreal share = 0.72;
    QFont small = font;
    if (font.pixelSize() > 0)
        small.setPixelSize(std::max(1, qRound(font.pixelSize() * share)));
    else
        small.setPointSizeF(std::max(1.0, font.pointSizeF() * share));
    return small;
}

} // namespace

MathematicsPicture::MathematicsPicture(const Mathematics& shown, const QFont& font)
{
    layOut(shown, font);
}

void MathematicsPicture::grow(qreal ascent, qreal descent)
{
    m_ascent = std::max(m_ascent, ascent);
    m_descent = std::max(m_descent, descent);
}

void MathematicsPicture::addText(const QString& text, const QFont& font)
{
    const QFontMetricsF metrics(font);
    m_texts.push_back({{m_width, 0}, text, font});
    m_width += metrics.horizontalAdvance(text);
    grow(metrics.ascent(), metrics.descent());
}

void MathematicsPicture::add(const MathematicsPicture& part, const QPointF& at)
{
    for (const Text& text : part.m_texts)
        m_texts.push_back({text.at + at, text.text, text.font});
    m_strokes.addPath(part.m_strokes.translated(at));
    m_width = std::max(m_width, at.x() + part.m_width);
    grow(part.m_ascent - at.y(), part.m_descent + at.y());
}

void MathematicsPicture::layOut(const Mathematics& shown, const QFont& font)
{
    const QString text = QString::fromStdString(shown.text);
    switch (shown.kind) {
    case Kind::symbol: {
        QFont slanted = font;
        slanted.setItalic(true);
        return addText(text, slanted);
    }
    case Kind::word:
    case Kind::number:
    case Kind::mark:
        return addText(text, font);
    case Kind::sign:
        addSpace(spaceOf(font));
        addText(text, font);
        return addSpace(spaceOf(font));
    case Kind::fraction:
        return layOutFraction(shown, font);
    case Kind::root:
        return layOutRoot(shown, font);
    case Kind::script:
        return layOutScript(shown, font);
    case Kind::fence:
        return layOutFence(shown, font);
    case Kind::choice:
        return layOutChoice(shown, font);
    case Kind::row:
        break;
    }
    for (const Mathematics& part : shown.parts)
        append(MathematicsPicture(part, font));
}

void MathematicsPicture::layOutFraction(const Mathematics& shown, const QFont& font)
{
    const MathematicsPicture above(shown.parts[0], font);
    const MathematicsPicture below(shown.parts[1], font);
    const qreal gap = spaceOf(font) / 2;
    const qreal bar = std::max(above.width(), below.width()) + 2 * gap;
    const qreal axis = axisOf(font);
    add(above, {(bar - above.width()) / 2, -axis - gap - above.descent()});
    add(below, {(bar - below.width()) / 2, -axis + gap + below.ascent()});
    m_strokes.moveTo(0, -axis);
    m_strokes.lineTo(bar, -axis);
    m_width = bar + gap;
}

void MathematicsPicture::layOutRoot(const Mathematics& shown, const QFont& font)
{
    const MathematicsPicture inside(shown.parts[0], font);
    const qreal hook = spaceOf(font) * 2.2;
    const qreal top = -inside.ascent() - 1;
    m_strokes.moveTo(0, -axisOf(font));
    m_strokes.lineTo(hook * 0.3, -axisOf(font) * 1.4);
    m_strokes.lineTo(hook * 0.6, inside.descent() - 1);
    m_strokes.lineTo(hook, top);
    m_strokes.lineTo(hook + inside.width(), top);
    add(inside, {hook, 0});
    m_width += spaceOf(font) / 2;
    grow(1 - top, 0);
}

void MathematicsPicture::layOutScript(const Mathematics& shown, const QFont& font)
{
    append(MathematicsPicture(shown.parts[0], font));
    const QFont small = smaller(font);
    const qreal end = m_width;
    const QFontMetricsF metrics(font);
    add(MathematicsPicture(shown.parts[1], small), {end, metrics.descent() * 0.7});
    add(MathematicsPicture(shown.parts[2], small), {end + 1, -metrics.xHeight() * 0.75});
}

/// Upright lines and round brackets of any height; parts of the font's height have its own.
void MathematicsPicture::addBracket(QChar bracket, qreal ascent, qreal descent, const QFont& font)
{
    const bool round = bracket == u'(' || bracket == u')';
    if (round && ascent + descent <= QFontMetricsF(font).height() * 1.35)
        return addText(bracket, font);
    const qreal width = spaceOf(font) * 1.2;
    const bool opens = QStringLiteral("(⌊⌈").contains(bracket);
    const qreal inner = m_width + (opens ? width * 0.8 : width * 0.2);
    const qreal outer = m_width + (opens ? width * 0.3 : width * 0.7);
    if (round) {
        m_strokes.moveTo(inner, -ascent);
        m_strokes.cubicTo(outer, -ascent * 0.6, outer, descent * 0.6, inner, descent);
    } else {
        m_strokes.moveTo(outer, -ascent);
        m_strokes.lineTo(outer, descent);
        const bool floor = bracket == u'⌊' || bracket == u'⌋';
        if (floor || bracket == u'⌈' || bracket == u'⌉') {
            m_strokes.moveTo(outer, floor ? descent : -ascent);
            m_strokes.lineTo(inner, floor ? descent : -ascent);
        }
    }
    m_width += width;
    grow(ascent, descent);
}

void MathematicsPicture::layOutFence(const Mathematics& shown, const QFont& font)
{
    const QString brackets = QString::fromStdString(shown.text);
    const MathematicsPicture inside(shown.parts[0], font);
    addBracket(brackets.front(), inside.ascent(), inside.descent(), font);
    append(inside);
    addBracket(brackets.back(), inside.ascent(), inside.descent(), font);
}

void MathematicsPicture::layOutChoice(const Mathematics& shown, const QFont& font)
{
    std::vector<MathematicsPicture> values, conditions;
    for (std::size_t i = 0; i < shown.parts.size(); i += 2) {
        values.emplace_back(shown.parts[i], font);
        MathematicsPicture condition;
        const bool isLast = i + 1 == shown.parts.size();
        condition.addText(isLast ? QStringLiteral("otherwise") : QStringLiteral("if "), font);
        if (!isLast)
            condition.append(MathematicsPicture(shown.parts[i + 1], font));
        conditions.push_back(std::move(condition));
    }
    const qreal gap = spaceOf(font);
    const qreal brace = 2 * gap;
    qreal height = -gap / 2;
    qreal column = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i].grow(conditions[i].ascent(), conditions[i].descent());
        height += values[i].size().height() + gap / 2;
        column = std::max(column, brace + 4 * gap + values[i].width());
    }
    // The rows stand around the axis, and so does the brace: two bows that meet in a point.
    const qreal middle = -axisOf(font);
    const qreal top = middle - height / 2;
    qreal at = top;
    for (std::size_t i = 0; i < values.size(); ++i) {
        add(values[i], {brace + gap, at + values[i].ascent()});
        add(conditions[i], {column, at + values[i].ascent()});
        at += values[i].size().height() + gap / 2;
    }
    m_strokes.moveTo(brace, top);
    m_strokes.cubicTo(brace * 0.3, top, brace * 0.8, middle, 0, middle);
    m_strokes.cubicTo(brace * 0.8, middle, brace * 0.3, top + height, brace, top + height);
}

void MathematicsPicture::paint(QPainter& painter, const QPointF& baseLine) const
{
    painter.save();
    painter.translate(baseLine);
    painter.setRenderHint(QPainter::Antialiasing);
    for (const Text& text : m_texts) {
        painter.setFont(text.font);
        painter.drawText(text.at, text.text);
    }
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(m_strokes);
    painter.restore();
}

} // namespace qbn::ui
