#pragma once

#include "core/explain/computation.h"

#include <span>
#include <string_view>

namespace qbn {

/// One known way to compute something else than the layer gives: what a result that is not the
/// prediction is held against. Two recipes compose when they change different choices.
struct Recipe
{
    enum class Kind : std::uint8_t
    {
        chosen_backend, ///< no mistake: the chosen backend's own codes
        other_backend, ///< the codes of each other backend
        computation, ///< a changed Computation
        other_channel ///< a changed Computation for each other channel of the layer
    };

    std::string_view id; ///< "no-eps"; stable, files and scripts use it
    std::string_view title; ///< "eps left out"
    std::string_view formula; ///< the stage that differs, as it was computed
    std::string_view explanation; ///< how people come to it, one sentence
    Kind kind = Kind::computation;
    /// Makes the mistake. `channel` is the other channel's and meant for Kind::other_channel alone.
    /// The kinds with a backend change nothing.
    void (*change)(Computation& computation, int channel) = [](Computation&, int) { };
};

/// All recipes in the order of the registry, `batch-norm` first.
std::span<const Recipe> all_recipes();

/// Nothing for an unknown id.
const Recipe* find_recipe(std::string_view id);

/// Whether two recipes change different choices, so that both can have been made at once.
bool compatible(const Recipe& a, const Recipe& b);

} // namespace qbn
