#pragma once

#include "ui/look/theme.h"

#include <QByteArray>
#include <QSettings>
#include <QStringList>

#include <optional>

namespace qbn::desktop {

/// What the program remembers between runs. A file of an earlier or broken form does no harm: what
/// cannot be read is as if it had not been there.
class Settings
{
public:
    /// Where QSettings keeps it for this application's name.
    Settings() = default;

    QByteArray windowGeometry() const;
    QByteArray windowState() const;
    QByteArray windowLayout() const; ///< of WorkArea
    void setWindow(const QByteArray& geometry, const QByteArray& state, const QByteArray& layout);

    /// Newest first, at most ten, absolute.
    QStringList recentFiles() const;
    void addRecentFile(const QString& path);
    void removeRecentFile(const QString& path);
    void clearRecentFiles();

    ui::Theme theme() const;
    void setTheme(ui::Theme theme);
    /// Of the command line: what theme() gives until another is chosen; it is not remembered.
    void useTheme(ui::Theme theme) { m_theme = theme; }

    /// Whether the plots mark ties; true at first.
    bool tiesShown() const;
    void setTiesShown(bool shown);

    /// Whether a paste is shown before it changes anything; true at first.
    bool pastePreviewed() const;
    void setPastePreviewed(bool previewed);

    /// The interpreter that the layers are checked with; empty before one was named.
    QString python() const;
    void setPython(const QString& path);

    /// In percent; 100 at first.
    int textZoom() const;
    void setTextZoom(int percent);

    /// The folder of the last file dialog.
    QString lastFolder() const;
    void setLastFolder(const QString& folder);

private:
    QSettings m_settings;
    std::optional<ui::Theme> m_theme;
};

} // namespace qbn::desktop
