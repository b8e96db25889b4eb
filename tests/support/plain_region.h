#pragma once

#include "core/region/feasible_region.h"
#include "tests/support/exactly.h"

#include <QStringList>

#include <algorithm>
#include <cmath>

namespace qbn::test {

/// t = gamma * x_q + beta, and y_q is t rounded.
inline BatchNormLayer plainLayer()
{
    BatchNormLayer layer = identity_layer("plain", 1);
    layer.input = {quint8_type, 1.0, 0};
    layer.output = {quint8_type, 1.0, 0};
    layer.eps = 0;
    return layer;
}

inline QString cornersOf(const FeasibleRegion& region)
{
    QStringList corners;
    for (const auto& corner : region.corners)
        corners << QStringLiteral("(%1 %2)").arg(exactly(corner.x), exactly(corner.y));
    corners.sort();
    return corners.join(QLatin1Char(' '));
}

/// How far inside of all edges a point lies, relative to the size of the terms; below 0 outside.
inline double depth(const FeasibleRegion& region, FeasibleRegion::Point p)
{
    double smallest = HUGE_VAL;
    for (const auto& e : region.edges) {
        const double terms = std::abs(e.a * p.x) + std::abs(e.b * p.y) + std::abs(e.c);
        smallest = std::min(smallest, (e.a * p.x + e.b * p.y + e.c) / terms);
    }
    return smallest;
}

} // namespace qbn::test
