#include "core/explain/observed_codes.h"

#include <algorithm>

namespace qbn {

ObservedCodes::ObservedCodes(const BatchNormLayer& layer, const Backend& chosen,
                             std::span<const Observation> observations,
                             std::span<const Backend* const> also, const std::stop_token& stop)
    : layer_(layer)
    , chosen_(chosen)
{
    const auto add = [this](const Backend* added) {
        if (std::find(backends_.begin(), backends_.end(), added) == backends_.end())
            backends_.push_back(added);
    };
    for (const Backend& backend : all_backends())
        add(&backend);
    add(&chosen);
    std::for_each(also.begin(), also.end(), add);
    for (const Observation& observation : observations) {
        if (stop.stop_requested())
            return;
        if (!channels_.contains(observation.channel))
            channels_.emplace(observation.channel, tabulated(observation.channel));
    }
}

ObservedCodes::Channel ObservedCodes::tabulated(int channel) const
{
    Channel result;
    for (const Backend* backend : backends_)
        result.backends[backend] = codes(*backend, layer_, channel);
    result.textbook = codes({.recipe = find_recipe("batch-norm")}, layer_, channel);
    const bool rounded = is_rounded(layer_, channel);
    const RoundedCodes rounded_codes(layer_, channel);
    std::int32_t input_code = layer_.input.type.qmin();
    for (const std::int32_t code : result.backends.at(&chosen_)) {
        const CodeRange range = rounded ? rounded_codes.at(input_code++) : CodeRange{code, code};
        // A backend's own rounding may lead out of what mathematics gives.
        result.possible.push_back({std::min(range.lowest, code), std::max(range.highest, code)});
    }
    return result;
}

std::size_t ObservedCodes::index_of(std::int32_t input_code) const
{
    return static_cast<std::size_t>(input_code - layer_.input.type.qmin());
}

const std::vector<std::int32_t>& ObservedCodes::codes_of(const Backend& backend, int channel) const
{
    return channels_.at(channel).backends.at(&backend);
}

std::int32_t ObservedCodes::code_of(const Backend& backend, const Observation& observation) const
{
    return codes_of(backend, observation.channel)[index_of(observation.input_code)];
}

CodeRange ObservedCodes::possible_at(const Observation& observation) const
{
    return channels_.at(observation.channel).possible[index_of(observation.input_code)];
}

bool ObservedCodes::is_changed_by(const Explanation& explanation) const
{
    return std::any_of(channels_.begin(), channels_.end(), [&](const auto& entry) {
        return codes(explanation, layer_, entry.first) != entry.second.textbook;
    });
}

double ObservedCodes::possible_share(int channel, std::int32_t output_code) const
{
    const std::vector<CodeRange>& possible = channels_.at(channel).possible;
    const auto given
        = std::count_if(possible.begin(), possible.end(), [output_code](const CodeRange& range) {
              return range.contains(output_code);
          });
    return static_cast<double>(given) / static_cast<double>(possible.size());
}

} // namespace qbn
