#pragma once

#include "core/backends/backend.h"

namespace qbn {

/// DequantizeLinear, BatchNormalization, [Relu,] QuantizeLinear. Checked on ONNX Runtime 1.30.0,
/// CPU provider, all optimisation levels. (With y_scale < 0 or -0 and zo = qmin the levels from
/// `extended` on drop a Relu that they take for redundant; here it is kept, as the model says.)
///     d      = f32(f32(x_q - zi) * f32(si))
///     gain   = f32(gamma * f32(1 / sqrt_f32(var + f32(eps))))
///     offset = f32(beta - f32(mean * gain))
///     steps  = f32(f32(f32(d * gain) + offset) / f32(so))      relu before it, on the real value
///     y_q    = clamp(zo + rint(steps))                         NaN gives qmin, +inf qmax
Backend onnxruntime();

} // namespace qbn
