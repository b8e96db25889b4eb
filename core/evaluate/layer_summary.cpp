#include "core/evaluate/layer_summary.h"

#include "core/backends/bound_backend.h"
#include "core/compare/tie_map.h"
#include "core/layer/same_bits.h"
#include "core/parallel/shared_work.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <mutex>
#include <numeric>

namespace qbn {

namespace {

/// Of two differences the one farther from 0.
std::int16_t farther(std::int16_t a, std::int32_t b)
{
    return std::abs(b) > std::abs(a) ? static_cast<std::int16_t>(b) : a;
}

/// The chosen backend first.
using Bound = std::vector<BoundBackend>;

Bound bound_to(const BatchNormLayer& layer, const Backend& chosen,
               const std::vector<const Backend*>& compared)
{
    Bound bound;
    bound.emplace_back(chosen, layer);
    for (const Backend* backend : compared)
        bound.emplace_back(*backend, layer);
    return bound;
}

ChannelCodes channel_codes(const BatchNormLayer& layer, int channel, Bound& bound)
{
    ChannelCodes result{.chosen = bound.front().requantize_all(channel),
                        .compared = {},
                        .ties = count_ties(layer, channel)};
    for (std::size_t i = 1; i < bound.size(); ++i)
        result.compared.push_back(bound[i].codes(channel));
    return result;
}

int sum_of(const LayerSummary& summary, int ChannelSummary::* count)
{
    return std::accumulate(
        summary.channels.begin(), summary.channels.end(), 0,
        [count](int sum, const auto& channel) { return sum + (*channel).*count; });
}

bool same_frame(const BatchNormLayer& a, const BatchNormLayer& b)
{
    return a.channels() == b.channels() && same_bits(a.input, b.input)
        && same_bits(a.output, b.output) && same_bits(a.intermediate, b.intermediate)
        && same_bits(a.eps, b.eps) && a.relu == b.relu;
}

bool same_channel(const BatchNormLayer& a, const BatchNormLayer& b, int channel)
{
    return same_bits(a.mean[channel], b.mean[channel]) && same_bits(a.var[channel], b.var[channel])
        && same_bits(a.gamma[channel], b.gamma[channel])
        && same_bits(a.beta[channel], b.beta[channel]);
}

/// Those that are in the previous summary as they would be in the next, ascending.
std::vector<int> channels_to_take(const BatchNormLayer& layer, const Backend& chosen,
                                  const std::vector<const Backend*>& compared, Bound& bound,
                                  const LayerSummary* previous)
{
    if (!previous || previous->chosen != &chosen || previous->compared != compared
        || !same_frame(*previous->layer, layer)
        || !std::all_of(bound.begin(), bound.end(), [&](BoundBackend& backend) {
               return backend.gathers_alike(*previous->layer);
           }))
        return {};
    std::vector<int> taken;
    const auto known = static_cast<int>(previous->channels.size());
    for (int channel = 0; channel < known; ++channel) {
        if (same_channel(*previous->layer, layer, channel))
            taken.push_back(channel);
    }
    return taken;
}

/// The channels of a summary that are not there yet.
class MissingChannels
{
public:
    MissingChannels(LayerSummary& summary, const SummaryRun& run)
        : summary_(summary)
        , run_(run)
    {
        for (std::size_t channel = 0; channel < summary.channels.size(); ++channel) {
            if (!summary.channels[channel])
                missing_.push_back(channel);
        }
        done_ = static_cast<int>(summary.channels.size() - missing_.size());
    }

    /// `first`: the backends, for one of the threads.
    void compute(Bound first)
    {
        spare_.push_back(std::move(first));
        const auto threads = std::min(parallel::threads_for(run_.threads),
                                      1 + static_cast<int>(missing_.size() / least_channels));
        const std::size_t parts = (missing_.size() + channels_at_once - 1) / channels_at_once;
        parallel::each(parts, threads, [this](std::size_t part) {
            Bound bound = take_bound();
            const std::size_t begin = part * channels_at_once;
            const std::size_t end = std::min(begin + channels_at_once, missing_.size());
            for (std::size_t i = begin; i < end && !run_.stop.stop_requested(); ++i)
                compute(missing_[i], bound);
            const std::scoped_lock lock(mutex_);
            spare_.push_back(std::move(bound));
        });
    }

private:
    static constexpr std::size_t least_channels = 64; // of a thread: takes as long as to start it
    static constexpr std::size_t channels_at_once = 32;

    void compute(std::size_t channel, Bound& bound)
    {
        const int index = static_cast<int>(channel);
        summary_.channels[channel] = std::make_shared<const ChannelSummary>(summarize_channel(
            *summary_.layer, index, channel_codes(*summary_.layer, index, bound)));
        if (!run_.progress)
            return;
        const std::scoped_lock lock(mutex_);
        run_.progress(++done_);
    }

    Bound take_bound()
    {
        {
            const std::scoped_lock lock(mutex_);
            if (!spare_.empty()) {
                Bound bound = std::move(spare_.back());
                spare_.pop_back();
                return bound;
            }
        }
        return bound_to(*summary_.layer, *summary_.chosen, summary_.compared);
    }

    LayerSummary& summary_;
    const SummaryRun& run_;
    std::vector<std::size_t> missing_;
    std::mutex mutex_;
    std::vector<Bound> spare_; ///< guarded, as is what follows
    int done_ = 0;
};

} // namespace

ChannelSummary summarize_channel(const BatchNormLayer& layer, int channel,
                                 const ChannelCodes& codes)
{
    ChannelSummary summary;
    std::array<bool, 256> used{};
    summary.differences.resize(codes.chosen.size());
    for (const std::vector<std::int32_t>& other : codes.compared) {
        for (std::size_t i = 0; i < codes.chosen.size(); ++i)
            summary.differences[i]
                = farther(summary.differences[i], other[i] - codes.chosen[i].output_code);
    }
    for (const Requantized& result : codes.chosen) {
        summary.saturated_low += result.saturation == Saturation::low ? 1 : 0;
        summary.saturated_high += result.saturation == Saturation::high ? 1 : 0;
        used[static_cast<std::size_t>(result.output_code - layer.output.type.qmin())] = true;
    }
    summary.used_codes = static_cast<int>(std::count(used.begin(), used.end(), true));
    summary.differing
        = static_cast<int>(std::count_if(summary.differences.begin(), summary.differences.end(),
                                         [](std::int16_t difference) { return difference != 0; }));
    summary.ties = codes.ties.ties;
    summary.near = codes.ties.near;
    summary.uncertain = codes.ties.uncertain;
    summary.findings = validate_channel(layer, channel);
    return summary;
}

int LayerSummary::ties() const
{
    return sum_of(*this, &ChannelSummary::ties);
}

int LayerSummary::uncertain() const
{
    return sum_of(*this, &ChannelSummary::uncertain);
}

int LayerSummary::near() const
{
    return sum_of(*this, &ChannelSummary::near);
}

int LayerSummary::differing() const
{
    return sum_of(*this, &ChannelSummary::differing);
}

int LayerSummary::difference_at(CodePlace place) const
{
    const CodeType type = layer->input.type;
    if (place.channel < 0 || place.channel >= layer->channels() || !type.contains(place.input_code))
        return 0;
    const ChannelSummary& channel = *channels[static_cast<std::size_t>(place.channel)];
    return channel.differences[static_cast<std::size_t>(place.input_code - type.qmin())];
}

std::optional<CodePlace> next_difference(const LayerSummary& summary, CodePlace from,
                                         Direction direction)
{
    const CodeType type = summary.layer->input.type;
    const int channels = summary.layer->channels();
    const int step = direction == Direction::forward ? 1 : -1;
    const std::int32_t first = step > 0 ? type.qmin() : type.qmax();
    const std::int32_t last = step > 0 ? type.qmax() : type.qmin();
    // The channel that it starts in comes again at the end, with its codes up to `from`.
    for (int i = 0; i <= channels; ++i) {
        const int channel = (from.channel + channels + step * (i % channels)) % channels;
        if (summary.channels[static_cast<std::size_t>(channel)]->differing == 0)
            continue;
        const std::int32_t begin = i == 0 ? from.input_code + step : first;
        const std::int32_t end = (i == channels ? from.input_code : last) + step;
        for (std::int32_t code = begin; code != end; code += step) {
            if (summary.difference_at({channel, code}) != 0)
                return CodePlace{channel, code};
        }
    }
    return std::nullopt;
}

std::optional<CodePlace> first_difference(const LayerSummary& summary)
{
    return next_difference(summary,
                           {summary.layer->channels() - 1, summary.layer->input.type.qmax()});
}

std::vector<BackendCode> codes_at(const LayerSummary& summary, CodePlace place)
{
    const auto code_of = [&](const Backend& backend) {
        return BackendCode{
            &backend,
            trace(backend, *summary.layer, place.channel, place.input_code).result.output_code};
    };
    std::vector<BackendCode> codes{code_of(*summary.chosen)};
    for (const Backend* backend : summary.compared)
        codes.push_back(code_of(*backend));
    return codes;
}

std::shared_ptr<const LayerSummary> summarize(const std::shared_ptr<const BatchNormLayer>& layer,
                                              const Backend& chosen,
                                              const std::vector<const Backend*>& compared,
                                              const SummaryRun& run)
{
    Bound bound = bound_to(*layer, chosen, compared);
    const std::vector<int> taken = channels_to_take(*layer, chosen, compared, bound, run.previous);
    if (layer->channels() - static_cast<int>(taken.size()) > run.most)
        return nullptr;
    auto summary = std::make_shared<LayerSummary>();
    summary->layer = layer;
    summary->chosen = &chosen;
    summary->compared = compared;
    summary->findings = validate_layer(*layer);
    summary->channels.resize(static_cast<std::size_t>(layer->channels()));
    for (const int channel : taken)
        summary->channels[static_cast<std::size_t>(channel)]
            = run.previous->channels[static_cast<std::size_t>(channel)];
    if (run.known.channel >= 0)
        summary->channels[static_cast<std::size_t>(run.known.channel)] = run.known.summary;
    MissingChannels(*summary, run).compute(std::move(bound));
    summary->channels.erase(std::find(summary->channels.begin(), summary->channels.end(), nullptr),
                            summary->channels.end());
    return summary;
}

} // namespace qbn
