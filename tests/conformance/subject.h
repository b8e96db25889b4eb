#pragma once

#include "core/arithmetic/arithmetic.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace qbn::conformance {

/// The arithmetic with one choice made otherwise.
struct Variant
{
    std::string_view name; ///< "separate multiply-add"
    Arithmetic arithmetic;
};

/// An arithmetic that is held against a real operator, and what that operator takes.
struct Subject
{
    std::string_view name; ///< "pytorch"; the operator's program knows it by this name
    Arithmetic arithmetic;
    bool binary64Scales = false; ///< scales that are not binary32 numbers
    std::int32_t wildestZeroPoint = 0; ///< outside of the code's type; 0: none is taken there
    bool mixedTypes = false; ///< quint8 in and qint8 out, or the reverse
};

/// The backends whose operators can be installed, and PyTorch's reference pattern as it is computed
/// without FMA, which is no backend of its own.
std::vector<Subject> allSubjects();

/// One for each choice that the arithmetic's form looks at: those that round first, the conversion
/// last.
std::vector<Variant> variantsOf(const Arithmetic& arithmetic);

} // namespace qbn::conformance
