#pragma once

#include "core/arithmetic/trace.h"
#include "core/formula/bound_formula.h"

namespace qbn {

/// What views show of a formula's codes, by the names that formulas share: requantized is the number of output steps, sum that with
/// the zero point before the clamp, simd the lane. A formula without requantized has NaN there.
/// After BoundFormula::run().
Requantized requantized(const formula::BoundFormula& bound, const BatchNormLayer& layer,
                        std::size_t lane);

/// The named numbers of a code; of the conversion to a code, which comes after requantized, the result alone.
Trace trace_of(const formula::BoundFormula& bound, const BatchNormLayer& layer, std::size_t lane);

} // namespace qbn
