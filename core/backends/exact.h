#pragma once

#include "core/backends/backend.h"

namespace qbn {

/// The mathematics, without any rounding before the last: see core/arithmetic/exact.h.
Backend exact();

} // namespace qbn
