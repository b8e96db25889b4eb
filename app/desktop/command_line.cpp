#include "app/desktop/command_line.h"

#include "app/version.h"

#include <QCommandLineParser>
#include <QRegularExpression>

namespace qbn::desktop {

namespace {

constexpr int usageError = 2;

struct Options
{
    QCommandLineOption layer{QStringLiteral("layer"),
                             QStringLiteral("The layer to show, by its name or its index from 0."),
                             QStringLiteral("NAME")};
    QCommandLineOption channel{QStringLiteral("channel"),
                               QStringLiteral("The channel to show, from 0."), QStringLiteral("N")};
    QCommandLineOption code{QStringLiteral("code"), QStringLiteral("The input code to show."),
                            QStringLiteral("N")};
    QCommandLineOption tab{QStringLiteral("tab"),
                           QStringLiteral("The tab to show, by its title, such as agreement."),
                           QStringLiteral("TITLE")};
    QCommandLineOption screenshot{QStringLiteral("screenshot"),
                                  QStringLiteral("Write a picture of the window and stop."),
                                  QStringLiteral("OUT.png")};
    QCommandLineOption size{QStringLiteral("size"),
                            QStringLiteral("The window's size, such as 1280x800."),
                            QStringLiteral("WxH")};
    QCommandLineOption theme{
        QStringLiteral("theme"),
        QStringLiteral("light or dark; without it the desktop's, or what was chosen last."),
        QStringLiteral("light|dark")};
    QCommandLineOption measureStartup{
        QStringLiteral("measure-startup"),
        QStringLiteral("Print the milliseconds from the start of the process to the first painted "
                       "frame and stop.")};
};

ParsedCommandLine refused(const QString& sentence)
{
    return {{},
            QStringLiteral("qbn-explorer: %1; see qbn-explorer --help\n").arg(sentence),
            usageError};
}

std::optional<QSize> parseSize(const QString& text)
{
    static const QRegularExpression form(QStringLiteral("^([0-9]{2,5})x([0-9]{2,5})$"));
    const QRegularExpressionMatch match = form.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    const QSize size(match.captured(1).toInt(), match.captured(2).toInt());
    constexpr int largest = 16384;
    return size.width() <= largest && size.height() <= largest ? std::optional(size) : std::nullopt;
}

std::optional<QString> readValues(const QCommandLineParser& parser, const Options& options,
                                  CommandLine& line)
{
    const auto readInt = [&parser](const QCommandLineOption& option, std::optional<int>& value) {
        bool good = true;
        if (parser.isSet(option))
            value = parser.value(option).toInt(&good);
        return good;
    };
    if (!readInt(options.channel, line.channel))
        return QStringLiteral("--channel needs a number, found \"%1\"")
            .arg(parser.value(options.channel));
    if (!readInt(options.code, line.code))
        return QStringLiteral("--code needs a number, found \"%1\"")
            .arg(parser.value(options.code));
    if (parser.isSet(options.size)) {
        const auto size = parseSize(parser.value(options.size));
        if (!size)
            return QStringLiteral("--size needs WxH such as 1280x800, found \"%1\"")
                .arg(parser.value(options.size));
        line.size = *size;
    }
    if (parser.isSet(options.theme)) {
        const QString theme = parser.value(options.theme);
        if (theme != QStringLiteral("light") && theme != QStringLiteral("dark"))
            return QStringLiteral("--theme is light or dark, found \"%1\"").arg(theme);
        line.theme = theme == QStringLiteral("dark") ? ui::Theme::Dark : ui::Theme::Light;
    }
    return std::nullopt;
}

} // namespace

ParsedCommandLine parseCommandLine(const QStringList& arguments)
{
    const Options options;
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Quantized Batch Norm Explorer: follows each input code of a quantized "
                       "batch norm layer to its output code."));
    parser.addPositionalArgument(
        QStringLiteral("FILE"),
        QStringLiteral(
            "A session, a question card or a model file; without it the built-in example."),
        QStringLiteral("[FILE]"));
    const QCommandLineOption help = parser.addHelpOption();
    const QCommandLineOption version = parser.addVersionOption();
    parser.addOptions({options.layer, options.channel, options.code, options.tab,
                       options.screenshot, options.size, options.theme, options.measureStartup});
    if (!parser.parse(arguments))
        return refused(parser.errorText());
    if (parser.isSet(help))
        return {{}, parser.helpText(), 0};
    if (parser.isSet(version))
        return {{}, QStringLiteral("qbn-explorer " QBN_VERSION "\n"), 0};
    const QStringList files = parser.positionalArguments();
    if (files.size() > 1)
        return refused(QStringLiteral("one file at most, found %1").arg(files.size()));

    CommandLine line;
    line.file = files.value(0);
    line.layer = parser.value(options.layer);
    line.tab = parser.value(options.tab);
    line.screenshot = parser.value(options.screenshot);
    line.measureStartup = parser.isSet(options.measureStartup);
    if (const auto sentence = readValues(parser, options, line))
        return refused(*sentence);
    return {line, {}, 0};
}

} // namespace qbn::desktop
