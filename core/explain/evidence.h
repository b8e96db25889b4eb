#pragma once

#include "core/layer/observation.h"

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace qbn {

/// The different observations as tries in which an explanation succeeds or fails, by the model that
/// Explanation::coincidence tells.
class Evidence
{
public:
    /// The observations have to outlive it.
    explicit Evidence(std::span<const Observation> observations);

    /// How likely it is that an unrelated computation fits as well. `explains` says whether the
    /// explanation gives observation i; `share`, for how many of the channel's input codes it gives
    /// an observation's output code, 0 to 1. Observations of one channel are asked for in a row.
    double chance(const std::function<bool(std::size_t)>& explains,
                  const std::function<double(const Observation&)>& share) const;

private:
    bool is_same_code(std::size_t a, std::size_t b) const;

    std::span<const Observation> observations_;
    std::vector<std::size_t> different_; ///< indices, by channel and output code
};

} // namespace qbn
