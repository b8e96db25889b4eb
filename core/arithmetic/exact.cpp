#include "core/arithmetic/exact.h"

#include "core/arithmetic/bounded.h"
#include "core/arithmetic/bounded_line.h"
#include "core/arithmetic/channel_parameters.h"
#include "core/arithmetic/root_quotient.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace qbn {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

Lanes all_lanes(double value)
{
    Lanes lanes;
    lanes.fill(value);
    return lanes;
}

} // namespace

class ExactChannel::Implementation
{
public:
    Implementation(const BatchNormLayer& layer, int channel)
        : p_(layer, channel)
    {
        if (!p_.finite())
            return;
        finite_ = true;
        var_eps_ = Dyadic(p_.var) + Dyadic(p_.eps);
        proper_ = var_eps_.sign() > 0;
        if (!proper_)
            return;
        std_dev_ = sqrt(Bounded(p_.var) + p_.eps);
        bounded_inv_std_ = Bounded(1) / std_dev_;
        // Rounded once: the bound below counts on it.
        inv_std_ = rounded(bounded_inv_std_, [this] { return over_root(Dyadic(1LL)); });
        const double gain = std::abs(p_.gamma) * inv_std_;
        const std::int64_t farthest
            = std::int64_t{p_.x.type.count()} + std::abs(std::int64_t{p_.x.zero_point});
        const double largest = std::abs(p_.dequantized(farthest));
        const Bounded bounded_gain = bounded_inv_std_ * p_.gamma;
        affine_ = BoundedLine(bounded_gain * p_.x.scale, Bounded(p_.beta) - bounded_gain * p_.mean,
                              static_cast<double>(farthest));
        // Seven roundings of a relative 2^-53 each stand between the parameters and steps; 16 is
        // more than their sum, and it pays for the rounding of this line itself. Within the limits
        // below an underflow adds less than 1e-90.
        constexpr double unit = 0x1p-53;
        bound_ = 16 * unit * (gain * (largest + std::abs(p_.mean)) + std::abs(p_.beta))
                / std::abs(p_.y.scale)
            + 1e-90;
        const bool tame = (largest + std::abs(p_.mean)) * inv_std_ <= 0x1p700
            && inv_std_ >= 0x1p-250 && inv_std_ <= 0x1p250 && std::abs(p_.gamma) <= 0x1p250
            && std::abs(p_.y.scale) >= 0x1p-250;
        if (!tame)
            bound_ = infinity; // leave it to exact arithmetic
        line_ = {.scale = p_.x.scale,
                 .mean = p_.mean,
                 .inv_std = inv_std_,
                 .gamma = p_.gamma,
                 .beta = p_.beta,
                 .y_scale = p_.y.scale};
    }

    ExactStages stages(std::int32_t input_code) const
    {
        const std::int64_t centred = this->centred(input_code);
        const double dequantized = p_.dequantized(centred);
        if (!proper_) {
            const double normalized = improper_normalized(centred);
            const double affine = p_.gamma * normalized + p_.beta;
            return {dequantized, normalized, affine, affine / p_.y.scale + p_.y.zero_point};
        }
        const double requantized = has_steps()
            ? rounded(bounded_affine(centred) / p_.y.scale + p_.y.zero_point,
                      [&] { return steps_less(centred, -static_cast<double>(p_.y.zero_point)); })
            : steps(input_code);
        return {dequantized,
                rounded(bounded_normalized(centred), [&] { return over_root(deviation(centred)); }),
                affine(input_code), requantized};
    }

    double affine(std::int32_t input_code) const
    {
        const std::int64_t centred = this->centred(input_code);
        if (!proper_)
            return p_.gamma * improper_normalized(centred) + p_.beta;
        if (const auto told = affine_.rounded(static_cast<double>(centred)))
            return *told;
        return rounded(bounded_affine(centred), [&] { return real_output(centred); });
    }

    Requantized requantize(std::int32_t input_code) const
    {
        const std::int64_t centred = this->centred(input_code);
        if (!has_steps()) {
            const double steps = this->steps(input_code);
            return p_.to_code(std::nearbyint(steps), false, steps);
        }
        const double steps = fast_steps(centred);
        const double rounded = std::nearbyint(steps);
        if (room_left(steps, rounded, bound_) > 0)
            return p_.to_code(rounded, false, steps);
        return prove(centred);
    }

    double steps(std::int32_t input_code) const
    {
        const std::int64_t centred = this->centred(input_code);
        if (!proper_)
            return affine(input_code) / p_.y.scale;
        return over_y_scale(bounded_affine(centred), [&] { return real_output(centred); });
    }

    ExactParameters parameters() const
    {
        if (!proper_)
            return p_.in_binary64();
        const Dyadic gamma(p_.gamma);
        const Dyadic mean(p_.mean);
        const Bounded gain = bounded_inv_std_ * p_.gamma;
        const Bounded shift = gain * p_.mean;
        const Bounded offset = Bounded(p_.beta) - shift;
        const auto exact_offset = [&] { return over_root(-(gamma * mean), Dyadic(p_.beta)); };
        return {.std_dev = rounded(std_dev_, [&] { return over_root(var_eps_); }),
                .inv_std = inv_std_,
                .gain = rounded(gain, [&] { return over_root(gamma); }),
                .alpha = over_y_scale(gain * p_.x.scale,
                                      [&] { return over_root(gamma * Dyadic(p_.x.scale)); }),
                .scaled_mean = rounded(bounded_inv_std_ * p_.mean, [&] { return over_root(mean); }),
                .shift = rounded(shift, [&] { return over_root(gamma * mean); }),
                .offset = rounded(offset, exact_offset),
                .fused_beta = over_y_scale(offset, exact_offset),
                .reciprocal = 1 / p_.y.scale};
    }

    Boundary boundary(std::int32_t input_code, int bits) const
    {
        const std::int64_t centred = this->centred(input_code);
        if (!has_steps())
            return boundary_at(steps(input_code));
        if (bits < std::numeric_limits<double>::digits) {
            // Far away the rounding of steps is not seen in the distance.
            const Boundary boundary = boundary_at(fast_steps(centred));
            if (boundary.distance > std::ldexp(bound_, bits))
                return boundary;
        }
        const double steps = this->steps(input_code);
        Boundary boundary = boundary_at(steps);
        if (!std::isfinite(boundary.distance))
            return boundary;
        // Just below an integer steps may be rounded to it, and the half below is nearer.
        if (steps == std::floor(steps) && steps_less(centred, steps).sign() < 0)
            boundary = boundary_at(std::nextafter(steps, -infinity));
        const std::optional<double> away
            = (bounded_affine(centred) / p_.y.scale - boundary.nearest).rounded();
        const RootQuotient exact = away ? RootQuotient() : steps_less(centred, boundary.nearest);
        boundary.steps = steps;
        boundary.distance = std::abs(away ? *away : exact.rounded());
        boundary.tie = !away && exact.sign() == 0;
        boundary.below = away ? *away < 0 : exact.sign() < 0;
        return boundary;
    }

    Lanes sums() const
    {
        const OutputRange range = p_.output_range(bound_);
        const std::int32_t qmin = p_.x.type.qmin();
        const auto proved = [&](std::int32_t input_code) {
            const double sum = requantize(input_code).sum;
            return sum < range.least ? range.least : sum;
        };
        Lanes sums = has_steps() ? rounded_lanes(fast_lanes(), range) : all_lanes(not_a_number);
        for (std::int32_t i = 0; i < p_.x.type.count(); ++i) {
            if (double& sum = sums[static_cast<std::size_t>(i)]; std::isnan(sum))
                sum = proved(qmin + i);
        }
        return sums;
    }

    Lanes distances(int bits) const
    {
        if (!has_steps())
            return all_lanes(-1);
        return distance_lanes(fast_lanes(), p_.output_range(bound_), std::ldexp(bound_, bits));
    }

private:
    std::int64_t centred(std::int32_t input_code) const
    {
        return std::int64_t{input_code} - p_.x.zero_point;
    }

    /// Whether mathematics gives a number of output steps.
    bool has_steps() const { return proper_ && p_.y.scale != 0; }

    double fast_steps(std::int64_t centred) const
    {
        return line_.steps(static_cast<double>(centred));
    }

    /// fast_steps() of all input codes.
    Lanes fast_lanes() const
    {
        return lanes_of(line_, static_cast<double>(centred(p_.x.type.qmin())));
    }

    Bounded bounded_normalized(std::int64_t centred) const
    {
        return (Bounded(p_.x.scale) * static_cast<double>(centred) - p_.mean) * bounded_inv_std_;
    }

    Bounded bounded_affine(std::int64_t centred) const
    {
        return bounded_normalized(centred) * p_.gamma + p_.beta;
    }

    /// Rounded once to binary64, by exact arithmetic where the extended format leaves it open.
    template <typename Exact> static double rounded(const Bounded& value, const Exact& exact)
    {
        const std::optional<double> known = value.rounded();
        return known ? *known : exact().rounded();
    }

    /// The same divided by y_scale. Over a scale of 0 the sign says all.
    template <typename Exact> double over_y_scale(const Bounded& value, const Exact& exact) const
    {
        if (p_.y.scale == 0) {
            const int side = exact().sign();
            return side == 0 ? not_a_number : side / p_.y.scale;
        }
        return rounded(value / p_.y.scale, [&] {
            RootQuotient quotient = exact();
            quotient.c = Dyadic(p_.y.scale);
            return quotient;
        });
    }

    /// a / sqrt(var + eps) + b
    RootQuotient over_root(Dyadic a, Dyadic b = {}) const
    {
        return {std::move(a), var_eps_, std::move(b)};
    }

    /// dequantized - mean
    Dyadic deviation(std::int64_t centred) const
    {
        return Dyadic(p_.x.scale) * Dyadic(static_cast<long long>(centred)) - Dyadic(p_.mean);
    }

    RootQuotient real_output(std::int64_t centred) const
    {
        return over_root(Dyadic(p_.gamma) * deviation(centred), Dyadic(p_.beta));
    }

    /// Output steps less a number of them.
    RootQuotient steps_less(std::int64_t centred, double number) const
    {
        const Dyadic scale(p_.y.scale);
        return {Dyadic(p_.gamma) * deviation(centred), var_eps_,
                Dyadic(p_.beta) - scale * Dyadic(number), scale};
    }

    /// Rounds half to even. The rounding of steps crosses no half, so it hides at most whether the
    /// true value lies on it.
    Requantized prove(std::int64_t centred) const
    {
        const double steps = steps_less(centred, 0).rounded();
        const bool on_a_half = std::abs(steps - std::trunc(steps)) == 0.5;
        const int side = on_a_half ? steps_less(centred, steps).sign() : 0;
        double code = std::nearbyint(steps);
        if (side != 0)
            code = side < 0 ? std::floor(steps) : std::ceil(steps);
        return p_.to_code(code, on_a_half && side == 0, steps);
    }

    Boundary boundary_at(double steps) const
    {
        const OutputRange range = p_.output_range(bound_);
        Boundary boundary{.steps = steps, .nearest = infinity, .distance = infinity};
        if (std::isnan(steps))
            return {.steps = steps, .nearest = steps, .distance = steps};
        if (range.lowest <= range.highest) {
            const double sum = std::floor(steps) + range.zero_point;
            boundary.nearest
                = std::clamp(sum, range.lowest, range.highest) - range.zero_point + 0.5;
            boundary.distance = std::abs(steps - boundary.nearest);
            boundary.below = steps < boundary.nearest;
        }
        return boundary;
    }

    /// Over a root of 0 the sign of the deviation says all.
    double improper_normalized(std::int64_t centred) const
    {
        if (!finite_) {
            const double var_eps = p_.var + p_.eps;
            const double deviation = p_.dequantized(centred) - p_.mean;
            return var_eps < 0 ? not_a_number : deviation / std::sqrt(std::abs(var_eps));
        }
        const int side = var_eps_.sign() < 0 ? 0 : deviation(centred).sign();
        return side == 0 ? not_a_number : side * infinity;
    }

    ChannelParameters p_;
    bool finite_ = false;
    bool proper_ = false; ///< finite, and var + eps > 0
    Dyadic var_eps_;
    Bounded std_dev_ = 0;
    Bounded bounded_inv_std_ = 0;
    BoundedLine affine_; ///< over centred codes
    double inv_std_ = 0;
    SteppedLine line_;
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

double ExactChannel::affine(std::int32_t input_code) const
{
    return implementation_->affine(input_code);
}

double ExactChannel::steps(std::int32_t input_code) const
{
    return implementation_->steps(input_code);
}

ExactParameters ExactChannel::parameters() const
{
    return implementation_->parameters();
}

Boundary ExactChannel::boundary(std::int32_t input_code, int bits) const
{
    return implementation_->boundary(input_code, bits);
}

Lanes ExactChannel::sums() const
{
    return implementation_->sums();
}

Lanes ExactChannel::distances(int bits) const
{
    return implementation_->distances(bits);
}

} // namespace qbn
