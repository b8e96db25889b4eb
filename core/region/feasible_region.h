#pragma once

#include "core/layer/batch_norm.h"
#include "core/layer/observation.h"
#include "core/layer/unknown_pair.h"
#include "core/text/result.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace qbn {

/// All values of two unknown parameters with which exact mathematics gives every observed code of a
/// channel. With t = (gamma * (dequantized - mean) / sqrt(var + eps) + beta) / y_scale and
/// r = y_q - y_zero_point, an observation says
///     r - 1/2 <= t <= r + 1/2      with both ends where r is even, without them where it is odd
/// (a half goes to the even number); a code at qmin, qmax or the floor of a ReLU says one of the
/// two, an unattainable code contradicts by itself. A scale that is sought is above 0. Multiplied
/// by y_scale and sqrt(var + eps), every one is a half-plane in the unknown pair, and their
/// intersection is convex: one observation gives a strip, two at different inputs a parallelogram.
///
/// The geometry is exact: parameters are taken as they stand, the root is kept as a root
/// (core/region/surd.h), and a half-open edge is honoured. Numbers below are rounded once to
/// binary64. A backend that computes in binary32 can differ next to an edge.
struct FeasibleRegion
{
    enum class Kind : std::uint8_t
    {
        empty,
        point,
        segment,
        ray,
        line,
        strip, ///< between two parallel lines
        polygon,
        unbounded ///< any other: the plane, a half-plane, a wedge, a strip that ends on one side
    };

    struct Point
    {
        double x = 0;
        double y = 0;
    };

    /// a * x + b * y + c >= 0, scaled so that |b| = 1, or |a| = 1 where b is 0.
    struct Edge
    {
        double a = 0;
        double b = 0;
        double c = 0;
        bool closed = true; ///< its own points belong to the region
        /// Index of the observation that it comes from; none: a scale that is above 0.
        std::optional<std::size_t> observation;
    };

    UnknownPair unknowns;
    Kind kind = Kind::empty;
    std::vector<Point> corners; ///< counter-clockwise, each once
    std::vector<Point> directions; ///< unit vectors in which its edges go on without end
    /// Those on whose lines its outline runs, in that order; a region without area, which runs
    /// along one line, has those of this line alone.
    std::vector<Edge> edges;
    /// A polygon's centre of mass, the middle of a segment. Of an endless region a point inside:
    /// of a strip the point of its middle line that is nearest to the layer's own values, else the
    /// centre of the part near its corners and the layer's own values. Nothing where it is empty.
    std::optional<Point> centre;
    /// Where it is empty: indices of one, two or three observations that contradict each other (in
    /// the plane three are enough: Helly's theorem), as few as can be. With an unknown scale and
    /// more than contradicting_pair_limit different observations, three of which none can be
    /// left out may stand for two.
    std::vector<std::size_t> contradiction;
};

inline constexpr std::size_t contradicting_pair_limit = 64;

std::string_view name_of(FeasibleRegion::Kind kind);

/// The present values of the two in a layer.
FeasibleRegion::Point values_of(const BatchNormLayer& layer, int channel, const UnknownPair& pair);
/// Gives the layer these values, marked as typed: for a slope and an offset gamma and beta change.
void set_values(BatchNormLayer& layer, int channel, const UnknownPair& pair,
                FeasibleRegion::Point values);

/// The region of `channel`; observations of other channels are not looked at. Fails where the pair
/// cannot be solved for, where a known parameter is not finite or a known scale not above 0, and
/// where var + eps is not above 0.
Result<FeasibleRegion> feasible_region(const BatchNormLayer& layer, int channel,
                                       std::span<const Observation> observations,
                                       const UnknownPair& unknowns = {});

/// Whether the region holds a point, decided by computing every observed code with it: exact, and
/// right on open edges too.
bool contains(const BatchNormLayer& layer, int channel, std::span<const Observation> observations,
              const UnknownPair& unknowns, FeasibleRegion::Point point);

/// The part of the region inside of a rectangle, as a polygon to draw; its corners are computed in
/// binary64. Empty where they do not meet or the region has no area.
std::vector<FeasibleRegion::Point> outline(const FeasibleRegion& region, FeasibleRegion::Point low,
                                           FeasibleRegion::Point high);

} // namespace qbn
