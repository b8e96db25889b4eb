#pragma once

#include "core/layer/batch_norm.h"

#include <cstdint>
#include <optional>

namespace qbn {

/// The textbook formula of a quantized batch norm, with every choice that people are known to get
/// wrong, as a value. The default makes no mistake:
///     dequantized = x_scale * (x_q - x_zero_point)
///     normalized  = (dequantized - mean) / sqrt(var + eps)
///     affine      = gamma * normalized + beta
///     steps       = affine / y_scale                              with relu: max(steps, 0)
///     y_q         = clamp(round_half_even(steps) + y_zero_point, qmin, qmax)
/// Every operation is one of binary64, on the parameters as they stand: what a person computes by
/// hand or in Python, not what a framework's kernel gives to the last bit (that is a Backend).
struct Computation
{
    enum class Eps : std::uint8_t
    {
        of_layer,
        zero,
        one_thousandth, ///< Keras's default
        one_hundred_thousandth ///< PyTorch's default, and the least that cuDNN takes
    };
    enum class Divisor : std::uint8_t
    {
        root_of_sum, ///< sqrt(var + eps)
        sum, ///< var + eps
        root_plus_eps, ///< sqrt(var) + eps
        inverse ///< 1 / var: var holds what one multiplies with
    };
    enum class Affine : std::uint8_t
    {
        gamma_beta,
        absent, ///< gamma 1 and beta 0
        swapped ///< beta * normalized + gamma
    };
    enum class OutputScale : std::uint8_t
    {
        divides,
        multiplies
    };
    enum class Rounding : std::uint8_t
    {
        half_even,
        half_away,
        toward_zero,
        down,
        with_zero_point, ///< half even of steps + y_zero_point
        toward_zero_with_zero_point ///< trunc(steps + y_zero_point)
    };
    enum class Range : std::uint8_t
    {
        of_type, ///< clamp to qmin, qmax
        unlimited, ///< no clamp
        reduced, ///< one bit less: 0 to 127 of quint8, -64 to 63 of qint8
        other_type, ///< clamp to the signed type of an unsigned one, and the other way round
        misread_byte, ///< clamp to the type, then its bits read as the other type's
        shifted, ///< clamp to the type, then moved to the other one's range, as its zero point is
        before_zero_point, ///< clamp to the type, then the zero point, then clamp
        wrapped, ///< the low bits alone, as a cast leaves them
        int32_wrapped, ///< the low 32 bits of the sum, then clamp
        int32_lowest ///< -2^31 for what does not fit into int32, as x86 converts, then clamp
    };
    enum class Relu : std::uint8_t
    {
        of_layer,
        always,
        never
    };

    bool input_scale = true; ///< false: left out, dequantized = x_q - x_zero_point
    bool input_zero_point = true; ///< false: left out, as if it were 0
    /// The input code is one of the other type, which stands half a range apart (128 of 8 bits),
    /// and the zero point is the layer's.
    bool input_shifted = false;
    bool output_zero_point = true;
    bool mean_var_swapped = false;
    /// var * (n - 1) / n, n being how often the channel was observed: a batch is normalized with
    /// its biased variance, while the running one is unbiased.
    bool biased_variance = false;
    Eps eps = Eps::of_layer;
    Divisor divisor = Divisor::root_of_sum;
    Affine affine = Affine::gamma_beta;
    OutputScale output_scale = OutputScale::divides;
    Rounding rounding = Rounding::half_even;
    Range range = Range::of_type;
    Relu relu = Relu::of_layer;
    /// Whose mean, var, gamma and beta are taken; nothing: those of the channel asked for.
    std::optional<int> channel;

    bool operator==(const Computation&) const = default;
};

/// Every intermediate of one code.
struct ComputedCode
{
    double dequantized = 0;
    double normalized = 0;
    double affine = 0;
    double steps = 0; ///< after a ReLU
    double rounded = 0;
    double sum = 0; ///< with the zero point, before the clamp
    /// A whole number unless it is infinite or NaN, which only Range::unlimited lets through. Where
    /// a range is kept, NaN gives its lower end.
    double code = 0;
};

/// A computation with the parameters of one channel, for many input codes.
/// Domain: any parameters whatever, any input code; 0 <= channel < layer.channels(), and so for
/// computation.channel.
class ChannelComputation
{
public:
    ChannelComputation(const Computation& computation, const BatchNormLayer& layer, int channel);

    ComputedCode at(std::int32_t input_code) const;
    double code_at(std::int32_t input_code) const { return at(input_code).code; }

private:
    Computation computation_;
    QuantizationParameters input_, output_;
    double mean_, divisor_, gamma_, beta_;
    bool has_relu_;
};

/// The same for one input code.
ComputedCode evaluate(const Computation& computation, const BatchNormLayer& layer, int channel,
                      std::int32_t input_code);

} // namespace qbn
