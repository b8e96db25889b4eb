#pragma once

#include "core/backends/backend.h"
#include "core/explain/recipe.h"

#include <string>
#include <vector>

namespace qbn {

/// A recipe, or two at once, that gives at least one of the observed codes.
struct Explanation
{
    const Recipe* recipe = nullptr;
    const Recipe* second = nullptr; ///< of a pair
    const Backend* backend = nullptr; ///< that gives the codes; none: a Computation does
    Computation computation; ///< with the changes of both recipes
    std::vector<double> codes; ///< the number it gives for each observation
    int explains = 0; ///< how many observations that is right for
    int of = 0;
    /// How likely it is that an explanation of this kind fits as well by chance. Model: of an
    /// unrelated computation, the code at an observed input is one of those that it gives over all
    /// input codes of the channel, drawn at random. So a code that it gives for k of 256 input
    /// codes is met with k / 256, and saturated codes, which many inputs share, say little. The
    /// shares of the explained observations multiply, each output code of a channel once:
    /// neighbouring inputs with the same output are no independent evidence. With N explanations of
    /// the same kind tried (the backends; single recipes; other channels; pairs) that is
    /// 1 - (1 - product)^N.
    double coincidence = 1;

    bool explains_all() const { return explains == of; }
};

/// "no-eps"; "no-eps+truncated" for a pair.
std::string id_of(const Explanation& explanation);

/// "eps left out and truncated instead of rounded"; names the channel (counted from 0) or the
/// backend where the recipe has one.
std::string title_of(const Explanation& explanation);

/// The stages that differ, those of a pair apart by "; ".
std::string formula_of(const Explanation& explanation);

/// The codes that it gives for all input codes of a channel: index i is input code qmin + i.
std::vector<double> codes(const Explanation& explanation, const BatchNormLayer& layer, int channel);

} // namespace qbn
