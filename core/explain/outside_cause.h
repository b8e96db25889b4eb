#pragma once

#include <span>
#include <string_view>

namespace qbn {

/// A reason for another code that lies outside of one layer's formula: no recipe finds it, and a
/// person has to look. Shown where the recipes do not explain all observations.
struct OutsideCause
{
    std::string_view id; ///< "input-of-another-layer"; stable
    std::string_view title;
    std::string_view explanation; ///< what happened, one sentence
    std::string_view check; ///< what settles it
};

/// The more frequent ones first.
std::span<const OutsideCause> all_outside_causes();

} // namespace qbn
