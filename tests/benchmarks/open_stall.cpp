// How long the window stands still while files are opened: a timer of the event loop ticks every millisecond, and the longest gap
// between two ticks is what a user would feel. The real window, shown on the platform that is set (offscreen without one).
// Arrays (.npy, as a whole input of the example's layer) are loaded as activations. usage: open_stall FILE...
// As on the first day, with a file that the system has not in its memory: dd if=FILE iflag=nocache count=0; open_stall FILE

#include "app/desktop/activation_actions.h"
#include "app/desktop/file_actions.h"
#include "app/desktop/main_window.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QStandardPaths>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <cstdio>

using namespace qbn;

namespace {

/// Counts from its making.
class StallTimer
{
public:
    StallTimer()
    {
        m_tick.setTimerType(Qt::PreciseTimer);
        m_tick.setInterval(1);
        QObject::connect(&m_tick, &QTimer::timeout, &m_tick, [this] { tick(); });
        m_sinceTick.start();
        m_tick.start();
    }

    double longestMilliseconds() const { return m_longest; }

private:
    void tick()
    {
        m_longest = std::max(m_longest, static_cast<double>(m_sinceTick.nsecsElapsed()) / 1e6);
        m_sinceTick.start();
    }

    QTimer m_tick;
    QElapsedTimer m_sinceTick;
    double m_longest = 0;
};

void measure(const QString& path)
{
    constexpr int minute = 60'000;
    constexpr int settling = 1'000; // what follows the opening: digests, pages, the map
    ui::Document document;
    desktop::Settings settings;
    desktop::MainWindow window(document, settings, desktop::Memory::None);
    window.show();
    QTest::qWait(settling);

    StallTimer stall;
    QElapsedTimer timer;
    timer.start();
    bool opened = false;
    const auto note = [&opened] { opened = true; };
    QObject::connect(&window.files(), &desktop::FileActions::opened, &window, note);
    QObject::connect(&window.activations(), &desktop::ActivationActions::loaded, &window, note);
    if (path.endsWith(QStringLiteral(".npy")))
        window.activations().load({.input = DumpFile{.path = path}});
    else
        window.files().open(path);
    const bool ended = QTest::qWaitFor(
        [&] { return opened || !(window.files().isReading() || window.activations().isLoading()); },
        minute);
    opened = opened && ended;
    const auto milliseconds = timer.elapsed();
    QTest::qWait(settling);
    std::printf("%-40s %s after %5lld ms, longest stall %5.1f ms, %zu layers\n",
                qPrintable(path.section(u'/', -1)), opened ? "opened" : "failed",
                static_cast<long long>(milliseconds), stall.longestMilliseconds(),
                document.experiment().model.layers.size());
    std::fflush(stdout);
}

} // namespace

int main(int argc, char* argv[])
{
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM") && qEnvironmentVariableIsEmpty("DISPLAY"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QStandardPaths::setTestModeEnabled(true);
    const QApplication application(argc, argv);
    for (const QString& path : QCoreApplication::arguments().mid(1))
        measure(path);
    return 0;
}
