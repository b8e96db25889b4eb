#include "app/cli/progress.h"

#include <algorithm>
#include <cstdio>
#include <unistd.h>
#include <utility>

namespace qbn::cli {

Progress::Progress(std::string verb, std::uint64_t all, const std::string& unit)
    : verb_(std::move(verb))
    , of_all_(unit.empty() ? unit : "of " + std::to_string(all) + " " + unit)
    , all_(std::max<std::uint64_t>(all, 1))
    , is_shown_(isatty(STDERR_FILENO) != 0)
{
    timer_.start();
}

Progress::~Progress()
{
    if (is_written_)
        std::fputs("\r\033[K", stderr);
}

void Progress::operator()(std::uint64_t done)
{
    constexpr qint64 between = 200; // ms
    if (!is_shown_ || timer_.elapsed() < between)
        return;
    timer_.restart();
    is_written_ = true;
    const auto percent
        = static_cast<unsigned>(100.0 * static_cast<double>(done) / static_cast<double>(all_));
    std::fprintf(stderr, "\r%s %u %% %s", verb_.c_str(), percent, of_all_.c_str());
}

} // namespace qbn::cli
