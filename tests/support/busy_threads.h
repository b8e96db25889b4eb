#pragma once

#include "ui/document/task_threads.h"

#include <QSemaphore>

namespace qbn::test {

/// As long as it lives no task begins: whatever is started takes long.
class BusyThreads
{
public:
    BusyThreads()
        : m_count(ui::taskThreads().count())
    {
        for (int i = 0; i < m_count; ++i)
            ui::taskThreads().start([this] { m_end.acquire(); });
    }
    ~BusyThreads()
    {
        m_end.release(m_count);
        ui::taskThreads().waitForDone();
    }
    BusyThreads(const BusyThreads&) = delete;
    BusyThreads& operator=(const BusyThreads&) = delete;

private:
    int m_count;
    QSemaphore m_end;
};

} // namespace qbn::test
