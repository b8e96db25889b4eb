#pragma once

#include <QElapsedTimer>

#include <cstdint>
#include <string>

namespace qbn::cli {

/// How far long work is, for somebody who waits at a terminal: "audited 12 % of 300 channels" on standard error, which is gone when
/// the work is done. Nothing where standard error is no terminal.
class Progress
{
public:
    /// "audited", 300, "channels"; without a unit the percentage alone is told.
    Progress(std::string verb, std::uint64_t all, const std::string& unit = {});
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void operator()(std::uint64_t done);

private:
    std::string verb_, of_all_;
    std::uint64_t all_;
    bool is_shown_;
    bool is_written_ = false;
    QElapsedTimer timer_;
};

} // namespace qbn::cli
