#pragma once

#include "core/formula/program.h"

#include <string_view>

namespace qbn::formula {

/// What two expressions are compared without.
struct Likeness
{
    bool fused = false; ///< fma(a, b, c) is a * b + c
    bool reciprocal = false; ///< a * (1 / b) is a / b
    bool types = false; ///< casts between floats and the types of parameters are nothing
};

/// Both formulas compute the name alike but for the order of the operands of a sum or a product. Statements that only one of them
/// has are read as what they stand for.
bool same_expression(const Program& first, const Program& second, std::string_view name,
                     const Likeness& likeness);

} // namespace qbn::formula
