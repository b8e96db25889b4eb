#include "ui/look/table_style.h"

#include "core/text/text_number.h"

#include <QGuiApplication>

namespace qbn::ui {

QString numberText(double value)
{
    return QString::fromStdString(format_number(value));
}

QString numberText(float value)
{
    return QString::fromStdString(format_number(value));
}

QString textOf(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

TableStyle::TableStyle()
    : m_numberFont(monospaceFont(QFont()))
{ }

const Colors& TableStyle::colors() const
{
    const QPalette palette = QGuiApplication::palette();
    if (palette.cacheKey() != m_paletteKey) {
        m_colors = colorsFor(palette);
        m_paletteKey = palette.cacheKey();
    }
    return m_colors;
}

QColor TableStyle::problemBackground() const
{
    return blend(QGuiApplication::palette().color(QPalette::Base), colors().problem, 0.1);
}

QVariant TableStyle::numberAlignment()
{
    return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
}

QVariant TableStyle::textAlignment()
{
    return QVariant::fromValue(Qt::Alignment(Qt::AlignLeft | Qt::AlignVCenter));
}

} // namespace qbn::ui
