#include "ui/look/number_text.h"

#include "core/text/text_number.h"

#include <QCoreApplication>

#include <cmath>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

QString shortest(double value)
{
    return QString::fromStdString(format_number(value));
}

bool needsNoBits(double value)
{
    return !std::isfinite(value) || (value == std::rint(value) && std::abs(value) < 1e9);
}

} // namespace

QString shortNumber(double value, int digits)
{
    if (std::isnan(value))
        return u"not a number"_s;
    if (std::isinf(value))
        return value < 0 ? u"-∞"_s : u"∞"_s;
    return QString::fromStdString(format_short(value, digits));
}

QString shortNumber(float value, int digits)
{
    return std::isfinite(value) ? QString::fromStdString(format_short(value, digits))
                                : shortNumber(static_cast<double>(value), digits);
}

QString fullNumber(double value)
{
    if (needsNoBits(value))
        return shortNumber(value, 17);
    return u"%1 (%2)"_s.arg(shortest(value), QString::fromStdString(format_hex(value)));
}

QString fullNumber(float value)
{
    // Nine digits tell every binary32 from its neighbours, and are what frameworks print.
    if (needsNoBits(value))
        return shortNumber(static_cast<double>(value), 17);
    return u"%1 (%2)"_s.arg(QString::number(static_cast<double>(value), 'g', 9),
                            QString::fromStdString(format_hex(static_cast<double>(value))));
}

QString operandText(double value, int digits)
{
    const QString text = std::isnan(value) ? u"NaN"_s : shortNumber(value, digits);
    return text.startsWith(u'-') ? u'(' + text + u')' : text;
}

QString signedNumber(double value, int decimals)
{
    if (!std::isfinite(value) || value == 0)
        return shortNumber(value);
    const QString text = QString::number(value, 'f', decimals);
    return value > 0 ? u'+' + text : text;
}

QString marginText(const CodeMargin& margin)
{
    const auto tr = [](const char* text) { return QCoreApplication::translate("margin", text); };
    if (margin.tie)
        return tr("a tie");
    if (!std::isfinite(margin.steps))
        return {};
    const QString text = margin.near_tie() ? tr("near tie, margin %1 steps (%2 ulp)")
                                           : tr("margin %1 steps (%2 ulp)");
    return text.arg(QString::number(margin.steps, 'g', 3), QString::number(margin.ulp, 'g', 3));
}

} // namespace qbn::ui
