#pragma once

#include "core/explain/recipe.h"
#include "core/formula/point_formula.h"
#include "core/layer/batch_norm.h"

#include <span>
#include <string>
#include <vector>

namespace qbn {

/// The textbook's batch norm as people compute it by hand or in Python: a formula of which every operation is one of binary64, on
/// the parameters as they stand, not what a framework's kernel gives to the last bit (that is a Backend). Its statement `number` is
/// what stands in the place of the code; a recipe may leave it outside of the type's range. Where a range is kept, NaN gives its
/// lower end.
std::string_view textbook_text();

/// The same with the changes of a recipe, and of a second one. Requires: compatible() ones.
std::string formula_text(const Recipe& recipe, const Recipe* second);

/// The numbers that it gives. A whole number each, unless it is infinite or NaN, which "not-clamped" alone lets through.
std::vector<double> computed(const Recipe& recipe, const Recipe* second,
                             const BatchNormLayer& layer, std::span<const formula::Point> points);

} // namespace qbn
