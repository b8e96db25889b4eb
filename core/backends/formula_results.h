#pragma once

#include "core/arithmetic/trace.h"
#include "core/formula/bound_formula.h"

#include <array>
#include <cstdint>
#include <vector>

namespace qbn {

/// What views show of a formula's codes, by the names that formulas share: requantized is the number of output steps, rounded that
/// as an integer, sum with the zero point before the clamp, simd the lane, whose own are simd_rounded and simd_sum. A formula without
/// requantized has NaN there. The names are looked up once. Refers to both; after BoundFormula::run().
class FormulaResults
{
public:
    FormulaResults(const formula::BoundFormula& bound, const BatchNormLayer& layer);

    Requantized requantized(std::size_t lane) const;
    /// Of all codes.
    std::vector<Requantized> all_requantized() const;
    /// The named numbers of a code; of the conversion to a code, which comes after requantized, the result alone.
    Trace trace(std::size_t lane) const;

private:
    enum Part : std::uint8_t
    {
        steps,
        simd,
        rounded,
        sum,
        simd_rounded,
        simd_sum,
        affine, ///< before a ReLU of the real value
        parts
    };
    static constexpr int none = -1;

    bool has(Part part) const { return instructions_[part] != none; }
    double value(Part part, std::size_t lane) const;
    Lane lane_of(std::size_t lane) const;
    template <typename Value> Requantized result(std::int32_t code, const Value& value) const;

    const formula::BoundFormula& bound_;
    const BatchNormLayer& layer_;
    std::array<int, parts> instructions_{};
};

} // namespace qbn
