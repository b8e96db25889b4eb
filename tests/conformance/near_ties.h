#pragma once

#include "tests/conformance/families.h"

#include <cstdint>
#include <vector>

namespace qbn::conformance {

/// A layer whose channels were searched for: in each, some input code lies so near to the middle
/// between two output codes that one of the variants gives another code than the subject's
/// arithmetic. The variants take turns; where the search for one gives up, the channel is ordinary.
BatchNormLayer nearTieLayer(const Subject& subject, int channels, Random& random);

/// How many input codes the variant maps to another output code.
int decidedCodes(const Arithmetic& arithmetic, const Arithmetic& variant,
                 const BatchNormLayer& layer, int channel);

} // namespace qbn::conformance
