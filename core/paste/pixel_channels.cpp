#include "core/paste/pixel_channels.h"

#include "core/paste/pasted_pairs.h"
#include "core/paste/print_labels.h"
#include "core/text/sentence.h"

#include <algorithm>
#include <map>
#include <utility>

namespace qbn {

namespace {

using Index = PrintedIndex::Kind;

bool is_whole(const PrintedIndex& entry)
{
    return entry.kind == Index::range && entry.first == 0 && entry.step == 1;
}

} // namespace

PixelChannels::PixelChannels(const PastedPair& pair, const BatchNormLayer& layer)
    : pair_(pair)
    , layer_(layer)
    , shape_(pair.input.value.numbers.size() >= pair.output.value.numbers.size()
                 ? pair.input.value
                 : pair.output.value)
{ }

std::optional<ChannelRule> PixelChannels::rule()
{
    const std::size_t dimensions = shape_.dimensions.size();
    if (!is_one_index())
        return std::nullopt;
    const std::vector<PrintedIndex> index = whole_index();
    const bool is_container
        = index.size() == 1 && dimensions == 4 && index.front().kind == Index::one;
    if (index.size() >= 2)
        return behind_index(index);
    if (index.size() == 1 && index.front().kind != Index::range && !is_container)
        return behind_first(index.front());
    if (changes_shape(shape_.label.text) && layer_.channels() > 1)
        return changed_shape();
    if (dimensions == 4 && is_last_the_channel())
        return along(dimensions - 1);
    if (is_container) // input[0] of a tuple, x[0] of five dimensions
        return along_likely({1, 0});
    return dimensions >= 4 ? along(1) : short_rule();
}

const std::vector<PrintedIndex>& PixelChannels::printed_index() const
{
    const auto& input = pair_.input.value.label.index;
    const auto& output = pair_.output.value.label.index;
    const auto& own = &shape_ == &pair_.input.value ? input : output;
    return !own.empty() ? own : input.empty() ? output : input;
}

// x[0, 0] and y[0, 1] are no pair.
bool PixelChannels::is_one_index()
{
    const auto& input = pair_.input.value.label.index;
    const auto& output = pair_.output.value.label.index;
    const bool is_one = input.empty() || output.empty() || input == output;
    if (!is_one)
        missing.push_back("the indices in " + lines_of(pair_)
                          + " differ: no observation is made of them");
    return is_one;
}

// [..., 0] of a tensor that leaves two dimensions is [:, :, 0].
std::vector<PrintedIndex> PixelChannels::whole_index() const
{
    std::vector<PrintedIndex> index = printed_index();
    const auto rest = std::find_if(index.begin(), index.end(), [](const PrintedIndex& entry) {
        return entry.kind == Index::rest;
    });
    if (rest == index.end())
        return index;
    const auto ranges = static_cast<std::size_t>(
        std::count_if(index.begin(), index.end(),
                      [](const PrintedIndex& entry) { return entry.kind == Index::range; }));
    const std::size_t count = shape_.dimensions.size() - std::min(shape_.dimensions.size(), ranges);
    const auto at = index.erase(rest);
    index.insert(at, count, {.kind = Index::range});
    return index;
}

std::optional<ChannelRule> PixelChannels::behind_index(const std::vector<PrintedIndex>& index)
{
    const PrintedIndex& image = index[0];
    const PrintedIndex& channel = index[1];
    const int channels = layer_.channels();
    if (channel.kind == Index::one) {
        const int at = channel.first < 0 ? channel.first + channels : channel.first;
        return at >= 0 && at < channels ? std::optional(ChannelRule{.channel = at})
                                        : other_channels(at + std::int64_t{1});
    }
    if (channel.kind == Index::unclear || image.kind == Index::unclear)
        return not_said();
    const std::size_t dimensions = shape_.dimensions.size();
    const std::size_t dimension = image.kind == Index::range ? 1 : 0;
    return dimension < dimensions ? in_range(dimension, channel) : not_said();
}

// x[0] leaves out the images; of what is flat it leaves one element.
std::optional<ChannelRule> PixelChannels::behind_first(const PrintedIndex& first)
{
    if (first.kind == Index::unclear || shape_.dimensions.empty())
        return not_said();
    if (shape_.dimensions.size() == 1 && changes_shape(shape_.label.text))
        return changed_shape();
    if (has_channels(0) || !has_channels(1))
        return along_likely({0, 1});
    return short_rule();
}

std::optional<ChannelRule> PixelChannels::in_range(std::size_t dimension, const PrintedIndex& range)
{
    if (is_whole(range))
        return along(dimension);
    if (range.step < 1)
        return not_said();
    const int channels = layer_.channels();
    const int first = range.first < 0 ? range.first + channels : range.first;
    // Whoever cut at ":1" left out channels behind it.
    const std::int64_t last = first + (printed_extent(shape_, dimension) - 1) * range.step;
    if (first < 0 || last >= channels)
        return other_channels(last + 1);
    return ChannelRule{.dimension = dimension, .channel = first, .step = range.step};
}

// NHWC: only the last dimension is long enough, or both are and the framework has it so.
bool PixelChannels::is_last_the_channel()
{
    const bool is_first_fit = printed_extent(shape_, 1) == layer_.channels();
    const bool is_last_fit = printed_extent(shape_, 3) == layer_.channels();
    const bool is_last
        = is_last_fit && (!is_first_fit || pair_.is_channels_last) && !shape_.cut_off;
    if (is_last)
        assumed.push_back("the last dimension is the channel in " + lines_of(pair_)
                          + ", as in NHWC");
    return is_last;
}

std::optional<ChannelRule> PixelChannels::along(std::size_t dimension)
{
    const std::int64_t channels = printed_extent(shape_, dimension);
    const bool fits
        = channels == layer_.channels() || (shape_.cut_off && channels < layer_.channels());
    return fits ? std::optional(ChannelRule{.dimension = dimension}) : other_channels(channels);
}

// The first one, unless only another one is long enough, or only along that one does the output
// never turn with the input.
std::optional<ChannelRule> PixelChannels::along_likely(
    std::initializer_list<std::size_t> dimensions)
{
    for (const std::size_t dimension : dimensions) {
        if (has_channels(dimension) && is_monotone_along(dimension))
            return ChannelRule{.dimension = dimension};
    }
    return along(*dimensions.begin());
}

// flatten() of PyTorch and NumPy writes planes; behind permute() and squeeze() any dimension may be
// the channel.
std::optional<ChannelRule> PixelChannels::changed_shape()
{
    const std::size_t dimensions = shape_.dimensions.size();
    if (dimensions == 1 && is_many_channels_flat()) {
        const std::size_t size
            = shape_.numbers.size() / static_cast<std::size_t>(layer_.channels());
        const bool are_planes = is_monotone([size](std::size_t i) { return i / size; });
        return are_planes ? std::optional(ChannelRule{.flat = FlatOrder::planes}) : not_said();
    }
    std::optional<ChannelRule> found;
    for (std::size_t dimension = 0; dimension < dimensions; ++dimension) {
        if (!has_channels(dimension) || !is_monotone_along(dimension))
            continue;
        if (found)
            return not_said();
        found = ChannelRule{.dimension = dimension};
    }
    return found ? found : not_said();
}

std::nullopt_t PixelChannels::other_channels(std::int64_t channels)
{
    const auto printed = static_cast<std::size_t>(std::max<std::int64_t>(channels, 0));
    missing.push_back("the layer of " + counted(printed, "channel") + " to which " + lines_of(pair_)
                      + " belong: this one has " + std::to_string(layer_.channels()));
    return std::nullopt;
}

std::nullopt_t PixelChannels::not_said()
{
    missing.push_back("the channel of the values in " + lines_of(pair_)
                      + ": the text does not say it");
    return std::nullopt;
}

// Fewer than four dimensions and no index.
std::optional<ChannelRule> PixelChannels::short_rule()
{
    const std::size_t dimensions = shape_.dimensions.size();
    const bool is_turned
        = has_channels(1) && has_channels(0) && !is_monotone_along(1) && is_monotone_along(0);
    for (const std::size_t dimension : {std::size_t{1}, std::size_t{0}}) {
        if (!has_channels(dimension) || (dimension == 1 && is_turned))
            continue;
        if (dimensions > 1)
            assumed.push_back("dimension " + std::to_string(dimension) + " of "
                              + std::to_string(dimensions) + " is the channel in "
                              + lines_of(pair_));
        return ChannelRule{.dimension = dimension};
    }
    const bool is_one_channel = is_monotone([](std::size_t) { return 0; });
    if (dimensions == 1 && is_many_channels_flat() && !is_one_channel)
        return flat_rule();
    if (layer_.channels() > 1)
        assumed.push_back("the values in " + lines_of(pair_)
                          + " do not say their channel: 0 is taken");
    return ChannelRule{};
}

bool PixelChannels::has_channels(std::size_t dimension) const
{
    return dimension < shape_.dimensions.size() && layer_.channels() > 1
        && printed_extent(shape_, dimension) == layer_.channels();
}

bool PixelChannels::is_many_channels_flat() const
{
    const auto count = static_cast<std::int64_t>(shape_.numbers.size());
    return layer_.channels() > 1 && count > layer_.channels() && count % layer_.channels() == 0
        && !shape_.cut_off;
}

// x and y of one list, its channels as pixels (NHWC) or planes (NCHW): in a channel the output
// never turns with the input.
std::optional<ChannelRule> PixelChannels::flat_rule()
{
    const auto channels = static_cast<std::size_t>(layer_.channels());
    const std::size_t count = shape_.numbers.size();
    const bool as_pixels = is_monotone([&](std::size_t i) { return i % channels; });
    const bool as_planes = is_monotone([&](std::size_t i) { return i / (count / channels); });
    if (as_pixels == as_planes && !pair_.is_channels_last)
        return not_said();
    const bool are_pixels = as_pixels != as_planes ? as_pixels : true;
    assumed.push_back(std::string("the list in ") + lines_of(pair_) + " holds "
                      + (are_pixels ? "pixels of " : "planes of ") + counted(channels, "channel")
                      + (as_pixels != as_planes
                             ? ": only so does the output never turn with the input"
                             : ": as in NHWC"));
    return ChannelRule{.flat = are_pixels ? FlatOrder::pixels : FlatOrder::planes};
}

template <typename ChannelOf> bool PixelChannels::is_monotone(ChannelOf channel_of) const
{
    std::map<std::size_t, std::vector<std::pair<double, double>>> channels;
    const auto& x = pair_.input.value.numbers;
    const auto& y = pair_.output.value.numbers;
    for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i)
        channels[static_cast<std::size_t>(channel_of(i))].emplace_back(x[i].value, y[i].value);
    return std::all_of(channels.begin(), channels.end(), [](auto& entry) {
        auto& points = entry.second;
        std::sort(points.begin(), points.end());
        const auto by_output = [](const auto& a, const auto& b) { return a.second < b.second; };
        return std::is_sorted(points.begin(), points.end(), by_output)
            || std::is_sorted(points.rbegin(), points.rend(), by_output);
    });
}

bool PixelChannels::is_monotone_along(std::size_t dimension) const
{
    return is_monotone(
        [&](std::size_t i) { return shape_.index_of(i, dimension, layer_.channels()); });
}

std::int64_t PixelChannels::channel_at(const ChannelRule& rule, std::size_t index) const
{
    const auto channels = static_cast<std::size_t>(layer_.channels());
    if (rule.flat == FlatOrder::pixels)
        return static_cast<std::int64_t>(index % channels);
    if (rule.flat == FlatOrder::planes)
        return static_cast<std::int64_t>(index / (shape_.numbers.size() / channels));
    if (!rule.dimension)
        return rule.channel;
    const std::int64_t size = rule.channel == 0 && rule.step == 1
        ? layer_.channels()
        : printed_extent(shape_, *rule.dimension);
    return rule.channel + rule.step * shape_.index_of(index, *rule.dimension, size);
}

} // namespace qbn
