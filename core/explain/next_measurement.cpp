#include "core/explain/next_measurement.h"

#include "core/explain/equal_channels.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

namespace qbn {

namespace {

struct Spread
{
    int distinct = 0;
    double nearest = 0; ///< the smallest distance between two different codes

    auto key() const { return std::tuple(distinct, nearest); }
};

/// NaN counts as one number beyond the infinities.
Spread spread_of(std::vector<double> codes)
{
    constexpr double far = 1e18;
    for (double& code : codes)
        code = std::isnan(code) ? 2 * far : std::clamp(code, -far, far);
    std::sort(codes.begin(), codes.end());
    Spread spread{.distinct = 1, .nearest = 4 * far};
    for (auto code = codes.begin() + 1; code < codes.end(); ++code) {
        if (*code == *(code - 1))
            continue;
        ++spread.distinct;
        spread.nearest = std::min(spread.nearest, *code - *(code - 1));
    }
    return spread;
}

/// Whether the channel before says the same: the last eight may be computed in another lane.
bool repeats(const BatchNormLayer& layer, int channel)
{
    constexpr int lanes = 8;
    return channel > 0 && channel < layer.channels() - lanes
        && has_equal_parameters(layer, channel - 1, channel);
}

/// Observed channels first.
std::vector<int> channels_to_search(const BatchNormLayer& layer, const Diagnosis& diagnosis)
{
    std::set<int> observed;
    for (const ExplainedObservation& explained : diagnosis.observations)
        observed.insert(explained.observation.channel);
    std::vector<int> channels(observed.begin(), observed.end());
    channels.resize(std::min(channels.size(), searched_channels_limit));
    for (int channel = 0; channel < layer.channels() && channels.size() < searched_channels_limit;
         ++channel) {
        if (!observed.contains(channel) && !repeats(layer, channel))
            channels.push_back(channel);
    }
    return channels;
}

} // namespace

std::optional<NextMeasurement> next_measurement(const BatchNormLayer& layer,
                                                const Diagnosis& diagnosis,
                                                const std::stop_token& stop)
{
    const auto& explanations = diagnosis.explanations;
    std::size_t remaining = 0;
    while (remaining < std::min(remaining_limit, explanations.size())
           && explanations[remaining].explains_all())
        ++remaining;

    if (remaining < 2)
        return std::nullopt;

    std::optional<NextMeasurement> best;
    Spread best_spread{.distinct = 1, .nearest = HUGE_VAL};
    const auto input_codes = static_cast<std::size_t>(layer.input.type.count());
    std::vector<double> predicted(remaining);
    for (const int channel : channels_to_search(layer, diagnosis)) {
        if (stop.stop_requested())
            break;
        std::vector<std::vector<double>> tables;
        for (std::size_t k = 0; k < remaining; ++k)
            tables.push_back(codes(explanations[k], layer, channel));
        for (std::size_t i = 0; i < input_codes; ++i) {
            for (std::size_t k = 0; k < remaining; ++k)
                predicted[k] = tables[k][i];
            const Spread spread = spread_of(predicted);
            if (spread.key() <= best_spread.key())
                continue;
            best_spread = spread;
            best = NextMeasurement{
                .channel = channel,
                .input_code = layer.input.type.qmin() + static_cast<std::int32_t>(i),
                .predictions = {},
                .distinct = spread.distinct,
            };
            for (std::size_t k = 0; k < remaining; ++k)
                best->predictions.push_back({k, predicted[k]});
        }
    }
    return best;
}

} // namespace qbn
