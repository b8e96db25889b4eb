#pragma once

#include "ui/look/theme.h"

#include <QSize>
#include <QString>
#include <QStringList>

#include <optional>

namespace qbn::desktop {

/// qbn-explorer [FILE] [--layer NAME] [--channel N] [--code N] [--tab TITLE]
/// [--screenshot OUT.png --size WxH] [--theme light|dark]
struct CommandLine
{
    QString file; ///< empty: the built-in example
    QString layer; ///< a name or an index; empty: the first
    std::optional<int> channel;
    std::optional<int> code;
    QString tab; ///< the title of the one in front, upper and lower case the same; empty: as it is
    QString screenshot; ///< write a picture of the window here and stop
    QSize size; ///< of the window, invalid if not given
    std::optional<ui::Theme> theme;
    bool measureStartup = false; ///< print the milliseconds to the first painted frame and stop
};

/// What came out of the arguments: the command line, or a text to print and the code to exit with.
struct ParsedCommandLine
{
    std::optional<CommandLine> commandLine;
    QString text;
    int exitCode = 0;
};

ParsedCommandLine parseCommandLine(const QStringList& arguments);

} // namespace qbn::desktop
