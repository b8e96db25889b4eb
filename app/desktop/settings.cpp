#include "app/desktop/settings.h"

#include "ui/look/text_zoom.h"

#include <QFileInfo>

#include <algorithm>

namespace qbn::desktop {

namespace {

constexpr int recentLimit = 10;

/// A layout of other panels must not be restored: raise it when panels are added or renamed.
const QString geometryKey = QStringLiteral("window/geometry");
const QString stateKey = QStringLiteral("window/state-3");
const QString layoutKey = QStringLiteral("window/layout-1");
const QString recentKey = QStringLiteral("recentFiles");
const QString themeKey = QStringLiteral("theme");
const QString tiesKey = QStringLiteral("tiesShown");
const QString zoomKey = QStringLiteral("textZoom");
const QString folderKey = QStringLiteral("lastFolder");
const QString previewKey = QStringLiteral("pastePreviewed");
const QString pythonKey = QStringLiteral("python");

} // namespace

QByteArray Settings::windowGeometry() const
{
    return m_settings.value(geometryKey).toByteArray();
}

QByteArray Settings::windowState() const
{
    return m_settings.value(stateKey).toByteArray();
}

QByteArray Settings::windowLayout() const
{
    return m_settings.value(layoutKey).toByteArray();
}

void Settings::setWindow(const QByteArray& geometry, const QByteArray& state,
                         const QByteArray& layout)
{
    m_settings.setValue(geometryKey, geometry);
    m_settings.setValue(stateKey, state);
    m_settings.setValue(layoutKey, layout);
}

QStringList Settings::recentFiles() const
{
    return m_settings.value(recentKey).toStringList().mid(0, recentLimit);
}

void Settings::addRecentFile(const QString& path)
{
    const QString absolute = QFileInfo(path).absoluteFilePath();
    QStringList files = recentFiles();
    files.removeAll(absolute);
    files.prepend(absolute);
    m_settings.setValue(recentKey, files.mid(0, recentLimit));
}

void Settings::removeRecentFile(const QString& path)
{
    QStringList files = recentFiles();
    files.removeAll(path);
    m_settings.setValue(recentKey, files);
}

void Settings::clearRecentFiles()
{
    m_settings.remove(recentKey);
}

ui::Theme Settings::theme() const
{
    if (m_theme)
        return *m_theme;
    const QString name = m_settings.value(themeKey).toString();
    if (name == QStringLiteral("light"))
        return ui::Theme::Light;
    return name == QStringLiteral("dark") ? ui::Theme::Dark : ui::Theme::System;
}

void Settings::setTheme(ui::Theme theme)
{
    m_theme.reset();
    switch (theme) {
    case ui::Theme::Light:
        m_settings.setValue(themeKey, QStringLiteral("light"));
        break;
    case ui::Theme::Dark:
        m_settings.setValue(themeKey, QStringLiteral("dark"));
        break;
    case ui::Theme::System:
        m_settings.remove(themeKey);
        break;
    }
}

bool Settings::tiesShown() const
{
    return m_settings.value(tiesKey, true).toBool();
}

void Settings::setTiesShown(bool shown)
{
    m_settings.setValue(tiesKey, shown);
}

bool Settings::pastePreviewed() const
{
    return m_settings.value(previewKey, true).toBool();
}

void Settings::setPastePreviewed(bool previewed)
{
    m_settings.setValue(previewKey, previewed);
}

QString Settings::python() const
{
    return m_settings.value(pythonKey).toString();
}

void Settings::setPython(const QString& path)
{
    m_settings.setValue(pythonKey, path);
}

int Settings::textZoom() const
{
    bool isNumber = false;
    const int percent = m_settings.value(zoomKey).toInt(&isNumber);
    return isNumber ? std::clamp(percent, ui::smallestTextZoom, ui::largestTextZoom) : 100;
}

void Settings::setTextZoom(int percent)
{
    m_settings.setValue(zoomKey, percent);
}

QString Settings::lastFolder() const
{
    return m_settings.value(folderKey).toString();
}

void Settings::setLastFolder(const QString& folder)
{
    m_settings.setValue(folderKey, folder);
}

} // namespace qbn::desktop
