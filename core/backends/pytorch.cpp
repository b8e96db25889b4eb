#include "core/backends/pytorch.h"

namespace qbn {

namespace {

constexpr Arithmetic arithmetic{
    .form = Arithmetic::Form::two_parameter,
    .multiply_add = Arithmetic::MultiplyAdd::fused,
    .conversion = Arithmetic::Conversion::int32_wrapping_simd,
};

} // namespace

const Backend pytorch{
    .id = "pytorch",
    .title = "PyTorch fused",
    .formula = "rint(fma(alpha, x_q - x_zero_point, fused_beta)) + y_zero_point",
    .source = "quantized::batch_norm2d, CPU with AVX2 and FMA, PyTorch 1.13.1",
    .arithmetic = &arithmetic,
};

} // namespace qbn
