#include "core/compare/code_comparison.h"

#include "core/backends/bound_backend.h"
#include "core/compare/code_differences.h"
#include "core/compare/tie_map.h"
#include "core/parallel/shared_work.h"

#include <algorithm>
#include <array>
#include <utility>

namespace qbn {

namespace {

/// For each backend the first that gives the same codes: most do.
std::vector<std::size_t> firsts_alike(const std::vector<CodeBytes>& all)
{
    std::vector<std::size_t> firsts;
    for (std::size_t i = 0; i < all.size(); ++i)
        firsts.push_back(static_cast<std::size_t>(
            std::find(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(i), all[i])
            - all.begin()));
    return firsts;
}

/// The pairs of one layer, channel after channel.
class PairCounter
{
public:
    PairCounter(const BatchNormLayer& layer, std::span<const Backend* const> backends,
                std::size_t places)
        : layer_(layer)
        , places_(places)
    {
        for (std::size_t a = 0; a < backends.size(); ++a) {
            for (std::size_t b = a + 1; b < backends.size(); ++b)
                pairs_.push_back({.first = backends[a],
                                  .second = backends[b],
                                  .by_difference = {},
                                  .places = {}});
        }
        counts_.resize(pairs_.size());
        found_.resize(backends.size() * backends.size());
    }

    void add(int channel, const std::vector<CodeBytes>& all, const std::vector<std::size_t>& firsts)
    {
        std::size_t pair = 0;
        for (std::size_t a = 0; a < all.size(); ++a) {
            for (std::size_t b = a + 1; b < all.size(); ++b, ++pair) {
                if (firsts[a] == firsts[b])
                    continue;
                CodeDifferences& found = found_[firsts[a] * all.size() + firsts[b]];
                if (found.differing == 0) {
                    finder_.find(found, all[a], all[b], layer_.output.type.is_signed);
                    used_.push_back(&found);
                }
                add(pair, channel, found, all[a], all[b]);
            }
        }
        for (CodeDifferences* found : used_)
            found->differing = 0;
        used_.clear();
    }

    std::vector<PairComparison> take()
    {
        for (std::size_t pair = 0; pair < pairs_.size(); ++pair) {
            for (std::int32_t difference = -most_difference; difference <= most_difference;
                 ++difference) {
                if (const std::int64_t count = count_of(counts_[pair], difference))
                    pairs_[pair].by_difference[difference] = count;
            }
        }
        return std::move(pairs_);
    }

private:
    void add(std::size_t index, int channel, const CodeDifferences& found, const CodeBytes& first,
             const CodeBytes& second)
    {
        PairComparison& pair = pairs_[index];
        pair.differing += found.differing;
        for (const auto& [difference, count] : found.counts)
            count_of(counts_[index], difference) += count;
        for (std::int32_t i = 0; pair.places.size() < places_ && i < layer_.input.type.count();
             ++i) {
            const std::int32_t one = layer_.output.type.code_of(first[static_cast<std::size_t>(i)]);
            const std::int32_t other
                = layer_.output.type.code_of(second[static_cast<std::size_t>(i)]);
            if (one != other)
                pair.places.push_back({channel, layer_.input.type.qmin() + i, one, other});
        }
    }

    const BatchNormLayer& layer_;
    std::size_t places_;
    std::vector<PairComparison> pairs_;
    std::vector<DifferenceCounts> counts_; ///< of each pair
    std::vector<CodeDifferences> found_; ///< of a channel, by the firsts of both
    std::vector<CodeDifferences*> used_; ///< those of them that are not empty
    DifferenceFinder finder_;
};

constexpr int least_channels = 64; // of a thread: a few milliseconds

ChannelComparison ties_of(const BatchNormLayer& layer, int channel)
{
    const TieCounts counts = count_ties(layer, channel);
    return {.ties = counts.ties, .near = counts.near, .uncertain = counts.uncertain};
}

/// Input codes on which not all backends agree.
std::int64_t differing_codes(const std::vector<CodeBytes>& all,
                             const std::vector<std::size_t>& firsts)
{
    CodeBytes bits{}; // any of them on which one is not as the first
    for (std::size_t i = 1; i < all.size(); ++i) {
        for (std::size_t code = 0; firsts[i] == i && code < bits.size(); ++code)
            bits[code] |= static_cast<std::uint8_t>(all[i][code] ^ all[0][code]);
    }
    return static_cast<std::int64_t>(bits.size()) - std::count(bits.begin(), bits.end(), 0);
}

LayerComparison compare_channels(const BatchNormLayer& layer,
                                 std::span<const Backend* const> backends, std::size_t places,
                                 int first_channel, int end_channel)
{
    LayerComparison comparison;
    comparison.codes = std::int64_t{end_channel - first_channel} * layer.input.type.count();
    PairCounter pairs(layer, backends, places);
    std::vector<BoundBackend> bound;
    for (const Backend* backend : backends)
        bound.emplace_back(*backend, layer);
    std::vector<CodeBytes> all(backends.size());
    const auto count = static_cast<std::size_t>(layer.input.type.count());
    for (int channel = first_channel; channel < end_channel; ++channel) {
        for (std::size_t i = 0; i < bound.size(); ++i)
            bound[i].bytes(channel, std::span(all[i]).first(count));
        const std::vector<std::size_t> firsts = firsts_alike(all);
        pairs.add(channel, all, firsts);
        comparison.channels.push_back(ties_of(layer, channel));
        comparison.channels.back().differing = differing_codes(all, firsts);
    }
    comparison.pairs = pairs.take();
    return comparison;
}

/// What was found in the channels behind those of `all`.
void append(LayerComparison& all, const LayerComparison& part, std::size_t places)
{
    all.codes += part.codes;
    all.channels.insert(all.channels.end(), part.channels.begin(), part.channels.end());
    for (std::size_t i = 0; i < all.pairs.size(); ++i) {
        PairComparison& pair = all.pairs[i];
        const PairComparison& more = part.pairs[i];
        pair.differing += more.differing;
        for (const auto& [difference, count] : more.by_difference)
            pair.by_difference[difference] += count;
        const std::size_t room = std::min(places - pair.places.size(), more.places.size());
        pair.places.insert(pair.places.end(), more.places.begin(),
                           more.places.begin() + static_cast<std::ptrdiff_t>(room));
    }
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
                        std::size_t places, int threads)
{
    const auto wanted
        = std::min(parallel::threads_for(threads), 1 + layer.channels() / least_channels);
    std::vector<LayerComparison> parts(static_cast<std::size_t>(wanted));
    parallel::each(parts.size(), wanted, [&](std::size_t part) {
        const auto begin = [&](std::size_t i) {
            return static_cast<int>(i * static_cast<std::size_t>(layer.channels()) / parts.size());
        };
        parts[part] = compare_channels(layer, backends, places, begin(part), begin(part + 1));
    });
    LayerComparison all = std::move(parts.front());
    for (std::size_t part = 1; part < parts.size(); ++part)
        append(all, parts[part], places);
    return all;
}

} // namespace qbn
