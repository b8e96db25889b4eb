#pragma once

#include "core/layer/batch_norm.h"
#include "core/paste/paste.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace qbn {

/// How a flat list holds several channels.
enum class FlatOrder : std::uint8_t
{
    none,
    pixels, ///< channel after channel
    planes, ///< all of a channel, then all of the next
};

/// Where the channel of an element stands.
struct ChannelRule
{
    std::optional<std::size_t> dimension; ///< none: all are in the one channel
    int channel = 0; ///< of the first entry along the dimension
    int step = 1; ///< channels from one entry to the next
    FlatOrder flat = FlatOrder::none;
};

/// Finds the channel of the elements of a printed pair (pasted_pairs.h); a part of read_pair().
class PixelChannels
{
public:
    PixelChannels(const PastedPair& pair, const BatchNormLayer& layer);

    /// Nothing where the text does not say it: then `missing` has a sentence.
    std::optional<ChannelRule> rule();
    /// Of an element, by its place among the printed numbers.
    std::int64_t channel_at(const ChannelRule& rule, std::size_t index) const;

    std::vector<std::string> assumed, missing; ///< sentences

private:
    const std::vector<PrintedIndex>& printed_index() const;
    bool is_one_index();
    std::vector<PrintedIndex> whole_index() const;
    std::optional<ChannelRule> behind_index(const std::vector<PrintedIndex>& index);
    std::optional<ChannelRule> behind_first(const PrintedIndex& first);
    std::optional<ChannelRule> in_range(std::size_t dimension, const PrintedIndex& range);
    std::optional<ChannelRule> along(std::size_t dimension);
    std::optional<ChannelRule> along_likely(std::initializer_list<std::size_t> dimensions);
    std::optional<ChannelRule> changed_shape();
    std::optional<ChannelRule> short_rule();
    std::optional<ChannelRule> flat_rule();
    std::nullopt_t other_channels(std::int64_t channels);
    std::nullopt_t not_said();
    bool is_last_the_channel();
    bool has_channels(std::size_t dimension) const;
    bool is_many_channels_flat() const;
    template <typename ChannelOf> bool is_monotone(ChannelOf channel_of) const;
    bool is_monotone_along(std::size_t dimension) const;

    const PastedPair& pair_;
    const BatchNormLayer& layer_;
    const PrintedValue& shape_; // the one that was printed farther
};

} // namespace qbn
