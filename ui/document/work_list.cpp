#include "ui/document/work_list.h"

#include <algorithm>
#include <utility>

namespace qbn::ui {

WorkList::Work* WorkList::find(int id)
{
    const auto found = std::find_if(m_works.begin(), m_works.end(),
                                    [id](const Work& work) { return work.id == id; });
    return found == m_works.end() ? nullptr : &*found;
}

int WorkList::begin(const QString& what, std::function<void()> cancel)
{
    m_works.push_back({.id = ++m_last, .what = what, .cancel = std::move(cancel)});
    emit changed();
    return m_last;
}

void WorkList::progress(int id, int done, int total)
{
    Work* work = find(id);
    if (work == nullptr)
        return;
    work->done = done;
    work->total = total;
    emit changed();
}

void WorkList::end(int id)
{
    if (std::erase_if(m_works, [id](const Work& work) { return work.id == id; }) > 0)
        emit changed();
}

void WorkList::cancel(int id)
{
    if (const Work* work = find(id))
        std::function<void()>(work->cancel)(); // a copy: it may end the work
}

} // namespace qbn::ui

#include "moc_work_list.cpp"
