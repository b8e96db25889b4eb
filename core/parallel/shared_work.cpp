#include "core/parallel/shared_work.h"

#include <algorithm>

namespace qbn::parallel {

int threads_for(int wanted)
{
    return wanted > 0 ? wanted : std::max(static_cast<int>(std::thread::hardware_concurrency()), 1);
}

void each(std::size_t count, int threads, const std::function<void(std::size_t)>& part)
{
    const auto wanted = static_cast<std::size_t>(threads_for(threads));
    Helpers().run(count, std::min(wanted, std::max<std::size_t>(count, 1)) - 1, part);
}

void Helpers::run(std::size_t count, std::size_t helpers,
                  const std::function<void(std::size_t)>& part)
{
    const std::unique_lock turn(turn_, std::try_to_lock);
    if (helpers == 0 || !turn) {
        for (std::size_t i = 0; i < count; ++i)
            part(i);
        return;
    }
    while (threads_.size() < helpers)
        threads_.emplace_back([this](const std::stop_token& stop) { wait_for_work(stop); });
    std::unique_lock lock(mutex_);
    part_ = &part;
    count_ = count;
    next_ = 0;
    is_there_.notify_all();
    work(lock);
    is_done_.wait(lock, [this] { return busy_ == 0; });
}

void Helpers::wait_for_work(const std::stop_token& stop)
{
    std::unique_lock lock(mutex_);
    while (is_there_.wait(lock, stop, [this] { return next_ < count_; })) {
        ++busy_;
        work(lock);
        if (--busy_ == 0)
            is_done_.notify_one();
    }
}

void Helpers::work(std::unique_lock<std::mutex>& lock)
{
    while (next_ < count_) {
        const std::size_t mine = next_++;
        lock.unlock();
        (*part_)(mine);
        lock.lock();
    }
}

} // namespace qbn::parallel
