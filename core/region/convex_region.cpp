#include "core/region/convex_region.h"

#include <algorithm>
#include <utility>

namespace qbn {

namespace {

using Corner = ConvexRegion::Corner;

int side(const HalfPlane& half_plane, const Corner& corner)
{
    return (half_plane.a * corner.x + half_plane.b * corner.y + half_plane.c * corner.w).sign();
}

Corner direction(Surd x, Surd y, std::size_t edge)
{
    return {std::move(x), std::move(y), Surd(), edge};
}

} // namespace

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
    std::vector<int> sides;
    for (const Corner& corner : corners_)
        sides.push_back(side(added, corner));
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
    Corner point{line.b * added.c - line.c * added.b, line.c * added.a - line.a * added.c,
                 line.a * added.b - line.b * added.a, edge};
    if (point.w.sign() < 0) {
        point.x = -point.x;
        point.y = -point.y;
        point.w = -point.w;
    }
    return point;
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
    Corner sum{Surd(), Surd(), Surd(), at_infinity};
    for (const Corner& corner : corners_) {
        sum.x = sum.x + corner.x;
        sum.y = sum.y + corner.y;
        sum.w = sum.w + corner.w;
    }
    return std::all_of(half_planes_.begin(), half_planes_.end(), [&](const HalfPlane& h) {
        const int where = side(h, sum);
        return where > 0 || (where == 0 && h.closed);
    });
}

} // namespace qbn
