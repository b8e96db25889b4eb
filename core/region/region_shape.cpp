#include "core/region/region_shape.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace qbn {

namespace {

using Kind = FeasibleRegion::Kind;
using Point = FeasibleRegion::Point;
using Edge = FeasibleRegion::Edge;
using Corner = ConvexRegion::Corner;

bool is_same_point(const Corner& p, const Corner& q)
{
    return (p.x * q.w - q.x * p.w).sign() == 0 && (p.y * q.w - q.y * p.w).sign() == 0;
}

bool is_same_direction(const Corner& p, const Corner& q)
{
    return (p.x * q.y - p.y * q.x).sign() == 0 && (p.x * q.x + p.y * q.y).sign() > 0;
}

void add_unless_there(std::vector<const Corner*>& corners, const Corner& corner,
                      bool (*is_same)(const Corner&, const Corner&))
{
    if (std::none_of(corners.begin(), corners.end(),
                     [&](const Corner* other) { return is_same(*other, corner); }))
        corners.push_back(&corner);
}

/// Scaled by the greater coordinate first: the squares of a large exact number overflow.
Point unit_vector(const Corner& direction)
{
    const auto magnitude = [](const Surd& x) { return x.sign() < 0 ? -x : x; };
    const Surd x = magnitude(direction.x);
    const Surd y = magnitude(direction.y);
    const Surd& greater = (x - y).sign() > 0 ? x : y;
    const Point scaled{ratio(direction.x, greater), ratio(direction.y, greater)};
    const double length = std::hypot(scaled.x, scaled.y);
    return {scaled.x / length, scaled.y / length};
}

Edge described(const HalfPlane& half_plane, const std::optional<std::size_t>& source)
{
    const Surd& divisor = half_plane.b.sign() != 0 ? half_plane.b : half_plane.a;
    const Surd positive = divisor.sign() < 0 ? -divisor : divisor;
    return {ratio(half_plane.a, positive), ratio(half_plane.b, positive),
            ratio(half_plane.c, positive), half_plane.closed, source};
}

Kind kind_of(const ConvexRegion& region, std::size_t corners, std::size_t directions)
{
    if (!region.has_area()) {
        if (directions > 0)
            return directions > 1 ? Kind::line : Kind::ray;
        return corners > 1 ? Kind::segment : Kind::point;
    }
    if (directions == 0 && corners > 0)
        return Kind::polygon;
    const auto& outline = region.corners();
    const bool reaches_infinity = std::any_of(outline.begin(), outline.end(), [](const Corner& c) {
        return c.edge == ConvexRegion::at_infinity;
    });
    return corners == 0 && !reaches_infinity ? Kind::strip : Kind::unbounded;
}

Point sum_of(const std::vector<Point>& points)
{
    Point sum;
    for (const Point& point : points)
        sum = {sum.x + point.x, sum.y + point.y};
    return sum;
}

/// Relative to the first corner, so that a small polygon far from the origin keeps its digits.
Point centre_of_mass(const std::vector<Point>& corners)
{
    const Point origin = corners.front();
    double twice_area = 0;
    Point moment;
    for (std::size_t i = 1; i + 1 < corners.size(); ++i) {
        const Point p{corners[i].x - origin.x, corners[i].y - origin.y};
        const Point q{corners[i + 1].x - origin.x, corners[i + 1].y - origin.y};
        const double cross = p.x * q.y - p.y * q.x;
        twice_area += cross;
        moment = {moment.x + cross * (p.x + q.x), moment.y + cross * (p.y + q.y)};
    }
    if (twice_area == 0) {
        const Point sum = sum_of(corners);
        const auto count = static_cast<double>(corners.size());
        return {sum.x / count, sum.y / count};
    }
    return {origin.x + moment.x / (3 * twice_area), origin.y + moment.y / (3 * twice_area)};
}

/// The nearest point to `current` on the line of an edge.
Point projected(const Edge& edge, Point current)
{
    const double excess
        = (edge.a * current.x + edge.b * current.y + edge.c) / (edge.a * edge.a + edge.b * edge.b);
    return {current.x - edge.a * excess, current.y - edge.b * excess};
}

/// The nearest point to `current` half way between the edges of a strip. They look at each other:
/// their coefficients are opposite.
Point on_middle_line(const Edge& one, const Edge& other, Point current)
{
    return projected({.a = one.a, .b = one.b, .c = (one.c - other.c) / 2}, current);
}

std::vector<Point> clipped(const std::vector<Point>& polygon, const Edge& edge)
{
    const auto side = [&edge](const Point& p) { return edge.a * p.x + edge.b * p.y + edge.c; };
    std::vector<Point> kept;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const Point& p = polygon[i];
        const Point& q = polygon[(i + 1) % polygon.size()];
        const double here = side(p);
        const double next = side(q);
        if (here >= 0)
            kept.push_back(p);
        if ((here < 0 && next > 0) || (here > 0 && next < 0)) {
            const double t = here / (here - next);
            kept.push_back({p.x + t * (q.x - p.x), p.y + t * (q.y - p.y)});
        }
    }
    return kept;
}

/// Of an endless region, the part around its corners and the current values.
Point centre_nearby(const FeasibleRegion& region, Point current)
{
    std::vector<Point> points = region.corners;
    points.push_back(current);
    for (const Edge& edge : region.edges)
        points.push_back(projected(edge, current));
    const auto [left, right] = std::minmax_element(
        points.begin(), points.end(), [](const Point& p, const Point& q) { return p.x < q.x; });
    const auto [bottom, top] = std::minmax_element(
        points.begin(), points.end(), [](const Point& p, const Point& q) { return p.y < q.y; });
    const double margin_x = right->x > left->x ? right->x - left->x : 1;
    const double margin_y = top->y > bottom->y ? top->y - bottom->y : 1;
    const std::vector<Point> nearby = outline(region, {left->x - margin_x, bottom->y - margin_y},
                                              {right->x + margin_x, top->y + margin_y});
    // Only where coordinates overflow is there nothing.
    return nearby.empty() ? points.front() : centre_of_mass(nearby);
}

} // namespace

void describe_shape(const ConvexRegion& region,
                    const std::vector<std::optional<std::size_t>>& sources, FeasibleRegion& result)
{
    const auto& outline = region.corners();
    std::vector<const Corner*> corners;
    std::vector<const Corner*> directions;
    std::set<std::size_t> seen;
    for (std::size_t i = 0; i < outline.size(); ++i) {
        const Corner& corner = outline[i];
        const std::size_t before = outline[(i + outline.size() - 1) % outline.size()].edge;
        const bool between_edges = before != corner.edge;
        if (corner.is_direction() && between_edges)
            add_unless_there(directions, corner, is_same_direction);
        else if (!corner.is_direction() && (between_edges || outline.size() == 1))
            add_unless_there(corners, corner, is_same_point);
        if (corner.edge != ConvexRegion::at_infinity && seen.insert(corner.edge).second)
            result.edges.push_back(
                described(region.half_planes()[corner.edge], sources[corner.edge]));
    }
    for (const Corner* corner : corners)
        result.corners.push_back({ratio(corner->x, corner->w), ratio(corner->y, corner->w)});
    for (const Corner* corner : directions)
        result.directions.push_back(unit_vector(*corner));
    result.kind = kind_of(region, corners.size(), directions.size());
}

Point centre_of(const FeasibleRegion& region, Point current)
{
    if (!std::isfinite(current.x) || !std::isfinite(current.y))
        current = {};
    switch (region.kind) {
    case Kind::point:
    case Kind::segment:
    case Kind::polygon:
        return centre_of_mass(region.corners);
    case Kind::strip:
        return on_middle_line(region.edges.front(), region.edges.back(), current);
    case Kind::line:
        return projected(region.edges.front(), current);
    case Kind::ray:
        return {region.corners.front().x + region.directions.front().x,
                region.corners.front().y + region.directions.front().y};
    default:
        return centre_nearby(region, current);
    }
}

std::vector<Point> outline(const FeasibleRegion& region, Point low, Point high)
{
    if (region.kind != Kind::strip && region.kind != Kind::polygon
        && region.kind != Kind::unbounded)
        return {};
    std::vector<Point> polygon{low, {high.x, low.y}, high, {low.x, high.y}};
    for (const Edge& edge : region.edges)
        polygon = clipped(polygon, edge);
    return polygon;
}

} // namespace qbn
