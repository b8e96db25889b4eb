#pragma once

#include "core/region/surd.h"

#include <array>
#include <cstddef>
#include <limits>
#include <vector>

namespace qbn {

/// All points (x, y) with a * x + b * y + c >= 0, or > 0 where it is open. a = b = 0 is all points
/// or none.
struct HalfPlane
{
    Surd a, b, c;
    bool closed = true;
};

/// The intersection of half-planes, bounded or not, in exact arithmetic. It is the closure's
/// outline that is kept; whether open edges leave nothing of it is_empty() tells.
///
/// Points are homogeneous, (x / w, y / w) with w > 0, and w = 0 is a direction: the whole plane is
/// the polygon whose corners are the directions east, north, west and south. Clipping is that of
/// Sutherland and Hodgman (1974). A corner is always the meeting of two given lines, never computed
/// from another corner, so that its digits do not grow with the number of clips.
class ConvexRegion
{
public:
    static constexpr std::size_t at_infinity = std::numeric_limits<std::size_t>::max();

    struct Corner
    {
        Corner(Surd x_, Surd y_, Surd w_, std::size_t edge_);

        Surd x, y, w;
        std::array<Estimate, 3> estimates; ///< of x, y and w
        std::size_t edge; ///< the half-plane on whose line the way to the next corner runs

        bool is_direction() const { return w.sign() == 0; }
    };

    ConvexRegion();

    /// What remains is inside of `half_plane` too; it is number half_planes().size() - 1 then.
    void clip(HalfPlane half_plane);

    /// No point is in all half-planes.
    bool is_empty() const { return empty_; }
    /// It has an area. One without is a line, a part of a line or a point.
    bool has_area() const { return !empty_ && has_area_; }
    /// Counter-clockwise. A straight edge without an end has a point of it in its middle, whose two
    /// edges are the same; in a region without area corners can repeat.
    const std::vector<Corner>& corners() const { return corners_; }
    const std::vector<HalfPlane>& half_planes() const { return half_planes_; }

private:
    void clip_corners();
    Corner crossing(const Corner& from, bool leaving) const;
    void anchor_endless_edges();
    bool inner_point_is_inside() const;

    std::vector<HalfPlane> half_planes_;
    std::vector<Corner> corners_;
    bool empty_ = false;
    bool has_area_ = true;
};

} // namespace qbn
