#pragma once

#include "core/backends/backend.h"
#include "core/compare/tie_map.h"
#include "core/evaluate/findings.h"

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace qbn {

/// One channel of a layer, by the chosen backend.
struct ChannelSummary
{
    int saturated_low = 0;
    int saturated_high = 0;
    int used_codes = 0; ///< different output codes
    int differing = 0; ///< input codes on which a compared backend differs from the chosen one
    int ties = 0; ///< see ChannelTieMap
    int near = 0; ///< near ties, see CodeMargin
    int uncertain = 0; ///< codes of which nothing can be said, as parameters are too extreme
    /// For each input code, of what the compared backends give less what the chosen one gives, the
    /// one farthest from 0.
    std::vector<std::int16_t> differences;
    std::vector<Finding> findings;
};

/// One code of one channel.
struct CodePlace
{
    int channel = 0;
    std::int32_t input_code = 0;

    bool operator==(const CodePlace&) const = default;
};

/// A whole layer. Costs the codes of all backends on all channels.
struct LayerSummary
{
    std::shared_ptr<const BatchNormLayer> layer; ///< what it was computed from
    const Backend* chosen = nullptr;
    std::vector<const Backend*> compared;
    std::vector<Finding> findings; ///< of the layer itself
    /// Of each channel; summaries share those that are alike. Fewer than C where a stop was requested.
    std::vector<std::shared_ptr<const ChannelSummary>> channels;

    bool is_complete() const { return static_cast<int>(channels.size()) == layer->channels(); }
    int ties() const;
    int near() const;
    int uncertain() const;
    int differing() const;
    /// See ChannelSummary::differences; 0 outside of the layer.
    int difference_at(CodePlace place) const;
};

enum class Direction : std::uint8_t
{
    forward,
    backward
};

/// The next place on which a compared backend differs, code by code and channel by channel, around
/// the end of the layer and back to `from` at last. Nothing if there is none. Requires: `from` lies
/// in the layer.
std::optional<CodePlace> next_difference(const LayerSummary& summary, CodePlace from,
                                         Direction direction = Direction::forward);
std::optional<CodePlace> first_difference(const LayerSummary& summary);

struct BackendCode
{
    const Backend* backend = nullptr;
    std::int32_t output_code = 0;
};

/// What the chosen backend (first) and the compared ones give there.
std::vector<BackendCode> codes_at(const LayerSummary& summary, CodePlace place);

/// All codes of one channel, from which its summary follows without another evaluation of a
/// backend.
struct ChannelCodes
{
    std::vector<Requantized> chosen; ///< index i is input code qmin + i, here and below
    std::vector<std::vector<std::int32_t>> compared;
    TieCounts ties;
};

ChannelSummary summarize_channel(const BatchNormLayer& layer, int channel,
                                 const ChannelCodes& codes);

/// The channel that somebody has summarized already.
struct KnownChannel
{
    int channel = -1;
    std::shared_ptr<const ChannelSummary> summary = {};
};

struct SummaryRun
{
    const LayerSummary* previous
        = nullptr; ///< channels that cannot have changed since are taken over; may be one that was stopped
    KnownChannel known = {}; ///< stands as it is
    int most = std::numeric_limits<int>::max(); ///< channels to be computed; null if it were more
    std::stop_token stop = {};
    std::function<void(int)> progress
        = {}; ///< told how many channels are done: rising, by one thread at a time, but by any of them
    int threads = 0; ///< share the channels, 0: as many as the machine has
};

/// A channel is as in the previous summary if the layer's own parameters and its own are the same, and what backends gather from all
/// channels. When a stop is requested it returns within one channel's time, with the channels up to the first that is not done.
std::shared_ptr<const LayerSummary> summarize(const std::shared_ptr<const BatchNormLayer>& layer,
                                              const Backend& chosen,
                                              const std::vector<const Backend*>& compared,
                                              const SummaryRun& run = {});

} // namespace qbn
