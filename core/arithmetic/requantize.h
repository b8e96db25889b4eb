#pragma once

#include "core/arithmetic/trace.h"
#include "core/layer/quantization.h"

namespace qbn {

/// Where the last stage ends: the output's type and zero point, and whether a ReLU is fused.
struct Target
{
    QuantizationParameters output;
    bool relu = false;
};

/// From output steps to a code. All round half to even (rint in FE_TONEAREST) and clamp to the
/// type; they agree on every sane number and part on NaN, overflow and zero points outside of the
/// type's range.

/// NaN gives qmin, else clamp(zero_point + rint(steps)); infinities go to the ends of the range.
/// ReLU is not done here, it came before on the real value. Source: MlasQuantizeLinear (ONNX
/// Runtime 1.30).
Requantized requantize_clamping(float steps, const Target& target);

/// As above, but both +inf and -inf and every |steps| >= 2^63 give qmin, as NaN does: the
/// conversion to int64 makes INT64_MIN of them. Source: at::native::quantize_val without FBGEMM
/// (PyTorch 1.13).
Requantized requantize_through_int64(float steps, const Target& target);

/// As above, with ReLU done here: max(., zero_point narrowed to the code's 8 bits). Source:
/// Vectorized<quint8>::quantize and relu without AVX2 (PyTorch 1.13), which refuse a zero point
/// outside of the code's type.
Requantized requantize_through_int64_with_relu(float steps, const Target& target);

/// r = lrintf(steps) in int64, INT64_MIN for NaN and for what does not fit; r + zero_point wraps in
/// int64; ReLU is max(., zero_point); then the clamp. Source: the scalar loop of
/// q_batch_norm_kernel (PyTorch 1.13).
Requantized requantize_int64_wrapping(float steps, const Target& target);

/// r = min(steps, 2147483520), the cap for NaN too, INT32_MIN below -2^31; r + zero_point wraps in
/// int32; clamp; ReLU is max(., zero_point narrowed to the code's 8 bits). Source:
/// Vectorized<quint8>::quantize and relu, AVX2 (PyTorch 1.13).
Requantized requantize_int32_wrapping(float steps, const Target& target);

/// np.clip(np.round(steps) + zero_point, qmin, qmax).astype(np.uint8 or np.int8): the infinities go
/// to the ends of the range, NaN passes np.clip and its conversion gives 0 on x86-64. ReLU is not
/// done here, it came before on the real value. Source: NumPy 1.24.
Requantized requantize_numpy(double steps, const Target& target);

/// Of integers alone: ReLU is max(rounded + zero_point, zero_point); then the clamp. `steps` is
/// what `rounded` was rounded from.
Requantized requantize_integer(double steps, std::int64_t rounded, const Target& target);

} // namespace qbn
