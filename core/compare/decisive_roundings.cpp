#include "core/compare/decisive_roundings.h"

#include <algorithm>
#include <cmath>

namespace qbn {

namespace {

/// 64 bits of precision on x86, so that a rounding left out is not made elsewhere. Products of two
/// binary32 are exact in it.
using Extended = long double;

using Mask = std::uint32_t; ///< bit i: the i-th rounding is left out

/// One computation of steps, as core/arithmetic/arithmetic_forms.h has it, without some of its roundings.
class Trial
{
public:
    Trial(const Arithmetic& arithmetic, const BatchNormLayer& layer, int channel, Mask left_out)
        : arithmetic_(arithmetic)
        , layer_(layer)
        , channel_(channel)
        , left_out_(left_out)
    { }

    Extended steps(std::int32_t input_code)
    {
        mean_ = rounded("mean", layer_.mean[channel_]);
        gamma_ = rounded("gamma", layer_.gamma[channel_]);
        beta_ = rounded("beta", layer_.beta[channel_]);
        const Extended var = rounded("var", layer_.var[channel_]);
        const Extended eps = rounded("eps", layer_.eps);
        const Extended std_dev = rounded("std_dev", std::sqrt(rounded("var + eps", var + eps)));
        inv_std_ = rounded("inv_std", 1 / std_dev);
        gain_ = rounded("gain", inv_std_ * gamma_);
        const auto centred
            = static_cast<Extended>(std::int64_t{input_code} - layer_.input.zero_point);
        return arithmetic_.form == Arithmetic::Form::two_parameter
            ? two_parameter(rounded("centred", centred))
            : four_stages(rounded("centred", centred));
    }

    const RoundingSet& names() const { return names_; }

private:
    Extended rounded(std::string_view name, Extended value)
    {
        const bool is_left_out = (left_out_ >> names_.size() & 1U) != 0;
        names_.push_back(name);
        return is_left_out ? value : static_cast<Extended>(static_cast<float>(value));
    }

    /// The product's own rounding counts where the two are apart.
    Extended multiply_add(Arithmetic::MultiplyAdd how, std::string_view product, Extended a,
                          Extended x, Extended b)
    {
        return (how == Arithmetic::MultiplyAdd::fused ? a * x : rounded(product, a * x)) + b;
    }

    Extended two_parameter(Extended centred)
    {
        const Extended x_scale = layer_.input.scale;
        const Extended y_scale = layer_.output.scale;
        const Extended alpha = rounded("alpha", gain_ * (x_scale / y_scale));
        const Extended scaled_mean = rounded("scaled_mean", mean_ * inv_std_);
        const Extended shift = rounded("shift", scaled_mean * gamma_);
        const Extended offset = rounded("offset", beta_ - shift);
        const Extended fused_beta = rounded("fused_beta", offset / y_scale);
        return rounded(
            "steps", multiply_add(arithmetic_.multiply_add, "scaled", alpha, centred, fused_beta));
    }

    Extended four_stages(Extended centred)
    {
        const Extended x_scale = rounded("x_scale", layer_.input.scale);
        const Extended y_scale = rounded("y_scale", layer_.output.scale);
        const Extended offset = rounded(
            "offset", multiply_add(arithmetic_.offset_multiply_add, "shift", -mean_, gain_, beta_));
        const Extended dequantized = rounded("dequantized", centred * x_scale);
        Extended affine = rounded(
            "affine",
            multiply_add(arithmetic_.multiply_add, "product", dequantized, gain_, offset));
        if (layer_.relu)
            affine = std::max<Extended>(affine, 0);
        if (arithmetic_.rescale == Arithmetic::Rescale::divide)
            return rounded("steps", affine / y_scale);
        return rounded("steps", affine * rounded("reciprocal", 1 / y_scale));
    }

    const Arithmetic& arithmetic_;
    const BatchNormLayer& layer_;
    int channel_;
    Mask left_out_;
    RoundingSet names_;
    Extended mean_ = 0, gamma_ = 0, beta_ = 0, inv_std_ = 0, gain_ = 0;
};

std::int32_t code_of(Extended steps, const BatchNormLayer& layer)
{
    const CodeType type = layer.output.type;
    Extended sum = std::nearbyint(steps) + layer.output.zero_point;
    if (layer.relu)
        sum = std::max<Extended>(sum, layer.output.zero_point);
    return static_cast<std::int32_t>(std::clamp<Extended>(sum, type.qmin(), type.qmax()));
}

RoundingSet named(const RoundingSet& names, Mask mask)
{
    RoundingSet set;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if ((mask >> i & 1U) != 0)
            set.push_back(names[i]);
    }
    return set;
}

} // namespace

std::vector<RoundingSet> decisive_roundings(const Arithmetic& arithmetic,
                                            const BatchNormLayer& layer, int channel,
                                            std::int32_t input_code, std::int32_t exact_code)
{
    const auto steps_without
        = [&](Mask mask) { return Trial(arithmetic, layer, channel, mask).steps(input_code); };
    Trial all(arithmetic, layer, channel, 0);
    const auto is_sane = [](Extended steps) { return std::abs(steps) < 0x1p30L; };
    const Extended steps = all.steps(input_code);
    const Requantized real = evaluate_trace(arithmetic, layer, channel, input_code).result;
    const Extended without_any = steps_without(~Mask{0});
    if (!is_sane(steps) || !is_sane(without_any) || static_cast<double>(steps) != real.steps
        || code_of(steps, layer) != real.output_code || code_of(without_any, layer) != exact_code)
        return {};

    const auto count = all.names().size();
    const auto follows = [&](Mask mask) {
        const Extended trial = steps_without(mask);
        return is_sane(trial) && code_of(trial, layer) == exact_code;
    };
    std::vector<RoundingSet> sets;
    for (std::size_t i = 0; i < count; ++i) {
        if (follows(Mask{1} << i))
            sets.push_back(named(all.names(), Mask{1} << i));
    }
    if (!sets.empty())
        return sets;
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t k = i + 1; k < count; ++k) {
            const Mask mask = Mask{1} << i | Mask{1} << k;
            if (follows(mask))
                sets.push_back(named(all.names(), mask));
        }
    }
    return sets;
}

} // namespace qbn
