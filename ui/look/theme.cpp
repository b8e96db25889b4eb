#include "ui/look/theme.h"

#include "ui/look/outlined_style.h"

#include <QApplication>
#include <QEvent>
#include <QFontDatabase>
#include <QHash>
#include <QLabel>
#include <QStringList>
#include <QStyle>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

double channelLuminance(float channel)
{
    const double c = channel;
    return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& color)
{
    return 0.2126 * channelLuminance(color.redF()) + 0.7152 * channelLuminance(color.greenF())
        + 0.0722 * channelLuminance(color.blueF());
}

double contrastOf(double luminanceA, double luminanceB)
{
    const auto [darker, lighter] = std::minmax(luminanceA, luminanceB);
    return (lighter + 0.05) / (darker + 0.05);
}

/// Moves colours away from a palette's backgrounds until they can be read on both.
class Legibility
{
public:
    explicit Legibility(const QPalette& palette)
        : m_away(isDark(palette) ? Qt::white : Qt::black)
        , m_base(luminance(palette.color(QPalette::Base)))
        , m_window(luminance(palette.color(QPalette::Window)))
    { }

    QColor readable(const QColor& color) const
    {
        for (int percent = 0; percent < 100; percent += 4) {
            const QColor candidate = blend(color, m_away, percent / 100.0);
            const double own = luminance(candidate);
            if (std::min(contrastOf(own, m_base), contrastOf(own, m_window)) >= 4.5)
                return candidate;
        }
        return m_away;
    }

private:
    QColor m_away;
    double m_base;
    double m_window;
};

struct Shades
{
    QRgb window, base, alternate, text, button, highlight, highlighted, line, tip;
};

QPalette paletteOf(const Shades& shades)
{
    const QColor text(shades.text), line(shades.line), window(shades.window), button(shades.button);
    const QColor faded = blend(window, text, 0.45);
    QPalette palette;
    palette.setColor(QPalette::Window, window);
    palette.setColor(QPalette::WindowText, text);
    palette.setColor(QPalette::Base, QColor(shades.base));
    palette.setColor(QPalette::AlternateBase, QColor(shades.alternate));
    palette.setColor(QPalette::Text, text);
    palette.setColor(QPalette::Button, button);
    palette.setColor(QPalette::ButtonText, text);
    palette.setColor(QPalette::BrightText, QColor(Qt::white));
    palette.setColor(QPalette::Highlight, QColor(shades.highlight));
    palette.setColor(QPalette::HighlightedText, QColor(shades.highlighted));
    palette.setColor(QPalette::Link, QColor(shades.highlight));
    palette.setColor(QPalette::LinkVisited, QColor(shades.highlight));
    palette.setColor(QPalette::ToolTipBase, QColor(shades.tip));
    palette.setColor(QPalette::ToolTipText, text);
    palette.setColor(QPalette::PlaceholderText, blend(QColor(shades.base), text, 0.6));
    palette.setColor(QPalette::Light, blend(button, Qt::white, 0.15));
    palette.setColor(QPalette::Midlight, blend(button, Qt::white, 0.07));
    palette.setColor(QPalette::Mid, line);
    palette.setColor(QPalette::Dark, blend(line, Qt::black, 0.25));
    palette.setColor(QPalette::Shadow, QColor(Qt::black));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, faded);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, line);
    palette.setColor(QPalette::Disabled, QPalette::HighlightedText, text);
    return palette;
}

QString styleSheetFor(const QPalette& palette)
{
    const Colors colors = colorsFor(palette);
    // Fields stand out from cards by their ground, since Fusion's dark outlines are hardly seen.
    const QString sheet
        = u"QToolTip { color: @text; background: @tip; border: 1px solid @line; padding: 4px; }"
          "QLineEdit, QAbstractSpinBox { background-color: @window; }"
          "QStatusBar::item { border: none; }"
          "QToolBar { border: none; border-bottom: 1px solid @line; padding: 3px; spacing: 4px; }"
          "QMainWindow::separator { background: transparent; width: 6px; height: 6px; }"
          "QTableView, QTreeView, QListView { gridline-color: @grid;"
          " selection-background-color: @current; selection-color: @text; }"
          "QTableCornerButton::section { background: @surface; border: none;"
          " border-bottom: 1px solid @line; }"
          "QHeaderView::section { background: @surface; color: @muted; border: none;"
          " border-bottom: 1px solid @line; padding: 4px 8px; }"
          "QLabel[textKind=\"problem\"] { color: @problem; }"
          "QLabel[textKind=\"muted\"] { color: @muted; }"
          "QAbstractSpinBox[textKind=\"code\"] { color: @code; }"_s;
    const std::array<std::pair<QLatin1StringView, QColor>, 10> words{
        {{"@text"_L1, colors.text},
         {"@tip"_L1, palette.color(QPalette::ToolTipBase)},
         {"@line"_L1, colors.line},
         {"@window"_L1, palette.color(QPalette::Window)},
         {"@grid"_L1, colors.grid},
         {"@current"_L1, colors.currentRow},
         {"@surface"_L1, colors.surface},
         {"@muted"_L1, colors.muted},
         {"@problem"_L1, colors.problem},
         {"@code"_L1, colors.code}}};
    QString filled = sheet;
    for (const auto& [word, color] : words)
        filled.replace(word, color.name());
    return filled;
}

/// A style sheet holds colours as text, so it has to be written anew when the palette changes.
class StyleSheetKeeper : public QObject
{
public:
    explicit StyleSheetKeeper(QApplication* application)
        : QObject(application)
        , m_application(application)
    {
        setObjectName(u"qbnStyleSheetKeeper"_s);
        application->installEventFilter(this);
    }

    void refresh()
    {
        const QString sheet = styleSheetFor(m_application->palette());
        if (m_application->styleSheet() != sheet)
            m_application->setStyleSheet(sheet);
        readLinksAnew();
    }

    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (watched == m_application && event->type() == QEvent::ApplicationPaletteChange)
            refresh();
        return QObject::eventFilter(watched, event);
    }

private:
    /// A label's links have the colour that the palette had when it was given its text.
    static void readLinksAnew()
    {
        for (QWidget* widget : QApplication::allWidgets()) {
            auto* label = qobject_cast<QLabel*>(widget);
            if (label == nullptr || !label->text().contains("<a "_L1))
                continue;
            const QString text = label->text();
            label->clear();
            label->setText(text);
        }
    }

    QApplication* m_application;
};

/// The desktop's palette, or a default QPalette if the desktop says nothing and Qt falls back to
/// what Fusion brings along.
QPalette desktopPalette()
{
    const QPalette system = QApplication::palette();
    const QPalette fallback = QApplication::style()->standardPalette();
    const bool plain = std::ranges::all_of(
        std::array{QPalette::Window, QPalette::Base, QPalette::Text},
        [&](QPalette::ColorRole role) { return system.color(role) == fallback.color(role); });
    return plain ? lightPalette() : system;
}

/// The families of `preferred` that are installed; without any, `fallback`.
QFont withFamilies(QFont font, const QStringList& preferred, const QString& fallback)
{
    QStringList families;
    for (const QString& family : preferred)
        if (QFontDatabase::hasFamily(family))
            families << family;
    families << fallback;
    font.setFamilies(families);
    return font;
}

Colors madeColors(const QPalette& palette)
{
    const bool dark = isDark(palette);
    const Legibility legibility(palette);
    const QColor base = palette.color(QPalette::Base);
    const QColor text = palette.color(QPalette::Text);
    const auto pick = [&](QRgb onLight, QRgb onDark) {
        return legibility.readable(QColor(dark ? onDark : onLight));
    };
    Colors colors;
    colors.code = pick(0x1f57c3, 0x6ea8fe);
    colors.real = pick(0x0a7558, 0x3fcaa0);
    colors.output = pick(0xb04d08, 0xff9f57);
    colors.problem = pick(0xbf1736, 0xff7489);
    colors.assumed = pick(0x8a6100, 0xe6b450);
    colors.muted = legibility.readable(blend(base, text, 0.66));
    colors.text = text;
    colors.line = blend(base, text, dark ? 0.17 : 0.16);
    colors.grid = blend(base, text, dark ? 0.11 : 0.09);
    colors.surface = base;
    const float shading = dark ? 0.10F : 0.07F;
    colors.shade = blend(base, text, shading);
    colors.veil = text;
    colors.veil.setAlphaF(shading);
    colors.currentRow = blend(base, colors.code, dark ? 0.22 : 0.12);
    return colors;
}

} // namespace

bool isDark(const QPalette& palette)
{
    return luminance(palette.color(QPalette::WindowText))
        > luminance(palette.color(QPalette::Window));
}

double contrastRatio(const QColor& a, const QColor& b)
{
    return contrastOf(luminance(a), luminance(b));
}

QColor blend(const QColor& under, const QColor& over, double amount)
{
    const auto share = static_cast<float>(amount);
    const auto mix = [share](float a, float b) { return a + (b - a) * share; };
    return QColor::fromRgbF(mix(under.redF(), over.redF()), mix(under.greenF(), over.greenF()),
                            mix(under.blueF(), over.blueF()));
}

Colors colorsFor(const QPalette& palette)
{
    // Every view asks for them at every paint, of a handful of palettes, whose keys are the same for
    // an active and an inactive window.
    using Key = std::pair<qint64, int>;
    constexpr qsizetype most = 64;
    static QHash<Key, Colors> known;
    const Key key(palette.cacheKey(), palette.currentColorGroup());
    const auto found = known.constFind(key);
    if (found != known.constEnd())
        return *found;
    if (known.size() == most)
        known.clear();
    return *known.insert(key, madeColors(palette));
}

QColor colorOf(const Colors& colors, ValueKind kind)
{
    switch (kind) {
    case ValueKind::Code:
        return colors.code;
    case ValueKind::Real:
        return colors.real;
    case ValueKind::Output:
        return colors.output;
    case ValueKind::Problem:
        return colors.problem;
    case ValueKind::Assumed:
        return colors.assumed;
    case ValueKind::Muted:
        break;
    }
    return colors.muted;
}

QPalette lightPalette()
{
    return paletteOf({.window = 0xf3f4f6,
                      .base = 0xffffff,
                      .alternate = 0xf7f8fa,
                      .text = 0x1a1e24,
                      .button = 0xf4f5f7,
                      .highlight = 0x2360cc,
                      .highlighted = 0xffffff,
                      .line = 0xd5dae1,
                      .tip = 0xffffff});
}

QPalette darkPalette()
{
    return paletteOf({.window = 0x1a1d21,
                      .base = 0x22262c,
                      .alternate = 0x262a31,
                      .text = 0xe2e6ea,
                      .button = 0x2b3037,
                      .highlight = 0x6ea8fe,
                      .highlighted = 0x10151c,
                      .line = 0x3a414b,
                      .tip = 0x2b3037});
}

void applyTheme(QApplication& application, Theme theme)
{
    // Without an empty sheet first, the new style would be wrapped into the old sheet's.
    application.setStyleSheet({});
    QApplication::setStyle(new OutlinedStyle);
    QApplication::setPalette(QPalette());
    if (theme == Theme::System)
        QApplication::setPalette(desktopPalette());
    else
        QApplication::setPalette(theme == Theme::Dark ? darkPalette() : lightPalette());
    QApplication::setFont(interfaceFont(QApplication::font()));

    auto* keeper = static_cast<StyleSheetKeeper*>(
        application.findChild<QObject*>(u"qbnStyleSheetKeeper"_s, Qt::FindDirectChildrenOnly));
    if (keeper == nullptr)
        keeper = new StyleSheetKeeper(&application);
    keeper->refresh();
}

QFont interfaceFont(const QFont& base)
{
    return withFamilies(base, {u"Inter"_s}, base.family());
}

QFont monospaceFont(const QFont& base)
{
    // The NL cut has no ligatures: in the other one 0x26 is drawn with a multiplication sign.
    return withFamilies(base, {u"JetBrains Mono NL"_s, u"JetBrains Mono"_s},
                        QFontDatabase::systemFont(QFontDatabase::FixedFont).family());
}

} // namespace qbn::ui
