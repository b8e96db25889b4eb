#include "core/region/sought_region.h"

#include "core/text/text_number.h"

#include <algorithm>
#include <set>
#include <string>

namespace qbn {

namespace {

bool is_number(Field field)
{
    return field != Field::input_type && field != Field::output_type && field != Field::relu;
}

bool is_unknown(const Provenance& provenance)
{
    return provenance.origin == Origin::unknown;
}

/// Of any channel that was observed, or of any at all where nothing was.
bool is_placeholder(const BatchNormLayer& layer, Field field)
{
    const bool whole = is_unknown(layer.provenance.of(field));
    const auto& channels = layer.provenance.channels(field);
    if (channels.empty() || !is_per_channel(field))
        return whole;
    if (layer.observations.empty())
        return whole || std::any_of(channels.begin(), channels.end(), [](const auto& entry) {
                   return is_unknown(entry.second);
               });
    return std::any_of(
        layer.observations.begin(), layer.observations.end(),
        [&](const Observation& seen) { return is_placeholder(layer, field, seen.channel); });
}

bool covers_all(const UnknownPair& pair, const std::vector<Field>& fields)
{
    return std::all_of(fields.begin(), fields.end(),
                       [&pair](Field field) { return covers(pair, field); });
}

} // namespace

std::vector<int> observed_channels(const BatchNormLayer& layer)
{
    std::set<int> channels;
    for (const Observation& seen : layer.observations)
        channels.insert(seen.channel);
    return {channels.begin(), channels.end()};
}

std::vector<Field> placeholders(const BatchNormLayer& layer)
{
    std::vector<Field> fields;
    std::copy_if(
        all_fields.begin(), all_fields.end(), std::back_inserter(fields),
        [&layer](Field field) { return is_number(field) && is_placeholder(layer, field); });
    return fields;
}

bool is_placeholder(const BatchNormLayer& layer, Field field, int channel)
{
    return is_unknown(layer.provenance.of(field, is_per_channel(field) ? channel : -1));
}

UnknownPair default_unknowns(const BatchNormLayer& layer)
{
    const std::vector<Field> missing = placeholders(layer);
    // Slope and offset cover mean and beta too, but say less where only these are missing.
    for (const UnknownPair& pair : all_unknown_pairs()) {
        if (!pair.effective && covers_all(pair, missing))
            return pair;
    }
    return covers_all(slope_and_offset, missing) ? slope_and_offset : UnknownPair{};
}

Result<FeasibleRegion> sought_region(const BatchNormLayer& layer, int channel,
                                     const UnknownPair& unknowns)
{
    std::vector<Field> missing;
    std::copy_if(
        all_fields.begin(), all_fields.end(), std::back_inserter(missing),
        [&](Field field) { return is_number(field) && is_placeholder(layer, field, channel); });
    const auto hindrance = std::find_if(missing.begin(), missing.end(),
                                        [&](Field field) { return !covers(unknowns, field); });
    if (hindrance == missing.end())
        return feasible_region(layer, channel, layer.observations, unknowns);
    std::string reason = spaced_name(*hindrance) + " is missing: a region of " + names_of(unknowns)
        + " would stand on the placeholder " + format_number(value_of(layer, *hindrance, channel));
    if (covers_all(slope_and_offset, missing))
        reason += "; slope and offset need none";
    return Error{std::move(reason)};
}

} // namespace qbn
