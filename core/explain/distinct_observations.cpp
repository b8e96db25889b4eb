#include "core/explain/distinct_observations.h"

#include <algorithm>
#include <tuple>

namespace qbn {

std::vector<Distinct> distinct(std::span<const Observation> observations)
{
    const auto key = [](const Observation& seen) {
        return std::tuple(seen.channel, seen.input_code, seen.output_code);
    };
    std::vector<Observation> sorted(observations.begin(), observations.end());
    std::sort(sorted.begin(), sorted.end(),
              [&key](const Observation& a, const Observation& b) { return key(a) < key(b); });
    std::vector<Distinct> result;
    for (const Observation& seen : sorted) {
        if (result.empty() || !(result.back().seen == seen))
            result.push_back({.seen = seen});
        ++result.back().times;
    }
    return result;
}

} // namespace qbn
