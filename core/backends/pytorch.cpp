#include "core/backends/pytorch.h"

namespace qbn {

namespace {

constexpr Arithmetic with_avx2{
    .form = Arithmetic::Form::two_parameter,
    .multiply_add = Arithmetic::MultiplyAdd::fused,
    .conversion = Arithmetic::Conversion::int32_wrapping_simd,
};

constexpr Arithmetic without_fma{
    .form = Arithmetic::Form::two_parameter,
    .multiply_add = Arithmetic::MultiplyAdd::separate,
    .conversion = Arithmetic::Conversion::through_int64_simd,
};

} // namespace

Backend pytorch()
{
    return {
        .id = "pytorch",
        .title = "PyTorch fused",
        .formula = "rint(fma(alpha, x_q - x_zero_point, fused_beta)) + y_zero_point",
        .source = "quantized::batch_norm2d, CPU with AVX2 and FMA, PyTorch 1.13.1",
        .arithmetic = &with_avx2,
    };
}

Backend pytorch_nofma()
{
    return {
        .id = "pytorch-nofma",
        .title = "PyTorch, no FMA",
        .formula = "rint(f32(alpha * (x_q - x_zero_point)) + fused_beta) + y_zero_point",
        .source = "quantized::batch_norm2d, CPU without FMA or ATEN_CPU_CAPABILITY=default, "
                  "PyTorch 1.13.1",
        .arithmetic = &without_fma,
    };
}

} // namespace qbn
