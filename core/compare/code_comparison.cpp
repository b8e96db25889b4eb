#include "core/compare/code_comparison.h"

#include "core/backends/bound_backend.h"
#include "core/compare/tie_map.h"
#include "core/parallel/shared_work.h"

#include <algorithm>
#include <array>
#include <utility>

namespace qbn {

namespace {

using Codes = std::vector<std::int32_t>;

/// For each backend the first that gives the same codes: most do.
std::vector<std::size_t> firsts_alike(const std::vector<Codes>& all)
{
    std::vector<std::size_t> firsts;
    for (std::size_t i = 0; i < all.size(); ++i)
        firsts.push_back(static_cast<std::size_t>(
            std::find(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(i), all[i])
            - all.begin()));
    return firsts;
}

/// Where two lists of codes differ, and by how much how often.
struct Differences
{
    std::vector<std::uint8_t> places;
    std::vector<std::pair<std::int32_t, std::int64_t>> counts; ///< second - first, how many codes
};

constexpr std::int32_t most_difference = 255; // of codes of 8 bits
/// How often two codes differ by how much, from -255 on.
using DifferenceCounts = std::array<std::int64_t, 2 * most_difference + 1>;

std::int64_t& count_of(DifferenceCounts& counts, std::int32_t difference)
{
    return counts[static_cast<std::size_t>(std::int64_t{difference} + most_difference)];
}

class DifferenceFinder
{
public:
    Differences find(const Codes& first, const Codes& second)
    {
        std::size_t differing = 0;
        for (std::size_t i = 0; i < first.size();
             ++i) { // without a jump, which nothing could foresee
            places_[differing] = static_cast<std::uint8_t>(i);
            differing += first[i] != second[i] ? 1 : 0;
        }
        const auto end = places_.begin() + static_cast<std::ptrdiff_t>(differing);
        Differences found{.places = {places_.begin(), end}, .counts = {}};
        for (const std::size_t i : found.places) {
            if (count_of(counts_, second[i] - first[i])++ == 0)
                found.counts.emplace_back(second[i] - first[i], 0);
        }
        for (auto& [difference, count] : found.counts)
            count = std::exchange(count_of(counts_, difference), 0);
        return found;
    }

private:
    std::array<std::uint8_t, 256> places_{};
    DifferenceCounts counts_{}; ///< 0 between calls
};

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
    }

    void add(int channel, const std::vector<Codes>& all, const std::vector<std::size_t>& firsts)
    {
        std::map<std::pair<std::size_t, std::size_t>, Differences> found;
        std::size_t pair = 0;
        for (std::size_t a = 0; a < all.size(); ++a) {
            for (std::size_t b = a + 1; b < all.size(); ++b, ++pair) {
                if (firsts[a] == firsts[b])
                    continue;
                const auto [place, is_new] = found.try_emplace({firsts[a], firsts[b]});
                if (is_new)
                    place->second = finder_.find(all[a], all[b]);
                add(pair, channel, place->second, all[a], all[b]);
            }
        }
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
    void add(std::size_t index, int channel, const Differences& found, const Codes& first,
             const Codes& second)
    {
        PairComparison& pair = pairs_[index];
        pair.differing += static_cast<std::int64_t>(found.places.size());
        for (const auto& [difference, count] : found.counts)
            count_of(counts_[index], difference) += count;
        const std::size_t room = std::min(places_ - pair.places.size(), found.places.size());
        for (const std::size_t i : std::span(found.places).first(room)) {
            const auto code = layer_.input.type.qmin() + static_cast<std::int32_t>(i);
            pair.places.push_back({channel, code, first[i], second[i]});
        }
    }

    const BatchNormLayer& layer_;
    std::size_t places_;
    std::vector<PairComparison> pairs_;
    std::vector<DifferenceCounts> counts_; ///< of each pair
    DifferenceFinder finder_;
};

ChannelComparison near_ties(const ChannelTieMap& map)
{
    ChannelComparison channel{.ties = map.ties};
    for (const CodeMargin& margin : map.codes) {
        channel.near += margin.near_tie() ? 1 : 0;
        channel.uncertain += margin.near && !margin.near_tie() ? 1 : 0;
    }
    return channel;
}

constexpr int least_channels = 64; // of a thread: a few milliseconds

/// Input codes on which not all backends agree.
std::int64_t differing_codes(const std::vector<Codes>& all, const std::vector<std::size_t>& firsts)
{
    std::vector<std::int32_t> bits(
        all.front().size()); // any of them on which one is not as the first
    for (std::size_t i = 1; i < all.size(); ++i) {
        for (std::size_t code = 0; firsts[i] == i && code < bits.size(); ++code)
            bits[code] |= all[i][code] ^ all[0][code];
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
    std::vector<Codes> all(backends.size());
    for (int channel = first_channel; channel < end_channel; ++channel) {
        std::transform(bound.begin(), bound.end(), all.begin(),
                       [channel](BoundBackend& backend) { return backend.codes(channel); });
        const std::vector<std::size_t> firsts = firsts_alike(all);
        pairs.add(channel, all, firsts);
        comparison.channels.push_back(near_ties(tie_map(*backends.front(), layer, channel)));
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
