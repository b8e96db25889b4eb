#pragma once

#include "core/arithmetic/arithmetic.h"
#include "core/layer/batch_norm.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace qbn {

/// Intermediates of which the roundings to binary32 are left out together, in the order of
/// computation; "alpha", "steps" and so on, as in a Trace, or a parameter that binary32 does not
/// hold.
using RoundingSet = std::vector<std::string_view>;

/// The smallest sets of roundings without which a backend in binary32 gives the code of exact
/// mathematics, all else as it is: all that are a single rounding, else all that are two. Found by
/// trial in extended precision. Empty where three or more are needed, where steps is not sane, and
/// where the trial does not reproduce both codes, with all roundings and with none.
/// Requires: Form::two_parameter or Form::four_stages.
std::vector<RoundingSet> decisive_roundings(const Arithmetic& arithmetic,
                                            const BatchNormLayer& layer, int channel,
                                            std::int32_t input_code, std::int32_t exact_code);

} // namespace qbn
