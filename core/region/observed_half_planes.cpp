#include "core/region/observed_half_planes.h"

#include "core/text/text_number.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace qbn {

namespace {

bool has(const UnknownPair& unknowns, Field field)
{
    return unknowns.first == field || unknowns.second == field;
}

bool is_scale(Field field)
{
    return field == Field::input_scale || field == Field::output_scale;
}

} // namespace

std::optional<Error> why_not_solvable(const BatchNormLayer& layer, int channel,
                                      const UnknownPair& unknowns)
{
    if (auto reason = why_not_a_pair(unknowns))
        return reason;
    for (const Field field : solvable_fields) {
        const double value = value_of(layer, field, channel);
        if (has(unknowns, field))
            continue;
        if (!std::isfinite(value))
            return Error{spaced_name(field) + " is " + format_number(value)};
        if (is_scale(field) && value <= 0)
            return Error{spaced_name(field) + " is " + format_number(value) + ", not above 0"};
    }
    const double var_eps = layer.var[channel] + layer.eps;
    if (!std::isfinite(var_eps) || var_eps <= 0)
        return Error{"var + eps is " + format_number(var_eps) + ", not above 0"};
    return std::nullopt;
}

Dyadic& ObservedHalfPlanes::Parameters::of(Field field)
{
    switch (field) {
    case Field::gamma:
        return gamma;
    case Field::beta:
        return beta;
    case Field::mean:
        return mean;
    case Field::input_scale:
        return input_scale;
    default:
        assert(field == Field::output_scale);
        return output_scale;
    }
}

ObservedHalfPlanes::ObservedHalfPlanes(const BatchNormLayer& layer, int channel,
                                       const UnknownPair& unknowns)
    : unknowns_(unknowns)
    , var_eps_(std::make_shared<Dyadic>(Dyadic(layer.var[channel]) + Dyadic(layer.eps)))
    , input_(layer.input)
    , output_(layer.output)
    , relu_(layer.relu)
{
    for (const Field field : solvable_fields) {
        if (!has(unknowns, field))
            known_.of(field) = Dyadic(value_of(layer, field, channel));
    }
}

std::vector<HalfPlane> ObservedHalfPlanes::domain() const
{
    std::vector<HalfPlane> positive;
    const Surd zero;
    const Surd one{Dyadic(1LL)};
    if (is_scale(unknowns_.first))
        positive.push_back({one, zero, zero, false});
    if (is_scale(unknowns_.second))
        positive.push_back({zero, one, zero, false});
    return positive;
}

std::vector<HalfPlane> ObservedHalfPlanes::of(const Observation& observation) const
{
    const std::int32_t qmin = output_.type.qmin();
    const std::int32_t qmax = output_.type.qmax();
    const std::int32_t floor = relu_ ? std::clamp(output_.zero_point, qmin, qmax) : qmin;
    const std::int32_t code = observation.output_code;
    if (code < floor || code > qmax)
        return {{Surd(), Surd(), Surd(Dyadic(-1LL)), true}};
    const double rounded = static_cast<double>(code) - output_.zero_point;
    std::vector<HalfPlane> bounds;
    if (code > floor)
        bounds.push_back(bound(observation.input_code, rounded - 0.5, true));
    if (code < qmax)
        bounds.push_back(bound(observation.input_code, rounded + 0.5, false));
    return bounds;
}

/// t >= steps or t <= steps. steps is a half, which goes to the even one of its two neighbours.
HalfPlane ObservedHalfPlanes::bound(std::int32_t input_code, double steps, bool is_lower) const
{
    const Dyadic zero;
    const Dyadic one(1LL);
    // Linear in each of the two, and without a product of them: three values tell the coefficients.
    const Surd c = excess(known_, zero, zero, input_code, steps);
    const Surd a = excess(known_, one, zero, input_code, steps) - c;
    const Surd b = excess(known_, zero, one, input_code, steps) - c;
    const double rounded = is_lower ? steps + 0.5 : steps - 0.5;
    const bool closed = std::fmod(rounded, 2) == 0;
    return is_lower ? HalfPlane{a, b, c, closed} : HalfPlane{-a, -b, -c, closed};
}

/// (t - steps) * y_scale * sqrt(var + eps)
///     = gamma * (x_scale * (x_q - x_zero_point) - mean)
///     + (beta - y_scale * steps) * sqrt(var + eps)
Surd ObservedHalfPlanes::excess(Parameters parameters, const Dyadic& x, const Dyadic& y,
                                std::int32_t input_code, double steps) const
{
    parameters.of(unknowns_.first) = x;
    parameters.of(unknowns_.second) = y;
    const Dyadic centred(static_cast<long long>(input_code) - input_.zero_point);
    return {parameters.gamma * (parameters.input_scale * centred - parameters.mean),
            parameters.beta - parameters.output_scale * Dyadic(steps), var_eps_};
}

} // namespace qbn
