#pragma once

#include "core/layer/batch_norm.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qbn {

enum class Severity : std::uint8_t
{
    note, ///< worth knowing
    warning, ///< computed as it stands, but hardly what was meant
    error, ///< the formula has no answer; backends still give codes
};

/// "note", "warning", "error".
std::string_view name_of(Severity severity);

enum class FindingId : std::uint8_t
{
    var_eps_not_positive,
    not_finite,
    scale_not_positive,
    zero_point_out_of_range,
    gamma_zero,
    everything_saturates,
    half_saturates,
    assumed,
    constructor_default,
    beyond_binary32, ///< infinite or 0 once it is narrowed
    in_no_layer, ///< what the file has beside its layers
    intermediate_codes, ///< the model rounds to codes between gain and offset
};

/// "var-eps-not-positive", ...
std::string_view name_of(FindingId id);

struct Finding
{
    FindingId id = FindingId::assumed;
    Severity severity = Severity::note;
    std::optional<int> channel; ///< none: the whole layer
    std::string sentence; ///< for a person; numbers in the C locale

    bool operator==(const Finding&) const = default;
};

/// What is wrong or unusual in a layer, the layer's own findings first, then channel by channel.
/// Nothing found means only that; an invalid layer is still computed.
std::vector<Finding> validate(const BatchNormLayer& layer);

/// The notes of the model (Model::notes).
std::vector<Finding> findings_of(const Model& model);

/// The two parts of it. A channel's findings do not depend on the other channels.
std::vector<Finding> validate_layer(const BatchNormLayer& layer);
std::vector<Finding> validate_channel(const BatchNormLayer& layer, int channel);

} // namespace qbn
