#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace qbn::parallel {

/// A number of threads that was asked for; of 0 as many as the machine runs at a time.
int threads_for(int wanted);

/// Does all parts, 0 to count - 1, each once, by that many threads (threads_for()), the caller one of them.
void each(std::size_t count, int threads, const std::function<void(std::size_t)>& part);

/// Threads that share work with the caller and sleep in between, as to start one takes as long as a megabyte of codes.
class Helpers
{
public:
    /// Does all parts, 0 to count - 1, each once: who is free takes the next. A helper that wakes when none is left is not waited for.
    /// While another thread is in run() the caller does its parts alone.
    void run(std::size_t count, std::size_t helpers, const std::function<void(std::size_t)>& part);

private:
    void wait_for_work(const std::stop_token& stop);
    void work(std::unique_lock<std::mutex>& lock);

    std::mutex turn_; ///< of who is in run()
    std::mutex mutex_; ///< of what follows
    std::condition_variable_any is_there_, is_done_;
    const std::function<void(std::size_t)>* part_ = nullptr;
    std::size_t next_ = 0;
    std::size_t count_ = 0;
    std::size_t busy_ = 0; ///< helpers
    std::vector<std::jthread> threads_; ///< gone before what they use
};

} // namespace qbn::parallel
