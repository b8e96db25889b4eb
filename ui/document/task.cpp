#include "ui/document/task.h"

namespace qbn::ui {

QThreadPool& taskThreads()
{
    static QThreadPool threads;
    return threads;
}

} // namespace qbn::ui
