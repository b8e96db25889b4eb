#include "core/compare/decisive_roundings.h"

#include "core/formula/trial.h"

#include <algorithm>
#include <array>

namespace qbn {

std::vector<RoundingSet> decisive_roundings(const Backend& backend, const BatchNormLayer& layer,
                                            int channel, std::int32_t input_code,
                                            std::int32_t wanted_code)
{
    formula::BoundFormula bound(backend.program, layer);
    bound.run(channel);
    formula::Trial trial(bound, layer, channel,
                         static_cast<std::size_t>(input_code - layer.input.type.qmin()));
    const std::vector<int>& roundings = trial.roundings();
    if (trial.code_without(roundings) != wanted_code)
        return {};
    std::vector<RoundingSet> sets;
    const auto try_out = [&](std::span<const int> left_out) {
        if (trial.code_without(left_out) != wanted_code)
            return;
        RoundingSet names;
        for (const int instruction : left_out)
            names.push_back(trial.name_of(instruction));
        if (std::find(sets.begin(), sets.end(), names) == sets.end())
            sets.push_back(names);
    };
    for (const int one : roundings)
        try_out(std::array{one});
    if (!sets.empty())
        return sets;
    for (std::size_t i = 0; i < roundings.size(); ++i) {
        for (std::size_t k = i + 1; k < roundings.size(); ++k)
            try_out(std::array{roundings[i], roundings[k]});
    }
    return sets;
}

} // namespace qbn
