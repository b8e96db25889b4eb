#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace qbn {

/// One known way to compute something else than the layer gives: what a result that is not the
/// prediction is held against. It is a change of the textbook's formula (core/explain/computation.h), so two recipes compose when
/// they set different statements.
struct Recipe
{
    enum class Kind : std::uint8_t
    {
        chosen_backend, ///< no mistake: the chosen backend's own codes
        other_backend, ///< the codes of each other backend
        computation, ///< the textbook's formula, changed
        other_channel ///< the textbook's formula with the parameters of each other channel
    };

    std::string_view id; ///< "no-eps"; stable, files and scripts use it
    std::string_view title; ///< "eps left out"
    std::string_view formula; ///< the stage that differs, as it was computed
    std::string_view explanation; ///< how people come to it, one sentence
    Kind kind = Kind::computation;
    /// The statements that it sets, "name = expression" a line. None of the kinds with a backend.
    std::string_view change = {};
};

/// All recipes in the order of the registry, `batch-norm` first.
std::span<const Recipe> all_recipes();

/// Nothing for an unknown id.
const Recipe* find_recipe(std::string_view id);

/// Whether two recipes set different statements, so that both mistakes can have been made at once.
bool compatible(const Recipe& a, const Recipe& b);

} // namespace qbn
