#include "core/arithmetic/exact.h"

#include "core/arithmetic/bounded.h"
#include "core/arithmetic/dyadic.h"

#include <boost/multiprecision/cpp_bin_float.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

namespace qbn {

namespace {

/// 237 bits: binary64 products are exact in it, and what is rounded from it to binary64 is rounded
/// right but for numbers that agree with a half way case in 180 bits.
using Wide = boost::multiprecision::cpp_bin_float_oct;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

struct Parameters
{
    Parameters(const BatchNormLayer& layer, int channel)
        : mean(layer.mean[channel])
        , var(layer.var[channel])
        , gamma(layer.gamma[channel])
        , beta(layer.beta[channel])
        , eps(layer.eps)
        , x(layer.input)
        , y(layer.output)
        , relu(layer.relu)
    { }

    bool finite() const
    {
        const std::array values{mean, var, gamma, beta, eps, x.scale, y.scale};
        return std::all_of(values.begin(), values.end(),
                           [](double value) { return std::isfinite(value); });
    }

    double mean, var, gamma, beta, eps;
    QuantizationParameters x, y;
    bool relu;
};

double steps_from(const Parameters& p, std::int64_t steps)
{
    return p.x.scale * static_cast<double>(steps);
}

Requantized to_code(double rounded, bool tie, double steps, const Parameters& p)
{
    const CodeType type = p.y.type;
    Requantized result{
        .steps = steps, .rounded = rounded, .sum = rounded + p.y.zero_point, .tie = tie};
    double sum = result.sum;
    if (p.relu && sum < p.y.zero_point) {
        sum = p.y.zero_point;
        result.relu_clamped = true;
    }
    if (std::isnan(sum) || sum < type.qmin()) {
        result.saturation = Saturation::low;
        sum = type.qmin();
    } else if (sum > type.qmax()) {
        result.saturation = Saturation::high;
        sum = type.qmax();
    }
    result.output_code = static_cast<std::int32_t>(sum);
    return result;
}

} // namespace

class ExactChannel::Implementation
{
public:
    Implementation(const BatchNormLayer& layer, int channel)
        : p_(layer, channel)
    {
        proper_ = p_.finite() && p_.y.scale != 0;
        if (!proper_)
            return;
        var_eps_ = Dyadic(p_.var) + Dyadic(p_.eps);
        proper_ = var_eps_.sign() > 0;
        if (!proper_)
            return;
        std_dev_ = sqrt(Bounded(p_.var) + p_.eps);
        bounded_inv_std_ = Bounded(1) / std_dev_;
        // Rounded once: the bound below counts on it.
        inv_std_ = rounded(bounded_inv_std_, [this] { return wide().inv_std; });
        const double gain = std::abs(p_.gamma) * inv_std_;
        const double largest = std::abs(steps_from(
            p_, std::int64_t{p_.x.type.count()} + std::abs(std::int64_t{p_.x.zero_point})));
        // Seven roundings of a relative 2^-53 each stand between the parameters and steps; 16 is
        // more than their sum, and it pays for the rounding of this line itself. Within the limits
        // below an underflow adds less than 1e-90.
        constexpr double unit = 0x1p-53;
        bound_ = 16 * unit * (gain * (largest + std::abs(p_.mean)) + std::abs(p_.beta))
                / std::abs(p_.y.scale)
            + 1e-90;
        const bool tame = inv_std_ >= 0x1p-250 && inv_std_ <= 0x1p250
            && std::abs(p_.gamma) <= 0x1p250 && std::abs(p_.y.scale) >= 0x1p-250;
        if (!tame)
            bound_ = infinity; // leave it to exact arithmetic
    }

    ExactStages stages(std::int32_t input_code) const
    {
        const std::int64_t centred = std::int64_t{input_code} - p_.x.zero_point;
        if (!proper_)
            return improper_stages(steps_from(p_, centred));
        const Bounded normalized
            = (Bounded(p_.x.scale) * static_cast<double>(centred) - p_.mean) * bounded_inv_std_;
        const Bounded affine = normalized * p_.gamma + p_.beta;
        const Bounded requantized = affine / p_.y.scale + p_.y.zero_point;
        const auto wide_normalized
            = [&] { return (Wide(p_.x.scale) * centred - p_.mean) * wide().inv_std; };
        const auto wide_affine = [&]() -> Wide { return wide_normalized() * p_.gamma + p_.beta; };
        return {steps_from(p_, centred), rounded(normalized, wide_normalized),
                rounded(affine, wide_affine), rounded(requantized, [&]() -> Wide {
                    return wide_affine() * wide().inv_scale + p_.y.zero_point;
                })};
    }

    Requantized requantize(std::int32_t input_code) const
    {
        const std::int64_t centred = std::int64_t{input_code} - p_.x.zero_point;
        if (!proper_) {
            const double steps = improper_steps(steps_from(p_, centred));
            return to_code(std::nearbyint(steps), false, steps, p_);
        }
        const double steps
            = (p_.gamma * ((steps_from(p_, centred) - p_.mean) * inv_std_) + p_.beta) / p_.y.scale;
        const double rounded = std::nearbyint(steps);
        const double to_boundary = 0.5 - std::abs(steps - rounded);
        // Beyond 2^40 every code is clamped alike, and the bound is far smaller than that.
        const bool decided
            = std::abs(steps) < 0x1p40 ? to_boundary > bound_ : std::abs(steps) > 4 * bound_;
        if (decided)
            return to_code(rounded, false, steps, p_);
        return prove(centred);
    }

    ExactParameters parameters() const
    {
        if (!proper_) {
            const double std_dev = std::sqrt(p_.var + p_.eps);
            const double gain = p_.gamma / std_dev;
            const double offset = p_.beta - p_.mean * gain;
            return {.std_dev = std_dev,
                    .inv_std = 1 / std_dev,
                    .gain = gain,
                    .alpha = gain * p_.x.scale / p_.y.scale,
                    .scaled_mean = p_.mean / std_dev,
                    .shift = p_.mean * gain,
                    .offset = offset,
                    .fused_beta = offset / p_.y.scale,
                    .reciprocal = 1 / p_.y.scale};
        }
        const Bounded gain = bounded_inv_std_ * p_.gamma;
        const Bounded shift = gain * p_.mean;
        const Bounded offset = Bounded(p_.beta) - shift;
        const auto wide_gain = [this]() -> Wide { return wide().inv_std * p_.gamma; };
        const auto wide_offset = [&]() -> Wide { return p_.beta - wide_gain() * p_.mean; };
        return {.std_dev
                = rounded(std_dev_, [this]() -> Wide { return sqrt(var_eps_.convert_to<Wide>()); }),
                .inv_std = inv_std_,
                .gain = rounded(gain, wide_gain),
                .alpha
                = rounded(gain * p_.x.scale / p_.y.scale,
                          [&]() -> Wide { return wide_gain() * p_.x.scale * wide().inv_scale; }),
                .scaled_mean = rounded(bounded_inv_std_ * p_.mean,
                                       [this]() -> Wide { return wide().inv_std * p_.mean; }),
                .shift = rounded(shift, [&]() -> Wide { return wide_gain() * p_.mean; }),
                .offset = rounded(offset, wide_offset),
                .fused_beta = rounded(offset / p_.y.scale,
                                      [&]() -> Wide { return wide_offset() * wide().inv_scale; }),
                .reciprocal = 1 / p_.y.scale};
    }

    Boundary boundary(std::int32_t input_code, int bits) const
    {
        const std::int64_t centred = std::int64_t{input_code} - p_.x.zero_point;
        if (!proper_)
            return boundary_at(improper_steps(steps_from(p_, centred)));
        const double steps
            = (p_.gamma * ((steps_from(p_, centred) - p_.mean) * inv_std_) + p_.beta) / p_.y.scale;
        Boundary boundary = boundary_at(steps);
        // Far away the rounding of steps is not seen in the distance.
        if (boundary.distance > std::ldexp(bound_, bits))
            return boundary;
        const Dyadic numerator = this->numerator(centred);
        const Wide wide_steps = this->wide_steps(numerator);
        boundary = boundary_at(static_cast<double>(wide_steps));
        if (std::isfinite(boundary.distance)) {
            const Wide distance = abs(wide_steps - boundary.nearest);
            boundary.distance = static_cast<double>(distance);
            boundary.tie = std::abs(boundary.nearest) < 0x1p40 && boundary.distance < 0x1p-100
                && side_of(boundary.nearest, numerator) == 0;
            if (boundary.tie)
                boundary.distance = 0;
        }
        return boundary;
    }

private:
    /// What most codes do not need, and what costs more than all the rest of a channel.
    struct WideInverses
    {
        Wide inv_std, inv_scale;
    };

    const WideInverses& wide() const
    {
        // A multiplication costs a tenth of a division, and 237 bits can spare what it loses.
        if (!wide_)
            wide_ = {Wide(1) / sqrt(var_eps_.convert_to<Wide>()), Wide(1) / p_.y.scale};
        return *wide_;
    }

    /// Rounded once to binary64, from the wide format where the extended one leaves it open.
    template <typename MakeWide>
    static double rounded(const Bounded& value, const MakeWide& make_wide)
    {
        const std::optional<double> known = value.rounded();
        return known ? *known : static_cast<double>(make_wide());
    }

    Wide wide_steps(const Dyadic& numerator) const
    {
        return (numerator.convert_to<Wide>() * wide().inv_std + p_.beta) * wide().inv_scale;
    }

    Dyadic numerator(std::int64_t centred) const
    {
        return Dyadic(p_.gamma)
            * (Dyadic(p_.x.scale) * Dyadic(static_cast<long long>(centred)) - Dyadic(p_.mean));
    }

    /// -1, 0 or 1 as the exact steps are below, at or above a number of steps.
    int side_of(double steps, const Dyadic& numerator) const
    {
        return compare_over_root(numerator, var_eps_,
                                 Dyadic(p_.y.scale) * Dyadic(steps) - Dyadic(p_.beta))
            * (p_.y.scale < 0 ? -1 : 1);
    }

    Boundary boundary_at(double steps) const
    {
        const double zero_point = p_.y.zero_point;
        const double lowest
            = p_.relu ? std::max<double>(p_.y.type.qmin(), zero_point) : p_.y.type.qmin();
        const double highest = p_.y.type.qmax() - 1; // the last code with another above it
        Boundary boundary{.steps = steps, .nearest = infinity, .distance = infinity};
        if (std::isnan(steps))
            return {steps, steps, steps, false};
        if (lowest <= highest) {
            boundary.nearest
                = std::clamp(std::floor(steps) + zero_point, lowest, highest) - zero_point + 0.5;
            boundary.distance = std::abs(steps - boundary.nearest);
        }
        return boundary;
    }

    /// Rounds half to even with exact comparisons.
    Requantized prove(std::int64_t centred) const
    {
        const Dyadic numerator = this->numerator(centred);
        const Wide wide_steps = this->wide_steps(numerator);
        const auto steps = static_cast<double>(wide_steps);
        if (std::abs(steps) >= 0x1p40)
            return to_code(std::nearbyint(steps), false, steps, p_);
        const auto below = static_cast<long long>(floor(wide_steps));
        // wide_steps is right to some 230 bits, so steps lies in [below, below + 1] whatever its
        // rounding.
        const int side = side_of(static_cast<double>(below) + 0.5, numerator);
        if (side == 0)
            return to_code(static_cast<double>(below % 2 == 0 ? below : below + 1), true, steps,
                           p_);
        return to_code(static_cast<double>(side < 0 ? below : below + 1), false, steps, p_);
    }

    double improper_normalized(double dequantized) const
    {
        const double var_eps
            = p_.var + p_.eps; // a sum of two finite binary64 is 0 only where it is exactly 0
        return var_eps < 0 ? not_a_number : (dequantized - p_.mean) / std::sqrt(std::abs(var_eps));
    }

    ExactStages improper_stages(double dequantized) const
    {
        const double normalized = improper_normalized(dequantized);
        const double affine = p_.gamma * normalized + p_.beta;
        return {dequantized, normalized, affine, affine / p_.y.scale + p_.y.zero_point};
    }

    double improper_steps(double dequantized) const
    {
        return improper_stages(dequantized).affine / p_.y.scale;
    }

    Parameters p_;
    bool proper_ = false; ///< finite, var + eps > 0 and an output scale to divide by
    Dyadic var_eps_;
    mutable std::optional<WideInverses> wide_;
    Bounded std_dev_ = 0;
    Bounded bounded_inv_std_ = 0;
    double inv_std_ = 0;
    double bound_ = 0; ///< on the error of steps in binary64
};

ExactChannel::ExactChannel(const BatchNormLayer& layer, int channel)
    : implementation_(std::make_unique<Implementation>(layer, channel))
{ }

ExactChannel::~ExactChannel() = default;
ExactChannel::ExactChannel(ExactChannel&&) noexcept = default;
ExactChannel& ExactChannel::operator=(ExactChannel&&) noexcept = default;

ExactStages ExactChannel::stages(std::int32_t input_code) const
{
    return implementation_->stages(input_code);
}

Requantized ExactChannel::requantize(std::int32_t input_code) const
{
    return implementation_->requantize(input_code);
}

ExactParameters ExactChannel::parameters() const
{
    return implementation_->parameters();
}

Boundary ExactChannel::boundary(std::int32_t input_code, int bits) const
{
    return implementation_->boundary(input_code, bits);
}

} // namespace qbn
