#pragma once

#include "core/layer/batch_norm.h"
#include "core/paste/paste.h"

#include <string>
#include <vector>

namespace qbn {

/// The scales that are left of a printed one: [low, high].
struct ScaleRange
{
    double low = 0;
    double high = 0;
};

/// Which scales of a range give every number as a whole number of steps, within its rounding.
/// Numbers with one possible count of steps narrow the range, until nothing changes. Nothing where
/// no scale does.
std::optional<ScaleRange> narrowed(ScaleRange range, const std::vector<PrintedNumber>& numbers);

/// Makes codes possible for the real values of a layer: narrows a scale that was printed rounded by
/// all values on its side, and puts an input zero point where none was printed, which real values
/// do not need. `index` is the layer's in the paste. Says what it did.
std::vector<std::string> settle_scales(BatchNormLayer& layer, const Paste& paste,
                                       std::size_t index);

} // namespace qbn
