#pragma once

#include "ui/document/task_threads.h"

#include <QObject>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace qbn::ui {

/// Tells from any thread how many steps are done.
using TaskProgress = std::function<void(int)>;

/// What a task is, whatever its result. Lives on the GUI thread.
class TaskBase : public QObject
{
public:
    /// `ready` when the work is done, `progressed` some 25 times a second and at the last step, if the work tells its progress.
    TaskBase(std::function<void()> ready, TaskProgress progressed);
    /// The work is asked to stop and told of no more. It must own all that it reads.
    ~TaskBase() override;

    bool isRunning() const { return m_isRunning; }
    /// Asks the work to end early. It is ready nevertheless, and what it gives is for it to say.
    void stop() { m_stop.request_stop(); }

protected:
    using Work = std::function<void(const std::stop_token&, const TaskProgress&)>;
    void run(int steps, Work work);

    void customEvent(QEvent* event) override;

private:
    /// Of this task and the thread that does its work.
    struct Shared
    {
        std::mutex mutex;
        QObject* owner = nullptr; ///< none once it has gone
        int progress = 0;
        bool isDone = false;
    };
    static void post(Shared& shared);

    std::function<void()> m_ready;
    TaskProgress m_progressed;
    std::shared_ptr<Shared> m_shared; ///< of the work that was started last
    std::stop_source m_stop;
    int m_told = 0; ///< the progress
    bool m_isRunning = false;
};

/// One computation at a time off the GUI thread. Whoever owns the task may go at any time.
template <typename T> class Task : public TaskBase
{
public:
    /// Called on the GUI thread, see TaskBase: result() is there when `ready` is called.
    explicit Task(std::function<void()> ready, TaskProgress progressed = {})
        : TaskBase(std::move(ready), std::move(progressed))
    { }

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
        m_result = std::make_shared<std::optional<T>>();
        run(steps,
            [result = m_result, work = std::move(work)](const std::stop_token& stop,
                                                        const TaskProgress& progress) mutable {
                result->emplace(work(stop, progress));
            });
    }

    /// Requires: a work was started, and none is running.
    const T& result() const { return **m_result; }
    T takeResult() { return std::move(**m_result); }

private:
    std::shared_ptr<std::optional<T>> m_result; ///< written by the thread before it is done
};

} // namespace qbn::ui
