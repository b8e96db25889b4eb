#include "core/layer/provenance.h"

#include <algorithm>
#include <utility>

namespace qbn {

namespace {

constexpr std::array<std::string_view, field_count> field_names{
    "input_type",  "input_scale",  "input_zero_point",
    "output_type", "output_scale", "output_zero_point",
    "eps",         "relu",         "mean",
    "var",         "gamma",        "beta",
};
constexpr std::array<std::string_view, origin_count> origin_names{
    "unknown", "file", "inferred", "typed", "proposed", "default", "example", "pasted",
};

template <typename Enum, std::size_t size>
std::optional<Enum> parse(const std::array<std::string_view, size>& names, std::string_view text)
{
    const auto* const found = std::find(names.begin(), names.end(), text);
    if (found == names.end())
        return std::nullopt;
    return static_cast<Enum>(found - names.begin());
}

constexpr std::size_t index(Field field)
{
    return static_cast<std::size_t>(field);
}

} // namespace

std::string_view name_of(Field field)
{
    return field_names[index(field)];
}

std::optional<Field> parse_field(std::string_view text)
{
    return parse<Field>(field_names, text);
}

std::string spaced_name(Field field)
{
    std::string name(name_of(field));
    std::replace(name.begin(), name.end(), '_', ' ');
    return name;
}

std::string_view name_of(Origin origin)
{
    return origin_names[static_cast<std::size_t>(origin)];
}

std::optional<Origin> parse_origin(std::string_view text)
{
    return parse<Origin>(origin_names, text);
}

const Provenance& LayerProvenance::of(Field field, int channel) const
{
    const Channels& channels = channels_[index(field)];
    const auto found = channels.find(channel);
    return found == channels.end() ? fields_[index(field)] : found->second;
}

void LayerProvenance::set(Field field, Provenance provenance)
{
    fields_[index(field)] = std::move(provenance);
    channels_[index(field)].clear();
}

void LayerProvenance::set_all(const Provenance& provenance)
{
    for (const Field field : all_fields)
        set(field, provenance);
}

void LayerProvenance::set_channel(Field field, int channel, Provenance provenance)
{
    channels_[index(field)][channel] = std::move(provenance);
}

std::string unknown_names(const LayerProvenance& provenance, int channel)
{
    std::string names;
    for (const Field field : all_fields) {
        if (provenance.of(field, channel).origin == Origin::unknown)
            names += (names.empty() ? "" : " ") + std::string(name_of(field));
    }
    return names;
}

} // namespace qbn
