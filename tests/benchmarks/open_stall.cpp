// How long the window stands still while files are opened: a timer of the event loop ticks every millisecond, and the longest gap
// between two ticks is what a user would feel. The real window, shown on the platform that is set (offscreen without one).
// usage: open_stall FILE...

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
    QObject::connect(&window.files(), &desktop::FileActions::opened, &window,
                     [&opened] { opened = true; });
    window.files().open(path);
    QTest::qWaitFor([&] { return opened || !window.files().isReading(); }, minute);
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
