#pragma once

#include "core/layer/batch_norm.h"

#include <cstdint>
#include <vector>

namespace qbn {

/// The stages of the formula in the order of computation.
enum class Stage : std::uint8_t
{
    input_code,
    dequantize,
    normalize,
    affine,
    requantize,
    output_code
};
inline constexpr int stage_count = 6;

/// The stage that uses the field first.
Stage stage_of(Field field);

/// The fields whose value nobody gave for this channel (Origin::unknown) and on which the result of
/// `last` depends, in the order of the formula: what is computed from them is a placeholder.
std::vector<Field> unknown_fields(const BatchNormLayer& layer, int channel,
                                  Stage last = Stage::output_code);
/// The same of a whole layer: those that nobody gave for one channel at least.
std::vector<Field> unknown_fields(const BatchNormLayer& layer);

/// "gamma", "gamma and beta", "mean, var and gamma", "mean, var and 2 more".
std::string joined_names(const std::vector<Field>& fields);

} // namespace qbn
