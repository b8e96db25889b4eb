#pragma once

#include "core/backends/backend.h"
#include "core/layer/batch_norm.h"

#include <vector>

namespace qbn {

/// The codes of a channel of which a formula proves by its own operations that they are those of exact mathematics: what its
/// roundings can be off (core/formula/error_bound.h) reaches neither a boundary of codes nor half a step, and the codes are those.
/// Index i is input code qmin + i. None where the output's zero point is outside of its type. Of `exact` all are.
std::vector<bool> proved_codes(const Backend& backend, const BatchNormLayer& layer, int channel);

/// All codes of all channels. Ends at the first that is not.
bool is_proved(const Backend& backend, const BatchNormLayer& layer);

} // namespace qbn
