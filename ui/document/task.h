#pragma once

#include <QFutureWatcher>
#include <QtConcurrent/QtConcurrentRun>

#include <functional>
#include <stop_token>
#include <utility>

namespace qbn::ui {

/// One computation at a time off the GUI thread. Whoever owns the task may go at any time: the
/// computation is asked to stop, its result is dropped, and it must own all that it reads.
template <typename T> class Task
{
public:
    /// `ready` is called on the GUI thread when result() is there.
    explicit Task(std::function<void()> ready)
    {
        QObject::connect(&m_watcher, &QFutureWatcherBase::finished, &m_watcher, std::move(ready));
    }

    ~Task()
    {
        m_watcher.disconnect();
        m_stop.request_stop();
    }

    Task(const Task&) = delete;
    Task& operator=(const Task&) = delete;

    bool isRunning() const { return m_watcher.isRunning(); }

    /// Begins `work(std::stop_token) -> T`. Requires: none is running.
    template <typename Work> void start(Work work)
    {
        m_watcher.setFuture(QtConcurrent::run(
            [work = std::move(work), stop = m_stop.get_token()] { return work(stop); }));
    }

    T result() const { return m_watcher.result(); }

private:
    std::stop_source m_stop;
    QFutureWatcher<T> m_watcher;
};

} // namespace qbn::ui
