#pragma once

#include "tests/conformance/families.h"

namespace qbn::conformance {

/// A layer whose channels were searched for: in each, some input code lies so near to the middle
/// between two output codes that one of the variants gives other codes than the subject's formula.
/// Those that decide near ties take turns; where the search for one gives up, the channel is
/// ordinary.
BatchNormLayer nearTieLayer(const Subject& subject, int channels, Random& random);

} // namespace qbn::conformance
