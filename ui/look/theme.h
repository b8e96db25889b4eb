#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>

class QApplication;

namespace qbn::ui {

/// What a number on the screen stands for; it decides the colour.
enum class ValueKind : unsigned char
{
    Code, ///< the input code
    Real, ///< a real value
    Output, ///< the output side
    Problem, ///< something is wrong
    Assumed, ///< nobody measured it: a default, a proposal, an example
    Muted, ///< an aside
};

/// The colours with a meaning. code, real, output, problem, assumed and muted are for text and have a
/// contrast of at least 4.5 (WCAG AA) on the base and window colour of the palette they come from.
struct Colors
{
    QColor code; ///< blue
    QColor real; ///< green
    QColor output; ///< orange
    QColor problem; ///< red
    QColor assumed; ///< amber
    QColor muted;
    QColor text;
    QColor line; ///< borders and axes
    QColor grid; ///< grid lines of plots
    QColor surface; ///< the inside of cards
    QColor shade; ///< saturated regions
    QColor veil; ///< translucent: gives shade on surface
    QColor currentRow; ///< behind the current code
};

/// True if text is lighter than the window behind it.
bool isDark(const QPalette& palette);

Colors colorsFor(const QPalette& palette);
QColor colorOf(const Colors& colors, ValueKind kind);

/// (lighter + 0.05) / (darker + 0.05) of the relative luminances, 1 to 21 (WCAG 2.1).
double contrastRatio(const QColor& a, const QColor& b);

/// `amount` of `over` upon `under`, 0 to 1.
QColor blend(const QColor& under, const QColor& over, double amount);

QPalette lightPalette();
QPalette darkPalette();

enum class Theme : unsigned char
{
    System, ///< the palette of the desktop, or lightPalette() where the desktop names none
    Light,
    Dark,
};

/// Sets Fusion, the palette, the interface font and the few rules of style that a palette cannot
/// say. May be called again at any time; the rules follow later changes of the palette.
void applyTheme(QApplication& application, Theme theme);

/// `base` in the family for text or numbers. Only the family is set, so the size goes on
/// following the parent widget if `base` is a default QFont.
QFont interfaceFont(const QFont& base);
QFont monospaceFont(const QFont& base);

} // namespace qbn::ui
