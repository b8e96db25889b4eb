#include "core/activations/agreement.h"

#include "core/backends/bound_backend.h"

#include <algorithm>
#include <numeric>

namespace qbn {

namespace {

/// The pairs of one input code, from `begin` on.
std::span<const CodePair> of_one_input(std::span<const CodePair> pairs, std::size_t begin)
{
    std::size_t end = begin + 1;
    while (end < pairs.size() && pairs[end].input == pairs[begin].input)
        ++end;
    return pairs.subspan(begin, end - begin);
}

std::uint64_t elements_of(std::span<const CodePair> pairs)
{
    return std::accumulate(
        pairs.begin(), pairs.end(), std::uint64_t{0},
        [](std::uint64_t sum, const CodePair& pair) { return sum + pair.count; });
}

/// Calls `take(disagreement)` for each pair of a channel that is not the backend's.
template <typename Take>
void each_disagreement(std::span<const CodePair> pairs, const BatchNormLayer& layer, int channel,
                       std::span<const std::int32_t> codes, Take take)
{
    for (const CodePair& pair : pairs) {
        const std::int32_t expected
            = codes[static_cast<std::size_t>(pair.input - layer.input.type.qmin())];
        if (pair.output != expected)
            take(Disagreement{.channel = channel,
                              .input = pair.input,
                              .expected = expected,
                              .got = pair.output,
                              .count = pair.count,
                              .first = pair.first});
    }
}

/// Of one channel, added to the layer's.
void add_channel(BackendAgreement& sum, std::span<const CodePair> pairs,
                 const BatchNormLayer& layer, int channel, std::span<const std::int32_t> codes)
{
    std::uint64_t agreeing = 0;
    for (std::size_t begin = 0; begin < pairs.size();) {
        const auto same = of_one_input(pairs, begin);
        begin += same.size();
        const std::int32_t expected
            = codes[static_cast<std::size_t>(same.front().input - layer.input.type.qmin())];
        const auto found = std::find_if(same.begin(), same.end(), [expected](const CodePair& pair) {
            return pair.output == expected;
        });
        ++sum.codes;
        if (found == same.end())
            ++sum.never;
        else
            agreeing += found->count;
        sum.partly += found != same.end() && same.size() > 1 ? 1 : 0;
    }
    each_disagreement(pairs, layer, channel, codes, [&sum](const Disagreement& other) {
        if (!sum.first || other.first < sum.first->first)
            sum.first = other;
    });
    sum.channels.push_back(agreeing);
    sum.elements += elements_of(pairs);
    sum.agreeing += agreeing;
}

} // namespace

BackendAgreement agreement(const CodeCounts& counts, const BatchNormLayer& layer,
                           const Backend& backend)
{
    BackendAgreement result;
    result.backend = &backend;
    BoundBackend bound(backend, layer);
    double least = 1;
    for (int channel = 0; channel < layer.channels(); ++channel) {
        const auto pairs = counts.pairs_of(channel);
        add_channel(result, pairs, layer, channel, bound.codes(channel));
        const double share
            = static_cast<double>(result.channels.back()) / static_cast<double>(elements_of(pairs));
        if (share < least) { // not in a channel without an element
            least = share;
            result.worst_channel = channel;
        }
    }
    return result;
}

std::vector<BackendAgreement> agreements(const CodeCounts& counts, const BatchNormLayer& layer,
                                         const std::vector<const Backend*>& backends,
                                         const std::stop_token& stop)
{
    std::vector<BackendAgreement> result;
    for (const Backend* const backend : backends) {
        if (stop.stop_requested())
            break;
        result.push_back(agreement(counts, layer, *backend));
    }
    std::stable_sort(result.begin(), result.end(),
                     [](const BackendAgreement& a, const BackendAgreement& b) {
                         return a.agreeing > b.agreeing;
                     });
    return result;
}

std::vector<Disagreement> disagreements(const CodeCounts& counts, const BatchNormLayer& layer,
                                        const Backend& backend)
{
    std::vector<Disagreement> result;
    BoundBackend bound(backend, layer);
    for (int channel = 0; channel < layer.channels(); ++channel)
        each_disagreement(counts.pairs_of(channel), layer, channel, bound.codes(channel),
                          [&result](const Disagreement& other) { result.push_back(other); });
    return result;
}

std::optional<SeveralOutputs> several_outputs(const CodeCounts& counts)
{
    std::optional<SeveralOutputs> result;
    for (int channel = 0; channel < counts.layout.channels; ++channel) {
        const auto pairs = counts.pairs_of(channel);
        for (std::size_t begin = 0; begin < pairs.size();) {
            const auto same = of_one_input(pairs, begin);
            begin += same.size();
            if (same.size() == 1)
                continue;
            if (!result)
                result = SeveralOutputs{.codes = 0,
                                        .channel = channel,
                                        .input = same.front().input,
                                        .pairs = {same.begin(), same.end()}};
            ++result->codes;
        }
    }
    return result;
}

} // namespace qbn
