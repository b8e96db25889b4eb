#pragma once

#include "core/layer/batch_norm.h"

#include <cstdint>

namespace qbn {

/// The codes from lowest to highest.
struct CodeRange
{
    std::int32_t lowest = 0;
    std::int32_t highest = 0;

    bool contains(std::int32_t code) const { return lowest <= code && code <= highest; }
};

/// Whether a parameter of the channel was printed rounded (Provenance::rounding).
bool is_rounded(const BatchNormLayer& layer, int channel);

/// The codes that the layer can give for an input code while every parameter that was printed
/// rounded is any number that prints alike: those of
///     (gamma * (x_scale * (x_q - x_zero_point) - mean) / sqrt(var + eps) + beta) / y_scale
/// by interval arithmetic. Each parameter stands in it once, so the range is not too wide, and in
/// between every code is met. A var that was printed as 0 or more is not below 0. All codes of the
/// type where var + eps or a scale need not be above 0, or a number is none.
class RoundedCodes
{
public:
    struct Interval
    {
        double low = 0;
        double high = 0;
    };

    RoundedCodes(const BatchNormLayer& layer, int channel);

    CodeRange at(std::int32_t input_code) const;

private:
    std::int32_t input_zero_point_;
    QuantizationParameters output_;
    bool relu_;
    Interval input_scale_, output_scale_, divisor_, mean_, gamma_, beta_;
};

} // namespace qbn
