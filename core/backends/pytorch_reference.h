#pragma once

#include "core/backends/backend.h"

namespace qbn {

/// dequantize, F.batch_norm in evaluation mode, [relu,] quantize_per_tensor: the pattern of FX
/// reference models. Checked on PyTorch 1.13.1 as Debian builds it, without FBGEMM.
///     d      = f32(f32(x_q - zi) * f32(si))
///     gain   = f32(f32(1 / sqrt_f32(var + f32(eps))) * gamma)
///     offset = fma(-mean, gain, beta)
///     steps  = f32(fma(d, gain, offset) * f32(1 / f32(so)))    relu before it, on the real value
///     y_q    = clamp(zo + rint(steps))                         NaN and |steps| >= 2^63 give qmin
Backend pytorch_reference();

} // namespace qbn
