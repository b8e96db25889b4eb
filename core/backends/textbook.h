#pragma once

#include "core/backends/backend.h"

namespace qbn {

/// What a person writes in NumPy, all in binary64:
///     d   = x_scale * (x_q.astype(np.float64) - x_zero_point)
///     y   = gamma * ((d - mean) / np.sqrt(var + eps)) + beta          relu: np.maximum(y, 0)
///     y_q = np.clip(np.round(y / y_scale) + y_zero_point, qmin, qmax).astype(np.uint8 or np.int8)
/// np.round rounds half to even. NaN becomes 0 in the conversion (x86-64). Checked on NumPy 1.24.
Backend textbook();

} // namespace qbn
