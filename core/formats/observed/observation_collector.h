#pragma once

#include "core/formats/observed/observation_file.h"

#include <cstddef>
#include <cstdint>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace qbn {

/// Keeps the first observation_limit of different observations, in the order of their places in
/// the file.
class ObservationCollector
{
public:
    /// Takes an observation that may have been there; no more of these are known than count.
    void add(std::size_t place, const Observation& seen);

    /// Takes one that has not been there.
    void add_new(std::size_t place, const Observation& seen);

    LoadedObservations take();

private:
    void keep_first();

    std::size_t different_ = 0;
    std::vector<std::pair<std::size_t, Observation>> found_;
    std::set<std::tuple<int, std::int32_t, std::int32_t>> known_;
};

} // namespace qbn
