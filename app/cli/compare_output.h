#pragma once

#include "core/compare/code_comparison.h"
#include "core/compare/fraction_bits.h"

#include <QJsonObject>

#include <string>
#include <vector>

namespace qbn::cli {

/// One layer with what is shown of it.
struct ComparedLayer
{
    int index = 0;
    const BatchNormLayer* layer = nullptr;
    LayerComparison comparison;
    /// Of the compared backends that are not sound those of which a certificate holds by the errors of their own operations
    /// (core/compare/proof.h), and those of which it says nothing.
    std::vector<const Backend*> proved, uncovered;
    std::vector<FractionBits> bits; ///< for each accumulator of `fixed-point` among the compared
    const Backend* ulp_of = nullptr; ///< whose units in the last place are counted
    bool list_ties = false;
};
std::string layer_text(const ComparedLayer& compared);
std::string summary_text(const std::vector<ComparedLayer>& layers);
QJsonObject layer_json(const ComparedLayer& compared);

} // namespace qbn::cli
