#include "app/desktop/command_line.h"
#include "app/desktop/main_window.h"
#include "core/formats/open_model.h"
#include "core/text/locale.h"
#include "core/text/printable.h"
#include "ui/look/text_zoom.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QIcon>
#include <QTimer>

#include <cfenv>
#include <cstdio>

using namespace qbn;
using namespace qbn::desktop;

namespace {

enum ExitCode : int
{
    Done = 0,
    UsageError = 2,
    BadInput = 3,
    NotWritten = 4,
};

/// A picture needs no display.
void usePlatformWithoutDisplay(int argc, char* argv[])
{
    const auto wanted = [argc, argv] {
        for (int i = 1; i < argc; ++i) {
            if (QByteArray(argv[i]).startsWith("--screenshot"))
                return true;
        }
        return false;
    };
    if (qEnvironmentVariableIsEmpty("DISPLAY") && qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY")
        && qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM") && wanted())
        qputenv("QT_QPA_PLATFORM", "offscreen");
}

/// Nothing if everything that the command line names exists; else a sentence.
std::optional<QString> select(ui::Document& document, const CommandLine& line)
{
    const auto& layers = document.experiment().model.layers;
    Selection selection = document.selection().current();
    if (!line.layer.isEmpty()) {
        bool isIndex = false;
        int found = line.layer.toInt(&isIndex);
        for (std::size_t i = layers.size(); i-- > 0;) {
            if (QString::fromStdString(layers[i]->name) == line.layer) {
                found = static_cast<int>(i);
                isIndex = true;
            }
        }
        if (!isIndex || found < 0 || static_cast<std::size_t>(found) >= layers.size())
            return QStringLiteral("there is no layer \"%1\"").arg(line.layer);
        selection.layer = found;
    }
    selection.channel = line.channel.value_or(selection.channel);
    selection.code = line.code.value_or(selection.code);
    if (!(clamped(selection, document.experiment()) == selection))
        return QStringLiteral("there is no channel %1 or input code %2 in layer %3")
            .arg(selection.channel)
            .arg(selection.code)
            .arg(selection.layer);
    document.selection().set(selection);
    return std::nullopt;
}

/// Says on the standard error what of the command line does not exist; false then.
bool showWhatIsNamed(MainWindow& window, ui::Document& document, const CommandLine& line)
{
    auto sentence = select(document, line);
    if (!line.tab.isEmpty() && !window.showTab(line.tab) && !sentence)
        sentence = QStringLiteral("there is no tab \"%1\"").arg(line.tab);
    if (sentence)
        std::fprintf(stderr, "qbn-explorer: %s\n", qbn::printable(sentence->toStdString()).c_str());
    return !sentence;
}

/// When all that the window shows is known, and painted.
int takeScreenshot(MainWindow& window, ui::Document& document, const QString& path)
{
    constexpr int someFrames = 100;
    do {
        QEventLoop frames;
        QTimer::singleShot(someFrames, &frames, &QEventLoop::quit);
        frames.exec();
    } while (!document.works().works().empty());
    if (window.grab().save(path))
        return Done;
    std::fprintf(stderr, "qbn-explorer: %s: could not be written\n",
                 qbn::printable(path.toStdString()).c_str());
    return NotWritten;
}

/// Calls once the first frame has been painted.
class FirstFrame : public QObject
{
public:
    FirstFrame(QWidget* window, std::function<void()> painted)
        : QObject(window)
        , m_painted(std::move(painted))
    {
        window->installEventFilter(this);
    }

    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() == QEvent::Paint && m_painted) {
            watched->removeEventFilter(this);
            // The zero timer fires when the paint of the whole window has been flushed.
            QTimer::singleShot(0, this, std::exchange(m_painted, nullptr));
        }
        return false;
    }

private:
    std::function<void()> m_painted;
};

int run(const CommandLine& line, const QElapsedTimer& sinceMain)
{
    Settings settings;
    if (line.theme)
        settings.useTheme(*line.theme);
    ui::applyTheme(*qApp, settings.theme());
    ui::setTextZoom(settings.textZoom());
    ui::Document document;
    const bool isPicture = !line.screenshot.isEmpty();
    MainWindow window(document, settings,
                      isPicture || line.measureStartup ? Memory::None : Memory::Keep);
    if (line.size.isValid())
        window.resize(line.size);
    window.show();

    if (!line.file.isEmpty() && isPicture) {
        // Without a box that nobody would answer.
        Result<Model> model = open_model(line.file);
        if (!model && !window.files().openText(line.file)) {
            std::fprintf(stderr, "qbn-explorer: %s\n",
                         qbn::printable(model.error().message).c_str());
            return BadInput;
        }
        if (model) {
            const Selection selection = first_selection(*model);
            document.open({.model = std::move(*model)}, {}, selection);
            window.showObservations();
        }
    } else if (!line.file.isEmpty()) {
        QObject::connect(
            &window.files(), &FileActions::opened, &window,
            [&] { showWhatIsNamed(window, document, line); }, Qt::SingleShotConnection);
        window.files().open(line.file);
    }
    if ((line.file.isEmpty() || isPicture) && !showWhatIsNamed(window, document, line) && isPicture)
        return UsageError;
    if (isPicture)
        return takeScreenshot(window, document, line.screenshot);
    if (line.measureStartup) {
        new FirstFrame(&window, [&sinceMain] {
            std::printf("%.1f ms from main() to the first painted frame\n",
                        static_cast<double>(sinceMain.nsecsElapsed()) / 1e6);
            std::fflush(stdout);
            QCoreApplication::exit(Done);
        });
    }
    return QApplication::exec();
}

} // namespace

int main(int argc, char* argv[])
{
    QElapsedTimer sinceMain;
    sinceMain.start();
    use_utf8_locale();
    usePlatformWithoutDisplay(argc, argv);
    // Before QApplication, which needs a display: --help and a wrong option must not.
    const ParsedCommandLine parsed = [&argc, argv] {
        const QCoreApplication parsing(argc, argv);
        return parseCommandLine(QCoreApplication::arguments());
    }();
    if (!parsed.commandLine) {
        std::fputs(qPrintable(parsed.text), parsed.exitCode == Done ? stdout : stderr);
        return parsed.exitCode;
    }
    // Every backend is defined in round-to-nearest.
    if (std::fegetround() != FE_TONEAREST) {
        std::fputs("qbn-explorer: the processor does not round to nearest; codes would be wrong\n",
                   stderr);
        return UsageError;
    }
    QApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("qbn-explorer"));
    QApplication::setApplicationName(QStringLiteral("qbn-explorer"));
    QApplication::setDesktopFileName(QStringLiteral("io.github.qbn_explorer.QbnExplorer"));
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/qbn-explorer.svg")));
    return run(*parsed.commandLine, sinceMain);
}
