#pragma once

#include "core/evaluate/evaluation.h"
#include "core/text/table.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace qbn {

/// Names that a text may hold as {{name}}, and what stands for them.
using Placeholders = std::map<std::string, Cell, std::less<>>;

/// The numbers of the selected code, stage by stage: "gamma", "input_code", "dequantized", ...
/// dequantized and output_value are the binary32 values that frameworks print; normalized, affine,
/// steps and requantized are exact mathematics rounded once to binary64, as the stages show them.
/// "code_by:no-eps" is the output code of the recipe with that id (core/explain/recipe.h), for
/// those that change the computation.
Placeholders placeholders_of(const Evaluation& evaluation);

/// Replaces every {{name}} that is known by `to_text` of its value; one that is not stays as it is.
std::string fill_placeholders(std::string_view text, const Placeholders& values,
                              const std::function<std::string(const Cell&)>& write = to_text);

} // namespace qbn
