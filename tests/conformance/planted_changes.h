#pragma once

#include <string_view>
#include <vector>

namespace qbn::conformance {

/// Where a change gives other codes.
enum class Decides
{
    nearTies, ///< near the middle between two codes: nearTieLayer() searches for it
    ties, ///< half way between two codes, and in other layers that no search is needed for
    extremes, ///< NaN, infinity, overflow, zero points outside of the type
};

/// A mistake that somebody could make in a formula: one piece of its text for another one.
struct PlantedChange
{
    std::string_view name; ///< "multiply-add apart"
    std::string_view from; ///< stands once in the formula
    std::string_view to;
    Decides decides = Decides::nearTies;
};

/// The changes that the layers of a subject have to show: each has to give other codes somewhere,
/// or the run proves too little.
std::vector<PlantedChange> plantedChanges(std::string_view subject);

} // namespace qbn::conformance
