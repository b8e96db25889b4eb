#include "core/region/feasible_region.h"

#include "core/arithmetic/exact.h"
#include "core/region/observed_half_planes.h"
#include "core/region/region_shape.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

namespace qbn {

namespace {

/// The half-planes of each observation, and those of the unknowns themselves.
struct Constraints
{
    std::vector<HalfPlane> domain;
    std::vector<std::vector<HalfPlane>> observed;
    /// Of each entry of observed: its input code, and the index of its observation.
    std::vector<std::int32_t> input_codes;
    std::vector<std::size_t> observations;
};

bool clip_by(ConvexRegion& region, const std::vector<HalfPlane>& half_planes)
{
    for (const HalfPlane& half_plane : half_planes)
        region.clip(half_plane);
    return !region.is_empty();
}

/// What one observation leaves of the domain.
ConvexRegion region_of(const Constraints& constraints, std::size_t observed)
{
    ConvexRegion region;
    clip_by(region, constraints.domain);
    clip_by(region, constraints.observed[observed]);
    return region;
}

/// One observation is a strip or a half-plane, and no domain cuts it.
bool has_room(const Constraints& constraints, std::size_t observed)
{
    const auto& half_planes = constraints.observed[observed];
    return constraints.domain.empty()
        && std::all_of(half_planes.begin(), half_planes.end(), [](const HalfPlane& half_plane) {
               return half_plane.a.sign() != 0 || half_plane.b.sign() != 0;
           });
}

/// Two half-planes whose lines cross have points in common, and so have two strips. Nothing but the
/// domain can part them.
bool cross(const Constraints& constraints, std::size_t i, std::size_t k)
{
    if (!constraints.domain.empty() || constraints.observed[i].empty()
        || constraints.observed[k].empty())
        return false;
    const HalfPlane& one = constraints.observed[i].front();
    const HalfPlane& other = constraints.observed[k].front();
    return (one.a * other.b - one.b * other.a).sign() != 0;
}

/// The first one before `last` that leaves nothing of what `last` leaves.
std::optional<std::size_t> contradicting(const Constraints& constraints, std::size_t last)
{
    const ConvexRegion left = region_of(constraints, last);
    for (std::size_t i = 0; i < last; ++i) {
        if (cross(constraints, i, last))
            continue;
        ConvexRegion both = left;
        if (!clip_by(both, constraints.observed[i]))
            return i;
    }
    return std::nullopt;
}

/// Each round finds the observation with which the region first becomes empty, given those found
/// before: none of the result can be left out, and by Helly's theorem three rounds are enough.
std::vector<std::size_t> irreducible_contradiction(const Constraints& constraints)
{
    std::vector<std::size_t> found;
    for (;;) {
        ConvexRegion region;
        clip_by(region, constraints.domain);
        for (const std::size_t i : found)
            clip_by(region, constraints.observed[i]);
        std::size_t next = 0;
        while (!region.is_empty() && next < constraints.observed.size())
            clip_by(region, constraints.observed[next++]);
        if (next == 0)
            return found;
        found.push_back(next - 1);
    }
}

/// Two codes for one input, which no values whatever can give.
std::vector<std::size_t> two_codes_for_one_input(const Constraints& constraints)
{
    std::map<std::int32_t, std::size_t> first_with;
    for (std::size_t i = 0; i < constraints.input_codes.size(); ++i) {
        const auto [entry, is_new] = first_with.try_emplace(constraints.input_codes[i], i);
        if (!is_new)
            return {entry->second, i};
    }
    return {};
}

std::vector<std::size_t> smallest_contradiction(const Constraints& constraints)
{
    const std::size_t count = constraints.observed.size();
    for (std::size_t i = 0; i < count; ++i) {
        if (!has_room(constraints, i) && region_of(constraints, i).is_empty())
            return {i};
    }
    if (auto pair = two_codes_for_one_input(constraints); !pair.empty())
        return pair;
    for (std::size_t i = 0; i < std::min(count, contradicting_pair_limit); ++i) {
        if (const auto other = contradicting(constraints, i))
            return {*other, i};
    }
    return irreducible_contradiction(constraints);
}

/// One entry for each different pair of codes.
Constraints constraints_of(const BatchNormLayer& layer, int channel,
                           std::span<const Observation> observations, const UnknownPair& unknowns)
{
    const ObservedHalfPlanes half_planes(layer, channel, unknowns);
    Constraints constraints{.domain = half_planes.domain()};
    std::set<std::tuple<std::int32_t, std::int32_t>> seen;
    for (std::size_t i = 0; i < observations.size(); ++i) {
        const Observation& observation = observations[i];
        if (observation.channel != channel
            || !seen.insert({observation.input_code, observation.output_code}).second)
            continue;
        constraints.observed.push_back(half_planes.of(observation));
        constraints.input_codes.push_back(observation.input_code);
        constraints.observations.push_back(i);
    }
    return constraints;
}

/// Slope and offset of a layer are gamma and beta of one that does not normalize.
BatchNormLayer without_normalizing(const BatchNormLayer& layer, int channel)
{
    BatchNormLayer plain = layer;
    plain.mean[channel] = 0;
    plain.var[channel] = 1;
    plain.eps = 0;
    return plain;
}

double slope_of(const BatchNormLayer& layer, int channel)
{
    return layer.gamma[channel] / std::sqrt(layer.var[channel] + layer.eps);
}

} // namespace

FeasibleRegion::Point values_of(const BatchNormLayer& layer, int channel, const UnknownPair& pair)
{
    if (!pair.effective)
        return {value_of(layer, pair.first, channel), value_of(layer, pair.second, channel)};
    const double slope = slope_of(layer, channel);
    return {slope, layer.beta[channel] - layer.mean[channel] * slope};
}

void set_values(BatchNormLayer& layer, int channel, const UnknownPair& pair,
                FeasibleRegion::Point values)
{
    if (pair.effective)
        values = {values.x * std::sqrt(layer.var[channel] + layer.eps),
                  values.y + layer.mean[channel] * values.x};
    set_value(layer, pair.first, channel, values.x);
    set_value(layer, pair.second, channel, values.y);
}

std::string_view name_of(FeasibleRegion::Kind kind)
{
    constexpr std::array<std::string_view, 8> names{"empty", "point", "segment", "ray",
                                                    "line",  "strip", "polygon", "unbounded"};
    return names[static_cast<std::size_t>(kind)];
}

Result<FeasibleRegion> feasible_region(const BatchNormLayer& layer, int channel,
                                       std::span<const Observation> observations,
                                       const UnknownPair& unknowns)
{
    if (unknowns.effective) {
        auto region = feasible_region(without_normalizing(layer, channel), channel, observations,
                                      {unknowns.first, unknowns.second});
        if (region) {
            region->unknowns = unknowns;
            if (region->kind != FeasibleRegion::Kind::empty)
                region->centre = centre_of(*region, values_of(layer, channel, unknowns));
        }
        return region;
    }
    if (auto reason = why_not_solvable(layer, channel, unknowns))
        return *std::move(reason);
    const Constraints constraints = constraints_of(layer, channel, observations, unknowns);

    ConvexRegion region;
    clip_by(region, constraints.domain);
    std::vector<std::optional<std::size_t>> sources(constraints.domain.size());
    for (std::size_t i = 0; i < constraints.observed.size(); ++i) {
        clip_by(region, constraints.observed[i]);
        sources.resize(region.half_planes().size(), constraints.observations[i]);
    }

    FeasibleRegion result;
    result.unknowns = unknowns;
    if (region.is_empty()) {
        for (const std::size_t i : smallest_contradiction(constraints))
            result.contradiction.push_back(constraints.observations[i]);
        std::sort(result.contradiction.begin(), result.contradiction.end());
        return result;
    }
    describe_shape(region, sources, result);
    result.centre = centre_of(result, values_of(layer, channel, unknowns));
    return result;
}

bool contains(const BatchNormLayer& layer, int channel, std::span<const Observation> observations,
              const UnknownPair& unknowns, FeasibleRegion::Point point)
{
    const auto is_scale
        = [](Field field) { return field == Field::input_scale || field == Field::output_scale; };
    if ((is_scale(unknowns.first) && !(point.x > 0))
        || (is_scale(unknowns.second) && !(point.y > 0)))
        return false;
    BatchNormLayer changed = unknowns.effective ? without_normalizing(layer, channel) : layer;
    set_values(changed, channel, {unknowns.first, unknowns.second}, point);
    const ExactChannel exact(changed, channel);
    return std::all_of(observations.begin(), observations.end(), [&](const Observation& o) {
        return o.channel != channel || exact.requantize(o.input_code).output_code == o.output_code;
    });
}

} // namespace qbn
