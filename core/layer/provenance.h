#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace qbn {

/// Everything that can be edited in a layer. mean, var, gamma and beta have a value for each
/// channel.
enum class Field : std::uint8_t
{
    input_type,
    input_scale,
    input_zero_point,
    output_type,
    output_scale,
    output_zero_point,
    eps,
    relu,
    mean,
    var,
    gamma,
    beta,
};
inline constexpr std::size_t field_count = 12;
inline constexpr std::array<Field, field_count> all_fields{
    Field::input_type,  Field::input_scale,  Field::input_zero_point,
    Field::output_type, Field::output_scale, Field::output_zero_point,
    Field::eps,         Field::relu,         Field::mean,
    Field::var,         Field::gamma,        Field::beta,
};

constexpr bool is_per_channel(Field field)
{
    return field >= Field::mean;
}

/// "input_scale", "mean", ... as sessions write it.
std::string_view name_of(Field field);
std::optional<Field> parse_field(std::string_view text);

/// "input scale", "mean", ... as sentences name it.
std::string spaced_name(Field field);

/// Where a value came from.
enum class Origin : std::uint8_t
{
    unknown, ///< nobody gave it; the number shown is a placeholder
    file, ///< stands in the opened file
    inferred, ///< stands in the file, but that it belongs here is a rule's assumption
    typed, ///< entered in this program
    proposed, ///< computed from the layer's statistics
    defaulted, ///< a default such as PyTorch's eps 1e-5
    example, ///< comes with the built-in example
    pasted, ///< stands in pasted text
};
inline constexpr std::size_t origin_count = 8;

/// "unknown", "file", "inferred", "typed", "proposed", "default", "example", "pasted".
std::string_view name_of(Origin origin);
std::optional<Origin> parse_origin(std::string_view text);

struct Provenance
{
    Origin origin = Origin::unknown;
    std::string note; ///< the key it was read from, or the rule that gave it; may be empty
    /// By how much the value may be off: half a unit of the last digit that was printed. 0 where it
    /// is told exactly.
    double rounding = 0;

    bool operator==(const Provenance&) const = default;
};

/// Provenance of each field; a channel whose value was edited on its own stands beside the field's.
class LayerProvenance
{
public:
    /// Without a channel: what stands for the whole field.
    const Provenance& of(Field field, int channel = -1) const;

    /// For the whole field, all channels: single channels' entries are forgotten.
    void set(Field field, Provenance provenance);
    void set_all(const Provenance& provenance);
    void set_channel(Field field, int channel, Provenance provenance);

    using Channels = std::map<int, Provenance>;
    const Channels& channels(Field field) const
    {
        return channels_[static_cast<std::size_t>(field)];
    }

    bool operator==(const LayerProvenance&) const = default;

private:
    std::array<Provenance, field_count> fields_;
    std::array<Channels, field_count> channels_;
};

/// "output_zero_point gamma": the fields that nobody gave for the channel. What is computed from
/// them is a placeholder.
std::string unknown_names(const LayerProvenance& provenance, int channel);

} // namespace qbn
