#include "ui/draw/laid_out_texts.h"

namespace qbn::ui {

namespace {

constexpr qsizetype mostTexts = 512;

} // namespace

const QStaticText& LaidOutTexts::of(const QString& text, const QFont& font)
{
    if (m_texts.size() >= mostTexts || (!font.isCopyOf(m_font) && font != m_font)) {
        m_texts.clear();
        m_font = font;
    }
    QStaticText& known = m_texts[text];
    if (known.text().isEmpty()) {
        known.setTextFormat(Qt::PlainText);
        known.setText(text);
        known.prepare({}, font);
    }
    return known;
}

} // namespace qbn::ui
