#pragma once

#include "core/arithmetic/arithmetic.h"
#include "core/layer/batch_norm.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace qbn {

/// A named arithmetic: what users choose and the command line calls by its id.
struct Backend
{
    std::string_view id; ///< "pytorch"; stable, files and scripts use it
    std::string_view title; ///< "PyTorch fused"
    std::string_view formula; ///< the computation in one line
    std::string_view source; ///< the operator and the version that it was checked against
    const Arithmetic* arithmetic = nullptr; ///< none: exact mathematics (core/arithmetic/exact.h)
};

/// All backends in display order, `exact` first.
std::span<const Backend> all_backends();

/// One of them, or fixed point with a number of fraction bits: "fixed-point:16",
/// "fixed-point:16:int64" (core/backends/fixed_point.h). Nothing for an unknown id.
const Backend* find_backend(std::string_view id);

/// Output codes of all input codes of one channel: index i is input code qmin + i.
std::vector<std::int32_t> codes(const Backend& backend, const BatchNormLayer& layer, int channel);

/// The same with how each code was rounded and clamped.
std::vector<Requantized> requantize_all(const Backend& backend, const BatchNormLayer& layer,
                                        int channel);
std::vector<std::int32_t> output_codes(std::span<const Requantized> requantized);

/// Every intermediate of one input code, by the same computation.
Trace trace(const Backend& backend, const BatchNormLayer& layer, int channel,
            std::int32_t input_code);

} // namespace qbn
