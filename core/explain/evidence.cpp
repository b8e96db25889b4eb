#include "core/explain/evidence.h"

#include "core/explain/coincidence.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

namespace qbn {

Evidence::Evidence(std::span<const Observation> observations)
    : observations_(observations)
    , different_(observations.size())
{
    std::iota(different_.begin(), different_.end(), std::size_t{0});
    const auto key = [this](std::size_t i) {
        const Observation& seen = observations_[i];
        return std::tuple(seen.channel, seen.output_code, seen.input_code);
    };
    std::sort(different_.begin(), different_.end(),
              [&key](std::size_t a, std::size_t b) { return key(a) < key(b); });
    const auto end = std::unique(different_.begin(), different_.end(),
                                 [&key](std::size_t a, std::size_t b) { return key(a) == key(b); });
    different_.erase(end, different_.end());
}

double Evidence::chance(const std::function<bool(std::size_t)>& explains,
                        const std::function<double(const Observation&)>& share) const
{
    double product = 1;
    double sum = 0;
    std::size_t successes = 0;
    std::size_t tries = 0;
    for (auto first = different_.begin(); first != different_.end();) {
        const auto last = std::find_if_not(first, different_.end(),
                                           [&](std::size_t i) { return is_same_code(*first, i); });
        const auto count = static_cast<std::size_t>(last - first);
        const auto right = static_cast<std::size_t>(std::count_if(first, last, explains));
        const bool always = right == count;
        const Observation& seen = observations_[*std::exchange(first, last)];
        tries += always ? 1 : count;
        if (right == 0)
            continue;
        const std::size_t counted = always ? 1 : right;
        const double of_this = share(seen);
        successes += counted;
        product *= of_this;
        sum += of_this * static_cast<double>(counted);
    }
    return successes == tries
        ? product
        : chance_of_at_least(successes, tries, sum / static_cast<double>(successes));
}

bool Evidence::is_same_code(std::size_t a, std::size_t b) const
{
    return observations_[a].channel == observations_[b].channel
        && observations_[a].output_code == observations_[b].output_code;
}

} // namespace qbn
