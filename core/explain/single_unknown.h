#pragma once

#include "core/layer/batch_norm.h"

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace qbn {

/// A number of the whole layer that may be wrong.
enum class LayerNumber : std::uint8_t
{
    output_scale,
    input_scale,
    output_zero_point,
    input_zero_point,
    eps,
    common_factor, ///< by which mean and var are both too large (Caffe's sums)
    variance_factor, ///< by which var alone is too large
};

/// The values of one number with which the textbook gives every observed code, all others as they
/// stand in the layer.
struct SingleUnknown
{
    LayerNumber number = LayerNumber::output_scale;
    double low = 0; ///< the first range that was found
    double high = 0;
    double simplest = 0; ///< the number with the fewest digits in it
};

/// "output scale", "factor over mean and var"
std::string_view title_of(LayerNumber number);
/// "output-scale", "common-factor": files and scripts use it
std::string_view id_of(LayerNumber number);

/// "output scale 1 instead of 0.8"
std::string sentence_of(const SingleUnknown& solved, const BatchNormLayer& layer);

/// Solves for each of these numbers alone. Empty where fewer than three different codes inside of
/// the type's range were observed: any number explains one or two. A range is found that is wider
/// than 1 in 20,000 of its value and within a factor of 1,000 of the layer's (factors: of a
/// million; eps: from 1e-12 to 0.1).
std::vector<SingleUnknown> solve_single_unknowns(const BatchNormLayer& layer,
                                                 std::span<const Observation> observations,
                                                 const std::stop_token& stop = {});

} // namespace qbn
