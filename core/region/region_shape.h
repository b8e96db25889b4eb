#pragma once

#include "core/region/convex_region.h"
#include "core/region/feasible_region.h"

#include <optional>
#include <vector>

namespace qbn {

/// Sets kind, corners, directions and edges of `result`. sources[i] is where half-plane i of the
/// region comes from. Requires: a region that is not empty.
void describe_shape(const ConvexRegion& region,
                    const std::vector<std::optional<std::size_t>>& sources, FeasibleRegion& result);

/// As FeasibleRegion::centre says. Requires: a region that is described and not empty.
FeasibleRegion::Point centre_of(const FeasibleRegion& region, FeasibleRegion::Point current);

} // namespace qbn
