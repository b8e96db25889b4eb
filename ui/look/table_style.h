#pragma once

#include "ui/look/theme.h"

#include <QFont>
#include <QString>
#include <QVariant>

#include <string_view>

namespace qbn::ui {

/// Exact text of a number (core/text/text_number.h): what a cell shows and copies. Views that are too
/// narrow for it round it.
QString numberText(double value);
QString numberText(float value); ///< the shortest digits of the binary32
QString textOf(std::string_view text);

/// What the models have in common: the face of numbers, and the colours of the application's
/// palette, looked up once for each palette.
class TableStyle
{
public:
    TableStyle();

    const Colors& colors() const;
    /// A faint red behind rows that need a look.
    QColor problemBackground() const;
    QVariant numberFont() const { return m_numberFont; }
    static QVariant numberAlignment();
    static QVariant textAlignment();

private:
    QFont m_numberFont;
    mutable qint64 m_paletteKey = -1;
    mutable Colors m_colors;
};

} // namespace qbn::ui
