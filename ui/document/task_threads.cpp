#include "ui/document/task_threads.h"

#ifdef __linux__
#include <sys/resource.h>
#endif

#include <QCoreApplication>

#include <algorithm>
#include <utility>

namespace qbn::ui {

namespace {

/// An edit and its painting come first where there are fewer processors than threads. Of this thread: Linux has a priority for each.
void giveWayToTheGui()
{
#ifdef __linux__
    setpriority(PRIO_PROCESS, 0, 10);
#endif
}

} // namespace

TaskThreads::TaskThreads()
{
    const unsigned count = std::max(std::thread::hardware_concurrency(), 1U);
    for (unsigned i = 0; i < count; ++i)
        m_threads.emplace_back([this](const std::stop_token& stop) { run(stop); });
}

void TaskThreads::start(std::function<void()> work)
{
    const std::scoped_lock lock(m_mutex);
    m_waiting.push_back(std::move(work));
    m_changed.notify_all();
}

void TaskThreads::waitForDone()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_waiting.empty() && m_running == 0; });
}

void TaskThreads::run(const std::stop_token& stop)
{
    giveWayToTheGui();
    std::unique_lock lock(m_mutex);
    while (m_changed.wait(lock, stop, [this] { return !m_waiting.empty(); })) {
        if (stop.stop_requested())
            return;
        auto work = std::move(m_waiting.front());
        m_waiting.pop_front();
        ++m_running;
        lock.unlock();
        work();
        work = {}; // what it owns goes before it counts as done
        lock.lock();
        --m_running;
        m_changed.notify_all();
    }
}

void TaskThreads::end()
{
    m_threads.clear();
}

TaskThreads& taskThreads()
{
    static TaskThreads threads;
    // With the application: what is static is destroyed behind it, while work that was asked to stop may still read it.
    static const bool ends = [] {
        qAddPostRoutine([] { threads.end(); });
        return true;
    }();
    Q_UNUSED(ends);
    return threads;
}

} // namespace qbn::ui
