#include "core/code_comparison.h"

#include "core/fixed_point.h"
#include "core/tie_map.h"

#include <algorithm>

namespace qbn {

namespace {

void add_channel(PairComparison& pair, const BatchNormLayer& layer, int channel,
                 const std::vector<std::int32_t>& first, const std::vector<std::int32_t>& second,
                 std::size_t places)
{
    for (std::size_t i = 0; i < first.size(); ++i) {
        if (first[i] == second[i])
            continue;
        ++pair.differing;
        ++pair.by_difference[second[i] - first[i]];
        if (pair.places.size() < places) {
            const auto code = layer.input.type.qmin() + static_cast<std::int32_t>(i);
            pair.places.push_back({channel, code, first[i], second[i]});
        }
    }
}

/// The fewest bits with which each channel agrees; not simply the most of the channels' fewest, as
/// a channel that agrees with n bits need not agree with n + 1.
std::optional<int> smallest_exact(const BatchNormLayer& layer,
                                  Arithmetic::Integer::Accumulator accumulator)
{
    std::vector<bool> exact(max_fraction_bits + 1, true);
    for (int channel = 0; channel < layer.channels(); ++channel) {
        const std::vector<bool> of_channel = exact_fraction_bits(layer, channel, accumulator);
        std::transform(exact.begin(), exact.end(), of_channel.begin(), exact.begin(),
                       std::logical_and<>());
    }
    const auto found = std::find(exact.begin() + min_fraction_bits, exact.end(), true);
    if (found == exact.end())
        return std::nullopt;
    return static_cast<int>(found - exact.begin());
}

} // namespace

bool LayerComparison::differs() const
{
    return std::any_of(pairs.begin(), pairs.end(),
                       [](const PairComparison& pair) { return pair.differing > 0; });
}

LayerComparison compare(const BatchNormLayer& layer, std::span<const Backend* const> backends,
                        std::size_t places)
{
    LayerComparison comparison;
    for (std::size_t a = 0; a < backends.size(); ++a) {
        for (std::size_t b = a + 1; b < backends.size(); ++b)
            comparison.pairs.push_back(
                {.first = backends[a], .second = backends[b], .by_difference = {}, .places = {}});
    }
    comparison.codes = std::int64_t{layer.channels()} * layer.input.type.count();
    std::vector<std::vector<std::int32_t>> all(backends.size());
    for (int channel = 0; channel < layer.channels(); ++channel) {
        std::transform(backends.begin(), backends.end(), all.begin(),
                       [&](const Backend* backend) { return codes(*backend, layer, channel); });
        auto pair = comparison.pairs.begin();
        for (std::size_t a = 0; a < all.size(); ++a) {
            for (std::size_t b = a + 1; b < all.size(); ++b)
                add_channel(*pair++, layer, channel, all[a], all[b], places);
        }
        const ChannelTieMap map = tie_map(*backends.front(), layer, channel);
        comparison.ties += map.ties;
        comparison.near += map.near;
        comparison.certified_channels += map.certified() ? 1 : 0;
    }
    return comparison;
}

FractionBits fraction_bits_for(const BatchNormLayer& layer,
                               Arithmetic::Integer::Accumulator accumulator)
{
    FractionBits bits;
    bits.largest_safe = max_fraction_bits;
    for (int channel = 0; channel < layer.channels(); ++channel) {
        const auto safe = largest_safe_fraction_bits(layer, channel);
        bits.largest_safe = safe && bits.largest_safe
            ? std::optional(std::min(*bits.largest_safe, *safe))
            : std::nullopt;
    }
    bits.smallest_exact = smallest_exact(layer, accumulator);
    return bits;
}

} // namespace qbn
