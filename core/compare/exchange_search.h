#pragma once

#include "core/compare/difference.h"

#include <string_view>
#include <vector>

namespace qbn {

/// The fewest exchanges that carry one of two backends to the other's code, each with its cause and what both formulas say there.
/// First single ones from either to the other, then pairs, then three of at most six; the finer causes first. Empty where more are needed.
/// Requires: both have a formula.
std::vector<ExchangedStatement> decisive_exchanges(const Difference& difference,
                                                   const BatchNormLayer& layer);

} // namespace qbn
