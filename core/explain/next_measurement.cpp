#include "core/explain/next_measurement.h"

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
    for (std::size_t i = 1; i < codes.size(); ++i) {
        if (codes[i] == codes[i - 1])
            continue;
        ++spread.distinct;
        spread.nearest = std::min(spread.nearest, codes[i] - codes[i - 1]);
    }
    return spread;
}

/// Observed channels first.
std::vector<int> channels_to_search(const BatchNormLayer& layer, const Diagnosis& diagnosis)
{
    std::set<int> observed;
    for (const ExplainedObservation& explained : diagnosis.observations)
        observed.insert(explained.observation.channel);
    std::vector<int> channels(observed.begin(), observed.end());
    for (int channel = 0; channel < layer.channels(); ++channel) {
        if (!observed.contains(channel))
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

    std::optional<NextMeasurement> best;
    Spread best_spread{.distinct = 1, .nearest = HUGE_VAL};
    const auto input_codes = static_cast<std::size_t>(layer.input.type.count());
    for (const int channel : channels_to_search(layer, diagnosis)) {
        if (stop.stop_requested())
            break;
        std::vector<std::vector<double>> tables;
        for (std::size_t k = 0; k < remaining; ++k)
            tables.push_back(codes(explanations[k], layer, channel));
        for (std::size_t i = 0; i < input_codes && remaining > 1; ++i) {
            std::vector<double> predicted(remaining);
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
