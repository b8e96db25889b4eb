#pragma once

#include "core/backends/backend.h"

namespace qbn {

/// quantized::batch_norm1d, 2d, 3d and their _relu forms on the CPU with AVX2 and FMA. Checked on
/// PyTorch 1.13.1.
///     inv   = f32(1.0 / f64(sqrt_f32(var + f32(eps))))
///     alpha = f32(f64(f32(inv * gamma)) * (si / so))
///     beta' = f32(f64(f32(beta - f32(f32(mean * inv) * gamma))) / so)
///     y_q   = clamp(zo + rint(fma(alpha, f32(x_q - zi), beta')))
/// The sum with zo wraps in int32 or int64, by the channel's lane. Nothing is validated: NaN,
/// overflow, wild zero points and scales of 0 all give codes (see Arithmetic::Conversion).
Backend pytorch();

/// The same operators where the CPU has no FMA, or ATEN_CPU_CAPABILITY=default says so: one more
/// rounding, and the SIMD lane's part is done by plain code, which gives qmin for NaN and overflow.
///     y_q   = clamp(zo + rint(f32(f32(alpha * f32(x_q - zi)) + beta')))
/// Refused by the operator: 8 or more channels with an output zero point outside of the code's
/// type. Undefined there: an input zero point within 2^8 of the ends of int32.
Backend pytorch_nofma();

} // namespace qbn
