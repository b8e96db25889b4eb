#include "core/formats/observed/observation_collector.h"

#include <algorithm>

namespace qbn {

void ObservationCollector::add(std::size_t place, const Observation& seen)
{
    if (known_.size() < different_limit
        && known_.insert({seen.channel, seen.input_code, seen.output_code}).second)
        add_new(place, seen);
}

void ObservationCollector::add_new(std::size_t place, const Observation& seen)
{
    ++different_;
    found_.emplace_back(place, seen);
    if (found_.size() == 2 * observation_limit)
        keep_first();
}

void ObservationCollector::keep_first()
{
    std::sort(found_.begin(), found_.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    found_.resize(std::min(found_.size(), observation_limit));
}

LoadedObservations ObservationCollector::take()
{
    keep_first();
    LoadedObservations loaded;
    loaded.different = std::min(different_, different_limit);
    for (const auto& [place, seen] : found_)
        loaded.observations.push_back(seen);
    return loaded;
}

} // namespace qbn
