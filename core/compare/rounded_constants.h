#pragma once

#include "core/backends/backend.h"
#include "core/layer/batch_norm.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace qbn {

/// A number of a channel that a formula rounds to a whole one before any code comes: a weight of 8 bits, a bias.
struct RoundedConstant
{
    std::string_view name; ///< of its statement
    double whole = 0;
    double real = 0; ///< what was rounded
    double steps = 0; ///< how far the rounding moves the code's steps
};

/// Those whose rounding carries a code away from `wanted`: without it, the steps moved back by it, the rounding to the nearest gives
/// that code. One, if one alone does; all of them, if they do it together; else none. What one more moves is tried on the formula.
std::vector<RoundedConstant> decisive_constants(const Backend& backend, const BatchNormLayer& layer,
                                                int channel, std::int32_t input_code,
                                                std::int32_t wanted);

} // namespace qbn
