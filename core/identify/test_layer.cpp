#include "core/identify/test_layer.h"

#include "core/backends/bound_backend.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <string>

namespace qbn {

namespace {

constexpr int layers_tried = 48;
constexpr int channels_tried = 32;

/// The codes of each candidate, channel after channel.
std::vector<std::vector<std::vector<std::int32_t>>> codes_of(const BatchNormLayer& layer,
                                                             std::span<const Candidate> candidates)
{
    std::vector<std::vector<std::vector<std::int32_t>>> all;
    for (const Candidate& candidate : candidates) {
        Backend own;
        own.program = candidate.program;
        BoundBackend bound(candidate.backend ? *candidate.backend : own, layer);
        auto& codes = all.emplace_back();
        for (int channel = 0; channel < layer.channels(); ++channel)
            codes.push_back(bound.codes(channel));
    }
    return all;
}

/// Candidates by their codes in some channels.
std::vector<std::vector<std::size_t>> groups_of(
    const std::vector<std::vector<std::vector<std::int32_t>>>& codes, std::span<const int> channels)
{
    std::map<std::vector<std::int32_t>, std::vector<std::size_t>> by_codes;
    for (std::size_t i = 0; i < codes.size(); ++i) {
        std::vector<std::int32_t> key;
        for (const int channel : channels)
            key.insert(key.end(), codes[i][static_cast<std::size_t>(channel)].begin(),
                       codes[i][static_cast<std::size_t>(channel)].end());
        by_codes[key].push_back(i);
    }
    std::vector<std::vector<std::size_t>> groups;
    for (auto& [key, members] : by_codes)
        groups.push_back(std::move(members));
    std::stable_sort(groups.begin(), groups.end(),
                     [](const auto& a, const auto& b) { return a.size() < b.size(); });
    return groups;
}

/// Makes layers whose codes lie at or near ties.
class LayerMaker
{
public:
    explicit LayerMaker(const BatchNormLayer& like)
        : like_(like)
    { }

    BatchNormLayer layer(int index)
    {
        BatchNormLayer made = identity_layer("test layer", channels_tried);
        made.input = like_.input;
        made.output = like_.output;
        made.relu = like_.relu;
        made.eps = like_.eps;
        made.provenance.set_all({.origin = Origin::typed, .note = "made to tell formulas apart"});
        // As it is, with powers of two where halves are exact, with any scales.
        if (index % 3 == 1) {
            made.input.scale = std::ldexp(1.0, -within(2, 7));
            made.output.scale = std::ldexp(1.0, -within(2, 7));
        } else if (index % 3 == 2) {
            made.input.scale = narrow(real(0.001, 0.1));
            made.output.scale = narrow(real(0.001, 0.1));
        }
        if (index >= 3) {
            made.input.zero_point = within(made.input.type.qmin(), made.input.type.qmax());
            made.output.zero_point = within(made.output.type.qmin(), made.output.type.qmax());
        }
        for (std::size_t i = 0; i < channels_tried; ++i)
            fill(made, i);
        return made;
    }

private:
    int within(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
    double real(double low, double high)
    {
        return std::uniform_real_distribution<double>(low, high)(random_);
    }
    static double narrow(double value) { return static_cast<double>(static_cast<float>(value)); }

    /// A slope of a few halves, or any; an offset with which an input code meets a half.
    void fill(BatchNormLayer& made, std::size_t channel)
    {
        const double steps
            = channel % 2 == 0 ? within(1, 31) / std::ldexp(1.0, within(1, 4)) : real(0.05, 3);
        const double slope
            = (within(0, 3) == 0 ? -steps : steps) * made.output.scale / made.input.scale;
        const bool is_plain = channel % 4 == 0;
        const double var = is_plain ? narrow(1 - made.eps) : narrow(real(0.1, 4));
        const double mean = is_plain ? 0 : narrow(real(-1, 1));
        const double std_dev = std::sqrt(var + made.eps);
        const double gamma = narrow(slope * std_dev);
        const double real_input = made.input.scale
            * (within(made.input.type.qmin(), made.input.type.qmax()) - made.input.zero_point);
        const double half = (within(-40, 40) + 0.5) * made.output.scale;
        made.var[channel] = var;
        made.mean[channel] = mean;
        made.gamma[channel] = gamma;
        made.beta[channel] = narrow(half - gamma * (real_input - mean) / std_dev);
    }

    const BatchNormLayer& like_;
    std::mt19937 random_{20240229};
};

BatchNormLayer with_channels(const BatchNormLayer& layer, std::span<const int> channels)
{
    BatchNormLayer fewer = layer;
    for (std::vector<double> BatchNormLayer::* const values :
         {&BatchNormLayer::mean, &BatchNormLayer::var, &BatchNormLayer::gamma,
          &BatchNormLayer::beta}) {
        (fewer.*values).clear();
        for (const int channel : channels)
            (fewer.*values).push_back((layer.*values)[static_cast<std::size_t>(channel)]);
    }
    return fewer;
}

std::vector<int> all_channels(const BatchNormLayer& layer)
{
    std::vector<int> channels;
    for (int i = 0; i < layer.channels(); ++i)
        channels.push_back(i);
    return channels;
}

/// Leaves out channels that part nothing, if the formulas still part without them: for some the place of a channel matters.
void trim(TestLayer& test, std::span<const Candidate> candidates)
{
    const auto codes = codes_of(test.layer, candidates);
    std::vector<int> kept;
    std::size_t groups = 1;
    for (int channel = 0; channel < test.layer.channels(); ++channel) {
        kept.push_back(channel);
        const std::size_t now = groups_of(codes, kept).size();
        if (now == groups)
            kept.pop_back();
        groups = std::max(now, groups);
    }
    if (kept.empty())
        return;
    BatchNormLayer fewer = with_channels(test.layer, kept);
    auto fewer_groups = groups_of(codes_of(fewer, candidates), all_channels(fewer));
    if (fewer_groups.size() < test.groups.size())
        return;
    test.layer = std::move(fewer);
    test.groups = std::move(fewer_groups);
}

} // namespace

TestLayer make_test_layer(const BatchNormLayer& like, std::span<const Candidate> candidates,
                          const std::stop_token& stop)
{
    LayerMaker maker(like);
    TestLayer best;
    for (int i = 0;
         i < layers_tried && !stop.stop_requested() && best.groups.size() < candidates.size();
         ++i) {
        BatchNormLayer layer = maker.layer(i);
        auto groups = groups_of(codes_of(layer, candidates), all_channels(layer));
        best.tried += layer.channels();
        if (groups.size() > best.groups.size()) {
            best.layer = std::move(layer);
            best.groups = std::move(groups);
        }
    }
    trim(best, candidates);
    return best;
}

std::size_t TestLayer::candidates() const
{
    std::size_t count = 0;
    for (const std::vector<std::size_t>& group : groups)
        count += group.size();
    return count;
}

namespace {

std::vector<Candidate> told_apart(const Identification& found)
{
    constexpr std::size_t most = 24;
    std::vector<Candidate> candidates;
    const std::size_t complete = found.complete();
    for (std::size_t i = 0; i < std::min(complete, most); ++i)
        candidates.push_back(found.classes[i].members.front());
    for (std::size_t member = 1; candidates.size() < most; ++member) {
        bool any = false;
        for (std::size_t i = 0; i < complete && candidates.size() < most; ++i) {
            if (member < found.classes[i].members.size()) {
                candidates.push_back(found.classes[i].members[member]);
                any = true;
            }
        }
        if (!any)
            break;
    }
    return candidates;
}

} // namespace

std::optional<TestLayer> telling_layer(const BatchNormLayer& like, const Identification& found,
                                       const std::stop_token& stop)
{
    const std::vector<Candidate> candidates = told_apart(found);
    if (candidates.size() < 2)
        return std::nullopt;
    return make_test_layer(like, candidates, stop);
}

} // namespace qbn
