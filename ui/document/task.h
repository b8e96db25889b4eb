#pragma once

#include <QFutureWatcher>
#include <QPromise>
#include <QThreadPool>
#include <QtConcurrent/QtConcurrentRun>

#include <functional>
#include <stop_token>
#include <utility>

namespace qbn::ui {

/// The threads of all tasks. Not those of QThreadPool::globalInstance(): Qt's painting waits for one of
/// them, and would wait for a long computation.
QThreadPool& taskThreads();

/// Tells from any thread how many steps are done.
using TaskProgress = std::function<void(int)>;

/// One computation at a time off the GUI thread. Whoever owns the task may go at any time: the
/// computation is asked to stop, its result is dropped, and it must own all that it reads.
template <typename T> class Task
{
public:
    /// Called on the GUI thread: `ready` when result() is there, `progressed` some 25 times a second
    /// and at the last step, if the work tells its progress.
    explicit Task(std::function<void()> ready, TaskProgress progressed = {})
    {
        QObject::connect(&m_watcher, &QFutureWatcherBase::finished, &m_watcher, std::move(ready));
        if (progressed)
            QObject::connect(&m_watcher, &QFutureWatcherBase::progressValueChanged, &m_watcher,
                             std::move(progressed));
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
        start(0, [work = std::move(work)](const std::stop_token& stop, const TaskProgress&) {
            return work(stop);
        });
    }

    /// The same of `work(std::stop_token, TaskProgress) -> T`, which takes so many steps.
    template <typename Work> void start(int steps, Work work)
    {
        m_stop = {};
        m_watcher.setFuture(QtConcurrent::run(
            &taskThreads(),
            [steps, work = std::move(work), stop = m_stop.get_token()](QPromise<T>& promise) {
                promise.setProgressRange(0, steps);
                promise.addResult(
                    work(stop, [&promise](int step) { promise.setProgressValue(step); }));
            }));
    }

    /// Asks the work to end early. It is ready nevertheless, and what it gives is for it to say.
    void stop() { m_stop.request_stop(); }

    T result() const { return m_watcher.result(); }

private:
    std::stop_source m_stop;
    QFutureWatcher<T> m_watcher;
};

} // namespace qbn::ui
