#pragma once

#include "core/formula/bound_formula.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace qbn::formula {

/// What a formula would give for one code, were some of its roundings not made: those operations and what follows from them are
/// computed in long double (64 bits of precision on x86), all else is taken as it was. Values gathered over all channels stay.
class Trial
{
public:
    /// Refers to both. After BoundFormula::run() of the channel; lane is that of the code.
    Trial(const BoundFormula& bound, const BatchNormLayer& layer, int channel, std::size_t lane);

    /// The instructions that round: sums, products, quotients, roots and casts of floats, and parameters that are narrowed.
    const std::vector<int>& roundings() const { return roundings_; }
    /// "gain" of a statement, "s_in" of a parameter, "var + eps" of an operation within a statement.
    std::string name_of(int instruction) const;

    /// The output code without the roundings of some instructions.
    std::int32_t code_without(std::span<const int> instructions);

private:
    struct Number
    {
        long double real = 0;
        std::int64_t whole = 0; ///< of i64, i32 and bool
        bool changed = false;
    };

    Number known(int index) const;
    Number computed(const Instruction& instruction, bool exactly) const;
    void compute_real(const Instruction& instruction, Number& result) const;
    bool compute_from_real(const Instruction& instruction, Number& result) const;
    void compute_whole(const Instruction& instruction, Number& result) const;
    const Number& operand(const Instruction& instruction, std::size_t slot) const
    {
        return numbers_[static_cast<std::size_t>(instruction.operands[slot])];
    }

    const BoundFormula& bound_;
    const BatchNormLayer& layer_;
    int channel_;
    std::size_t lane_;
    std::vector<int> roundings_;
    std::vector<Number> numbers_;
};

} // namespace qbn::formula
