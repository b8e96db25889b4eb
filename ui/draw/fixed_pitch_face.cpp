#include "ui/draw/fixed_pitch_face.h"

#include <QFontMetricsF>
#include <QGlyphRun>
#include <QPainter>
#include <QVarLengthArray>

namespace qbn::ui {

namespace {

constexpr qsizetype usualLength = 32;

} // namespace

FixedPitchFace::FixedPitchFace(const QFont& font)
    : m_font(font)
    , m_glyphs(QRawFont::fromFont(font))
{
    const QFontMetricsF metrics(font);
    m_advance = metrics.horizontalAdvance(u'0');
    m_height = metrics.height();
    m_ascent = metrics.ascent();
}

void FixedPitchFace::draw(QPainter& painter, QPointF start, const QString& text) const
{
    const auto length = static_cast<int>(text.size());
    QVarLengthArray<quint32, usualLength> glyphs(length);
    int count = length;
    const bool known
        = m_glyphs.glyphIndexesForChars(text.constData(), length, glyphs.data(), &count)
        && count == length && !glyphs.contains(0);
    if (!known) {
        // Another font has to step in for some character.
        painter.setFont(m_font);
        painter.drawText(start, text);
        return;
    }
    QVarLengthArray<QPointF, usualLength> places(length);
    for (int i = 0; i < length; ++i)
        places[i] = {i * m_advance, 0};
    QGlyphRun run;
    run.setRawFont(m_glyphs);
    run.setRawData(glyphs.constData(), places.constData(), length);
    painter.drawGlyphRun(start, run);
}

} // namespace qbn::ui
