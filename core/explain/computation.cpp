#include "core/explain/computation.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace qbn {

namespace {

double eps_of(const Computation& computation, const BatchNormLayer& layer)
{
    switch (computation.eps) {
    case Computation::Eps::zero:
        return 0;
    case Computation::Eps::one_thousandth:
        return 1e-3;
    case Computation::Eps::one_hundred_thousandth:
        return 1e-5;
    case Computation::Eps::of_layer:
        break;
    }
    return layer.eps;
}

double divisor_of(Computation::Divisor divisor, double var, double eps)
{
    switch (divisor) {
    case Computation::Divisor::sum:
        return var + eps;
    case Computation::Divisor::root_plus_eps:
        return std::sqrt(var) + eps;
    case Computation::Divisor::inverse:
        return 1 / var;
    case Computation::Divisor::root_of_sum:
        break;
    }
    return std::sqrt(var + eps);
}

double affine_of(Computation::Affine affine, double normalized, double gamma, double beta)
{
    switch (affine) {
    case Computation::Affine::absent:
        return normalized;
    case Computation::Affine::swapped:
        return beta * normalized + gamma;
    case Computation::Affine::gamma_beta:
        break;
    }
    return gamma * normalized + beta;
}

/// Without the zero point, wherever it was added.
double round_by(Computation::Rounding rounding, double steps, double zero_point)
{
    switch (rounding) {
    case Computation::Rounding::half_away:
        return std::round(steps);
    case Computation::Rounding::toward_zero:
        return std::trunc(steps);
    case Computation::Rounding::down:
        return std::floor(steps);
    case Computation::Rounding::with_zero_point:
        return std::nearbyint(steps + zero_point) - zero_point;
    case Computation::Rounding::toward_zero_with_zero_point:
        return std::trunc(steps + zero_point) - zero_point;
    case Computation::Rounding::half_even:
        break;
    }
    return std::nearbyint(steps);
}

bool has_relu(Computation::Relu relu, const BatchNormLayer& layer)
{
    return relu == Computation::Relu::always || (relu == Computation::Relu::of_layer && layer.relu);
}

double clamp_to(CodeType type, double sum)
{
    return std::isnan(sum) ? type.qmin() : std::clamp<double>(sum, type.qmin(), type.qmax());
}

/// What is added to a code for the same place in the other type's range: -128 of quint8.
double shift_to_other(CodeType type)
{
    const CodeType other{!type.is_signed, type.bits};
    return other.qmin() - type.qmin();
}

/// The number from `lowest` on, below lowest + count, that is as far from `sum` as some multiple of count.
double wrap(double sum, double lowest, double count)
{
    const double above = std::fmod(sum - lowest, count);
    return lowest + above + (above < 0 ? count : 0);
}

double bring_into(Computation::Range range, CodeType type, double sum, double zero_point)
{
    const CodeType other{!type.is_signed, type.bits};
    switch (range) {
    case Computation::Range::unlimited:
        return sum;
    case Computation::Range::reduced:
        return clamp_to({type.is_signed, static_cast<std::uint8_t>(type.bits - 1)}, sum);
    case Computation::Range::other_type:
        return clamp_to(other, sum);
    case Computation::Range::misread_byte: {
        const double code = clamp_to(type, sum);
        if (code > other.qmax())
            return code - type.count();
        return code < other.qmin() ? code + type.count() : code;
    }
    case Computation::Range::shifted:
        return clamp_to(type, sum) + shift_to_other(type);
    case Computation::Range::before_zero_point:
        return clamp_to(type, clamp_to(type, sum - zero_point) + zero_point);
    case Computation::Range::wrapped:
        return std::isfinite(sum) ? wrap(sum, type.qmin(), type.count()) : clamp_to(type, sum);
    case Computation::Range::int32_wrapped:
        return clamp_to(type, std::isfinite(sum) ? wrap(sum, -0x1p31, 0x1p32) : sum);
    case Computation::Range::int32_lowest: {
        const double rounded = sum - zero_point;
        const bool fits = rounded >= -0x1p31 && rounded < 0x1p31;
        return clamp_to(type, fits ? sum : -0x1p31);
    }
    case Computation::Range::of_type:
        break;
    }
    return clamp_to(type, sum);
}

} // namespace

ChannelComputation::ChannelComputation(const Computation& computation, const BatchNormLayer& layer,
                                       int channel)
    : computation_(computation)
    , input_(layer.input)
    , output_(layer.output)
    , has_relu_(has_relu(computation.relu, layer))
{
    const int source = computation.channel.value_or(channel);
    mean_ = layer.mean[source];
    double var = layer.var[source];
    if (computation.mean_var_swapped)
        std::swap(mean_, var);
    if (computation.biased_variance) {
        const auto count = static_cast<double>(
            std::count_if(layer.observations.begin(), layer.observations.end(),
                          [source](const Observation& seen) { return seen.channel == source; }));
        var *= count > 1 ? (count - 1) / count : 1;
    }
    divisor_ = divisor_of(computation.divisor, var, eps_of(computation, layer));
    gamma_ = layer.gamma[source];
    beta_ = layer.beta[source];
}

ComputedCode ChannelComputation::at(std::int32_t input_code) const
{
    ComputedCode result;
    result.dequantized = static_cast<double>(input_code);
    if (computation_.input_shifted)
        result.dequantized -= shift_to_other(input_.type);
    if (computation_.input_zero_point)
        result.dequantized -= input_.zero_point;
    if (computation_.input_scale)
        result.dequantized *= input_.scale;
    result.normalized = (result.dequantized - mean_) / divisor_;
    result.affine = affine_of(computation_.affine, result.normalized, gamma_, beta_);
    result.steps = computation_.output_scale == Computation::OutputScale::divides
        ? result.affine / output_.scale
        : result.affine * output_.scale;
    if (has_relu_ && result.steps < 0)
        result.steps = 0;
    const double zero_point = computation_.output_zero_point ? output_.zero_point : 0;
    result.rounded = round_by(computation_.rounding, result.steps, zero_point);
    result.sum = result.rounded + zero_point;
    result.code = bring_into(computation_.range, output_.type, result.sum, zero_point);
    return result;
}

ComputedCode evaluate(const Computation& computation, const BatchNormLayer& layer, int channel,
                      std::int32_t input_code)
{
    return ChannelComputation(computation, layer, channel).at(input_code);
}

} // namespace qbn
