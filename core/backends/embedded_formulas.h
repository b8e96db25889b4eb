#pragma once

#include <span>
#include <string_view>

namespace qbn {

/// core/backends/ID.formula, in the program.
struct EmbeddedFormula
{
    std::string_view id;
    std::string_view text;
};

std::span<const EmbeddedFormula> embedded_formulas();

} // namespace qbn
