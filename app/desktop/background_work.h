#pragma once

#include "ui/document/task.h"
#include "ui/document/work_list.h"

#include <QEventLoop>
#include <QTimer>

#include <chrono>
#include <memory>
#include <stop_token>
#include <utility>

namespace qbn::desktop {

/// One work at a time off the GUI thread, and what is done with its result on it. What is quick is
/// done when start() returns; until then keys, clicks and the closing of the window wait, and are
/// delivered afterwards. What is long is one of the works of the status bar, where it can be
/// cancelled, and the window goes on.
template <typename T> class BackgroundWork
{
public:
    explicit BackgroundWork(ui::WorkList& works)
        : m_works(works)
    { }
    ~BackgroundWork() { cancel(); }
    BackgroundWork(const BackgroundWork&) = delete;
    BackgroundWork& operator=(const BackgroundWork&) = delete;

    bool isRunning() const { return m_task != nullptr; }

    /// Runs `work(std::stop_token) -> T`, which must own all that it reads, then `done(T)`: not if it
    /// was cancelled, or another one was started. A work that is running is cancelled.
    template <typename Work, typename Done> void start(const QString& text, Work work, Done done)
    {
        cancel();
        auto patience = std::make_shared<QEventLoop>();
        m_patience = patience;
        m_task = std::make_unique<ui::Task<T>>([this, done] {
            if (m_patience)
                m_patience->quit(); // start() goes on
            else
                finish(done);
        });
        m_task->start(std::move(work));
        QTimer::singleShot(quick, patience.get(), &QEventLoop::quit);
        patience->exec(QEventLoop::ExcludeUserInputEvents);
        if (patience != m_patience)
            return; // cancelled, or another one was started
        m_patience.reset();
        if (m_task->isRunning())
            m_work = m_works.begin(text, [this] { cancel(); });
        else
            finish(done);
    }

    /// It is asked to stop, and what it still gives is dropped.
    void cancel()
    {
        if (m_patience)
            std::exchange(m_patience, nullptr)->quit();
        m_task.reset();
        m_works.end(std::exchange(m_work, 0));
    }

private:
    static constexpr std::chrono::milliseconds quick{300};

    template <typename Done> void finish(const Done& done)
    {
        // The task stays until its event is over: `done` may start another one.
        ui::Task<T>* const task = m_task.release();
        task->deleteLater();
        m_works.end(std::exchange(m_work, 0));
        done(task->takeResult());
    }

    ui::WorkList& m_works;
    std::unique_ptr<ui::Task<T>> m_task;
    std::shared_ptr<QEventLoop> m_patience; ///< while start() waits
    int m_work = 0; ///< in the list, 0: none
};

} // namespace qbn::desktop
