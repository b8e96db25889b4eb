#pragma once

#include "core/layer/batch_norm.h"

#include <cstddef>
#include <span>
#include <vector>

namespace qbn {

/// An observation, and how often it was made.
struct Distinct
{
    Observation seen;
    std::size_t times = 0;
};

/// By channel, so that what a computation does once for a channel is done once.
std::vector<Distinct> distinct(std::span<const Observation> observations);

} // namespace qbn
