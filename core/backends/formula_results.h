#pragma once

#include "core/arithmetic/trace.h"
#include "core/formula/bound_formula.h"

namespace qbn {

/// What views show of a formula's codes, by the names that formulas share: requantized is the number of output steps, rounded that
/// as an integer, sum with the zero point before the clamp, simd the lane, whose own are simd_rounded and simd_sum. A formula without
/// requantized has NaN there. The names are looked up once. Refers to both; after BoundFormula::run().
class FormulaResults
{
public:
    FormulaResults(const formula::BoundFormula& bound, const BatchNormLayer& layer);

    Requantized requantized(std::size_t lane) const;
    /// The named numbers of a code; of the conversion to a code, which comes after requantized, the result alone.
    Trace trace(std::size_t lane) const;

private:
    static constexpr int none = -1;

    double value(int instruction, std::size_t lane, double otherwise) const;
    Lane lane_of(std::size_t lane) const;

    const formula::BoundFormula& bound_;
    const BatchNormLayer& layer_;
    int requantized_, simd_, rounded_, sum_, simd_rounded_, simd_sum_; ///< instructions
    int affine_; ///< before a ReLU of the real value
};

} // namespace qbn
