#include "core/compare/code_comparison.h"

#include "core/backends/bound_backend.h"
#include "core/compare/tie_map.h"

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

ChannelComparison near_ties(const ChannelTieMap& map)
{
    ChannelComparison channel{.ties = map.ties};
    for (const CodeMargin& margin : map.codes) {
        channel.near += margin.near_tie() ? 1 : 0;
        channel.uncertain += margin.near && !margin.near_tie() ? 1 : 0;
    }
    return channel;
}

/// Input codes on which not all backends agree.
std::int64_t differing_codes(const std::vector<std::vector<std::int32_t>>& all)
{
    std::int64_t count = 0;
    for (std::size_t i = 0; i < all.front().size(); ++i)
        count += std::any_of(all.begin() + 1, all.end(),
                             [&](const auto& codes) { return codes[i] != all.front()[i]; })
            ? 1
            : 0;
    return count;
}

} // namespace

bool LayerComparison::differs() const
{
    return std::any_of(pairs.begin(), pairs.end(),
                       [](const PairComparison& pair) { return pair.differing > 0; });
}

ChannelComparison LayerComparison::all() const
{
    ChannelComparison sum;
    for (const ChannelComparison& channel : channels) {
        sum.differing += channel.differing;
        sum.ties += channel.ties;
        sum.near += channel.near;
        sum.uncertain += channel.uncertain;
    }
    return sum;
}

std::int64_t LayerComparison::certified_channels() const
{
    return std::count_if(channels.begin(), channels.end(),
                         [](const ChannelComparison& channel) { return channel.certified(); });
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
    std::vector<BoundBackend> bound;
    for (const Backend* backend : backends)
        bound.emplace_back(*backend, layer);
    std::vector<std::vector<std::int32_t>> all(backends.size());
    for (int channel = 0; channel < layer.channels(); ++channel) {
        std::transform(bound.begin(), bound.end(), all.begin(),
                       [channel](BoundBackend& backend) { return backend.codes(channel); });
        auto pair = comparison.pairs.begin();
        for (std::size_t a = 0; a < all.size(); ++a) {
            for (std::size_t b = a + 1; b < all.size(); ++b)
                add_channel(*pair++, layer, channel, all[a], all[b], places);
        }
        comparison.channels.push_back(near_ties(tie_map(*backends.front(), layer, channel)));
        comparison.channels.back().differing = differing_codes(all);
    }
    return comparison;
}

} // namespace qbn
