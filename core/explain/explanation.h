#pragma once

#include "core/backends/backend.h"
#include "core/explain/recipe.h"

#include <optional>
#include <string>
#include <vector>

namespace qbn {

/// A recipe, or two at once, that gives at least one of the observed codes.
struct Explanation
{
    const Recipe* recipe = nullptr;
    const Recipe* second = nullptr; ///< of a pair
    const Backend* backend = nullptr; ///< that gives the codes; none: the textbook's formula does
    std::optional<int> channel; ///< whose parameters were taken; nothing: those of the observed one
    std::vector<double> codes; ///< the number it gives for each observation
    int explains = 0; ///< how many observations that is right for
    /// How many of these it gives only with parameters that print like the layer's: printed numbers
    /// are intervals. `batch-norm` alone.
    int within_rounding = 0;
    int of = 0;
    /// How likely it is that an explanation of this kind fits as well by chance. Model: of an
    /// unrelated computation, the code at an observed input is one of those that it gives over all
    /// input codes of the channel, drawn at random. So a code that it gives for k of 256 input
    /// codes is met with k / 256, and saturated codes, which many inputs share, say little. An
    /// output code of a channel that is always explained is one try: neighbouring inputs with the
    /// same output are no independent evidence. One that is not is a try for each input code. Where
    /// all succeed, the chance is the product of their shares; where some fail, that of as many
    /// successes or more in so many tries with the mean share of those that succeed. With N
    /// explanations of the same kind tried (the backends; single recipes; other channels; pairs) it
    /// is that of any of them: core/explain/coincidence.h.
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
