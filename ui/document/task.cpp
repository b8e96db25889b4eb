#include "ui/document/task.h"

#include <QCoreApplication>
#include <QEvent>

#include <chrono>

namespace qbn::ui {

namespace {

constexpr std::chrono::milliseconds between_news{40};

} // namespace

TaskBase::TaskBase(std::function<void()> ready, TaskProgress progressed)
    : m_ready(std::move(ready))
    , m_progressed(std::move(progressed))
{ }

TaskBase::~TaskBase()
{
    m_stop.request_stop();
    if (m_shared) {
        const std::scoped_lock lock(m_shared->mutex);
        m_shared->owner = nullptr;
    }
}

/// Requires: the mutex is held, so that the owner stays.
void TaskBase::post(Shared& shared)
{
    if (shared.owner)
        QCoreApplication::postEvent(shared.owner, new QEvent(QEvent::User));
}

void TaskBase::run(int steps, Work work)
{
    Q_ASSERT(!m_isRunning);
    m_stop = {};
    m_told = 0;
    m_isRunning = true;
    m_shared = std::make_shared<Shared>();
    m_shared->owner = this;
    taskThreads().start(
        [steps, work = std::move(work), stop = m_stop.get_token(), shared = m_shared]() mutable {
            using Clock = std::chrono::steady_clock;
            std::mutex telling; // work may tell from several threads
            Clock::time_point last;
            work(stop, [&](int step) {
                const std::scoped_lock told(telling);
                if (step < steps && Clock::now() - last < between_news)
                    return;
                last = Clock::now();
                const std::scoped_lock lock(shared->mutex);
                shared->progress = step;
                post(*shared);
            });
            work = {};
            const std::scoped_lock lock(shared->mutex);
            shared->isDone = true;
            post(*shared);
        });
}

/// The one event there is: that of post().
void TaskBase::customEvent(QEvent* /*event*/)
{
    int progress = 0;
    bool isDone = false;
    {
        const std::scoped_lock lock(m_shared->mutex);
        progress = m_shared->progress;
        isDone = m_shared->isDone;
    }
    if (progress != m_told && m_progressed)
        m_progressed(m_told = progress);
    // News of work that was done already may still come.
    if (isDone && m_isRunning) {
        m_isRunning = false;
        m_ready();
    }
}

} // namespace qbn::ui
