#include "ui/edit/cut_number.h"

#include "core/text/text_number.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

namespace qbn::ui {

namespace {

struct CutNumber
{
    QString text;
    qsizetype digits = 0; ///< from the first that is not 0
};

std::string scientific(double value)
{
    char buffer[32];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, //
                                   std::chars_format::scientific)
                         .ptr;
    return {buffer, end};
}

/// Without digits where what must stay has no room.
CutNumber cut(const QString& whole, qsizetype characters)
{
    const qsizetype exponentAt = whole.indexOf(u'e');
    const QString mantissa = whole.left(exponentAt);
    const QString exponent = exponentAt < 0 ? QString() : whole.mid(exponentAt);
    const qsizetype point = mantissa.indexOf(u'.');
    const qsizetype least = point < 0 ? mantissa.size() : point;
    qsizetype kept = std::max(characters - exponent.size() - 1, least);
    if (whole.size() <= characters)
        kept = mantissa.size();
    QString digits = mantissa.left(kept);
    if (digits.endsWith(u'.'))
        digits.chop(1);
    const bool isWhole = digits.size() == mantissa.size();
    const QString text = digits + (isWhole ? QString() : QStringLiteral("…")) + exponent;
    const auto first = std::find_if(digits.begin(), digits.end(),
                                    [](QChar c) { return c.isDigit() && c != u'0'; });
    const auto count = std::count_if(first, digits.end(), [](QChar c) { return c.isDigit(); });
    return {text, text.size() <= characters ? count : 0};
}

} // namespace

QString cutNumber(double value, qsizetype characters)
{
    QString whole = QString::fromStdString(format_number(value));
    if (whole.size() <= characters || !std::isfinite(value))
        return whole;
    const CutNumber plain = cut(whole, characters);
    const CutNumber power = cut(QString::fromStdString(scientific(value)), characters);
    return plain.digits > 0 && plain.digits >= power.digits ? plain.text : power.text;
}

} // namespace qbn::ui
