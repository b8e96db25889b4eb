#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace qbn::ui {

/// As many threads as the machine has, for work off the GUI thread, which goes before them. All that is handed over goes through one std::mutex, which
/// ThreadSanitizer knows; that of a QThreadPool it does not see, and so each hand-over there looks like a race.
class TaskThreads
{
public:
    TaskThreads();

    int count() const { return static_cast<int>(m_threads.size()); }
    void start(std::function<void()> work);
    /// Returns when nothing is running and nothing waits.
    void waitForDone();
    /// Has the threads end what they do, and begins no more.
    void end();

private:
    void run(const std::stop_token& stop);

    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<std::function<void()>> m_waiting;
    int m_running = 0;
    std::vector<std::jthread> m_threads; ///< last: it ends first, what waits is dropped
};

/// The threads of all tasks.
TaskThreads& taskThreads();

} // namespace qbn::ui
