#pragma once

#include "core/explain/explanation.h"

#include <vector>

namespace qbn {

/// Best first: more observations explained, then fewer mistakes (`batch-norm` none, a recipe one, a pair two), then the less likely
/// coincidence, then as they stood. But a prediction that needs the slack of a print stands behind a mistake that explains as much
/// as it is printed, if that is by far the less likely coincidence.
void rank(std::vector<Explanation>& explanations);

} // namespace qbn
