#include "core/formats/bytes/error_text.h"

#include <QString>

namespace qbn {

namespace {

QString without_controls(std::string_view text)
{
    QString shown = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    for (QChar& character : shown) {
        const bool is_line_break
            = character == QChar::LineSeparator || character == QChar::ParagraphSeparator;
        if (character.category() == QChar::Other_Control || is_line_break
            || character == QChar::ReplacementCharacter)
            character = QLatin1Char('?');
    }
    return shown;
}

} // namespace

std::string printable(std::string_view text)
{
    return without_controls(text).toStdString();
}

std::string quoted(std::string_view text)
{
    constexpr qsizetype limit = 80;
    // Four bytes a character at most, so what lies behind cannot be shown.
    const std::string_view head = text.substr(0, 4 * limit + 4);
    QString shown = without_controls(head);
    if (shown.size() > limit || head.size() < text.size())
        shown = shown.left(limit) + QLatin1String("...");
    return '"' + shown.toStdString() + '"';
}

} // namespace qbn
