#pragma once

#include "core/formula/program.h"

#include <memory>
#include <string_view>

namespace qbn::formula {

/// What two expressions are compared without.
struct Likeness
{
    bool fused = false; ///< fma(a, b, c) is a * b + c
    bool reciprocal = false; ///< a * (1 / b) is a / b
    bool types = false; ///< casts between floats and the types of parameters are nothing
};

/// The expressions of two formulas beside each other, name by name; what was found is kept. Refers to both.
class Likenesses
{
public:
    Likenesses(const Program& first, const Program& second);
    ~Likenesses();

    /// Both compute the name alike but for the order of the operands of a sum or a product. Statements that only one of them has are
    /// read as what they stand for.
    bool same(std::string_view name, const Likeness& likeness);

private:
    class Sides;
    std::unique_ptr<Sides> sides_;
};

} // namespace qbn::formula
