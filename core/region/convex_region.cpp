#include "core/region/convex_region.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace qbn {

namespace {

using Corner = ConvexRegion::Corner;

std::array<Estimate, 3> estimates_of(const HalfPlane& half_plane)
{
    return {half_plane.a.estimate(), half_plane.b.estimate(), half_plane.c.estimate()};
}

/// The sign of a sum of three products; 0 where the estimates do not tell it.
int estimated_sign(const std::array<Estimate, 3>& a, const std::array<Estimate, 3>& b)
{
    using Limits = std::numeric_limits<long double>;
    constexpr long double roundings = 32 * Limits::epsilon();
    long double sum = 0;
    long double error = 16 * Limits::min(); // of products that are too small
    for (std::size_t i = 0; i < a.size(); ++i) {
        const long double product = a[i].value * b[i].value;
        sum += product;
        error += std::abs(a[i].value) * b[i].error + std::abs(b[i].value) * a[i].error
            + a[i].error * b[i].error + roundings * std::abs(product);
    }
    if (!(std::abs(sum) > 2 * error) || std::isinf(sum))
        return 0;
    return sum > 0 ? 1 : -1;
}

int exact_side(const HalfPlane& half_plane, const Corner& corner)
{
    return (half_plane.a * corner.x + half_plane.b * corner.y + half_plane.c * corner.w).sign();
}

int side(const HalfPlane& half_plane, const std::array<Estimate, 3>& estimates,
         const Corner& corner)
{
    const int estimated = estimated_sign(estimates, corner.estimates);
    return estimated != 0 ? estimated : exact_side(half_plane, corner);
}

Corner direction(Surd x, Surd y, std::size_t edge)
{
    return {std::move(x), std::move(y), Surd(), edge};
}

} // namespace

ConvexRegion::Corner::Corner(Surd x_, Surd y_, Surd w_, std::size_t edge_)
    : x(std::move(x_))
    , y(std::move(y_))
    , w(std::move(w_))
    , estimates{x.estimate(), y.estimate(), w.estimate()}
    , edge(edge_)
{ }

ConvexRegion::ConvexRegion()
{
    const Surd zero;
    const Surd one{Dyadic(1LL)};
    corners_ = {direction(one, zero, at_infinity), direction(zero, one, at_infinity),
                direction(-one, zero, at_infinity), direction(zero, -one, at_infinity)};
}

void ConvexRegion::clip(HalfPlane half_plane)
{
    half_planes_.push_back(std::move(half_plane));
    const HalfPlane& added = half_planes_.back();
    if (empty_)
        return;
    if (added.a.sign() == 0 && added.b.sign() == 0) {
        empty_ = added.c.sign() < 0 || (added.c.sign() == 0 && !added.closed);
        return;
    }
    clip_corners();
    // An area that is not lost keeps an inner point, which is strictly inside of every half-plane.
    if (!empty_ && !has_area_)
        empty_ = !inner_point_is_inside();
}

void ConvexRegion::clip_corners()
{
    const HalfPlane& added = half_planes_.back();
    const std::size_t index = half_planes_.size() - 1;
    const std::array<Estimate, 3> estimates = estimates_of(added);
    std::vector<int> sides;
    for (const Corner& corner : corners_)
        sides.push_back(side(added, estimates, corner));
    if (std::all_of(sides.begin(), sides.end(), [](int s) { return s > 0; }))
        return;
    const bool reaches_inside
        = std::any_of(sides.begin(), sides.end(), [](int s) { return s > 0; });

    std::vector<Corner> kept;
    bool touches = false;
    for (std::size_t i = 0; i < corners_.size(); ++i) {
        const int here = sides[i];
        const int next = sides[(i + 1) % corners_.size()];
        touches = touches || (here == 0 && !corners_[i].is_direction());
        if (here >= 0) {
            kept.push_back(corners_[i]);
            if (here == 0 && next < 0)
                kept.back().edge = index;
        }
        if (here * next < 0)
            kept.push_back(crossing(corners_[i], here > 0));
    }
    // Directions alone on the line say nothing: a parallel region may lie on its outer side.
    empty_ = !reaches_inside && !touches;
    has_area_ = has_area_ && reaches_inside;
    corners_ = std::move(kept);
    anchor_endless_edges();
}

/// Where the edge that starts at `from` meets the newest line.
ConvexRegion::Corner ConvexRegion::crossing(const Corner& from, bool leaving) const
{
    const HalfPlane& added = half_planes_.back();
    const std::size_t edge = leaving ? half_planes_.size() - 1 : from.edge;
    if (from.edge == at_infinity) {
        // The new edge runs along (b, -a), its inner side on the left: it starts where the outline
        // leaves.
        return leaving ? direction(-added.b, added.a, edge) : direction(added.b, -added.a, edge);
    }
    const HalfPlane& line = half_planes_[from.edge];
    Surd x = line.b * added.c - line.c * added.b;
    Surd y = line.c * added.a - line.a * added.c;
    Surd w = line.a * added.b - line.b * added.a;
    if (w.sign() < 0)
        return {-x, -y, -w, edge};
    return {std::move(x), std::move(y), std::move(w), edge};
}

/// Between a direction and its opposite runs a whole line, and its two ends do not say where: the
/// foot of the origin on it goes between them.
void ConvexRegion::anchor_endless_edges()
{
    const std::size_t index = half_planes_.size() - 1;
    const HalfPlane& added = half_planes_.back();
    for (std::size_t i = 0; i < corners_.size(); ++i) {
        const Corner& next = corners_[(i + 1) % corners_.size()];
        if (corners_[i].edge != index || !corners_[i].is_direction() || !next.is_direction())
            continue;
        Corner foot{-(added.a * added.c), -(added.b * added.c),
                    added.a * added.a + added.b * added.b, index};
        corners_.insert(corners_.begin() + static_cast<std::ptrdiff_t>(i) + 1, std::move(foot));
        return;
    }
}

/// The sum of all corners lies inside of the region, or of the line or point that it is.
bool ConvexRegion::inner_point_is_inside() const
{
    Surd x;
    Surd y;
    Surd w;
    for (const Corner& corner : corners_) {
        x = x + corner.x;
        y = y + corner.y;
        w = w + corner.w;
    }
    const Corner sum(std::move(x), std::move(y), std::move(w), at_infinity);
    return std::all_of(half_planes_.begin(), half_planes_.end(), [&](const HalfPlane& h) {
        const int where = exact_side(h, sum);
        return where > 0 || (where == 0 && h.closed);
    });
}

} // namespace qbn
