#include "core/compare/tie_map.h"

#include "core/arithmetic/exact.h"
#include "core/formula/bound_formula.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace qbn {

namespace {

constexpr int margin_bits = 28;
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Far from overflow and underflow, whatever the order of operations.
bool is_tame(const BatchNormLayer& layer, int channel, double inv_std)
{
    constexpr double large = 1e9;
    const std::array values{layer.mean[channel],
                            layer.var[channel],
                            layer.gamma[channel],
                            layer.beta[channel],
                            layer.eps,
                            inv_std,
                            layer.input.scale,
                            1 / layer.input.scale,
                            layer.output.scale,
                            1 / layer.output.scale};
    return std::all_of(values.begin(), values.end(),
                       [](double value) { return std::abs(value) < large; })
        && layer.input.scale > 0 && layer.output.scale > 0;
}

/// The distance between neighbouring numbers of what the backend rounds to a code, around any steps.
class UnitInTheLastPlace
{
public:
    UnitInTheLastPlace(const Backend& backend, const BatchNormLayer& layer, int channel)
    {
        const formula::Program* program = backend.program.get();
        const auto type_of = [&](const formula::Named& named) {
            return program->instructions()[static_cast<std::size_t>(named.instruction)].type;
        };
        const formula::Named* requantized = program ? program->find("requantized") : nullptr;
        wide_ = !program || (requantized && type_of(*requantized) == formula::Type::f64);
        if (const formula::Named* bits = program ? program->find("fraction_bits") : nullptr) {
            formula::BoundFormula bound(backend.program, layer);
            bound.run(channel);
            fixed_ = std::exp2(-bound.value(bits->instruction, 0));
        }
    }

    double at(double steps) const
    {
        if (fixed_ > 0)
            return fixed_;
        const double magnitude = std::abs(steps);
        if (wide_)
            return std::nextafter(magnitude, infinity) - magnitude;
        const auto narrow = static_cast<float>(magnitude);
        return static_cast<double>(std::nextafter(narrow, std::numeric_limits<float>::infinity()))
            - static_cast<double>(narrow);
    }

private:
    bool wide_ = false;
    double fixed_ = 0;
};

/// rounding_error_bound() for the codes of one channel.
class ErrorBound
{
public:
    ErrorBound(const BatchNormLayer& layer, int channel)
        : input_(layer.input)
        , scale_(layer.output.scale)
        , mean_(std::abs(layer.mean[channel]))
        , beta_(std::abs(layer.beta[channel]))
    {
        const double var = layer.var[channel];
        const double var_eps = var + layer.eps;
        const double inv_std = 1 / std::sqrt(var_eps);
        tame_ = is_tame(layer, channel, inv_std);
        condition_ = (std::abs(var) + std::abs(layer.eps)) / var_eps;
        gain_ = std::abs(layer.gamma[channel]) * inv_std;
    }

    double at(std::int32_t input_code) const
    {
        constexpr double unit = 0x1p-24;
        constexpr double safety = 1.0001; // for products of roundings, and for those made here
        const double product = gain_ * (std::abs(real_value(input_, input_code)) + mean_);
        if (!tame_ || !((product + beta_) / scale_ < 0x1p30))
            return infinity;
        return safety * unit * ((14 + condition_) * product + 7 * beta_) / scale_ + 1e-12;
    }

private:
    QuantizationParameters input_;
    double scale_, mean_, beta_;
    double condition_ = 0;
    double gain_ = 0;
    bool tame_ = false;
};

/// The margins of one channel, but for their ulp.
class Margins
{
public:
    Margins(const BatchNormLayer& layer, int channel)
        : type_(layer.input.type)
        , bound_(layer, channel)
        , usual_(layer.output.type.contains(layer.output.zero_point))
    { }

    CodeMargin of(std::int32_t code, const Boundary& boundary) const
    {
        CodeMargin margin{
            .steps = boundary.distance, .tie = boundary.tie, .bound = bound_.at(code)};
        margin.near = !margin.tie && !(usual_ && margin.steps > margin.bound);
        return margin;
    }

    /// What no bound exceeds: real values are the farthest from 0 at an end, and rounding keeps the order. Infinity where none is of use.
    double most_bound() const
    {
        if (!usual_)
            return infinity;
        return std::max(bound_.at(type_.qmin()), bound_.at(type_.qmax()));
    }

private:
    CodeType type_;
    ErrorBound bound_;
    bool usual_;
};

} // namespace

double rounding_error_bound(const BatchNormLayer& layer, int channel, std::int32_t input_code)
{
    return ErrorBound(layer, channel).at(input_code);
}

void TieCounts::add(const CodeMargin& margin)
{
    ties += margin.tie ? 1 : 0;
    near += margin.near_tie() ? 1 : 0;
    uncertain += margin.near && !margin.near_tie() ? 1 : 0;
}

TieCounts counts_of(const ChannelTieMap& map)
{
    TieCounts counts;
    for (const CodeMargin& margin : map.codes)
        counts.add(margin);
    return counts;
}

TieCounts count_ties(const BatchNormLayer& layer, int channel)
{
    const CodeType type = layer.input.type;
    const ExactChannel exact(layer, channel);
    const Margins margins(layer, channel);
    const Lanes distances = exact.distances(margin_bits);
    const double most = margins.most_bound();
    TieCounts counts;
    for (std::int32_t code = type.qmin(); code <= type.qmax(); ++code) {
        const double told = distances[static_cast<std::size_t>(code - type.qmin())];
        if (told > most)
            continue;
        counts.add(margins.of(
            code, told < 0 ? exact.boundary(code, margin_bits) : Boundary{.distance = told}));
    }
    return counts;
}

ChannelTieMap tie_map(const Backend& backend, const BatchNormLayer& layer, int channel)
{
    const CodeType type = layer.input.type;
    const ExactChannel exact(layer, channel);
    const Margins margins(layer, channel);
    const UnitInTheLastPlace unit(backend, layer, channel);
    ChannelTieMap map;
    map.codes.reserve(static_cast<std::size_t>(type.count()));
    for (std::int32_t code = type.qmin(); code <= type.qmax(); ++code) {
        const Boundary boundary = exact.boundary(code, margin_bits);
        CodeMargin margin = margins.of(code, boundary);
        margin.ulp = margin.steps / unit.at(boundary.steps);
        map.ties += margin.tie ? 1 : 0;
        map.near += margin.near ? 1 : 0;
        map.codes.push_back(margin);
    }
    return map;
}

} // namespace qbn
