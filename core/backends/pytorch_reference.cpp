#include "core/backends/pytorch_reference.h"

namespace qbn {

namespace {

constexpr Arithmetic reference_arithmetic{
    .form = Arithmetic::Form::four_stages,
    .multiply_add = Arithmetic::MultiplyAdd::fused,
    .offset_multiply_add = Arithmetic::MultiplyAdd::fused,
    .rescale = Arithmetic::Rescale::multiply_by_reciprocal,
    .conversion = Arithmetic::Conversion::through_int64,
};

} // namespace

Backend pytorch_reference()
{
    return {
        .id = "pytorch-reference",
        .title = "PyTorch reference",
        .formula = "rint(fma(dequantized, gain, offset) * (1 / y_scale)) + y_zero_point",
        .source = "dequantize, F.batch_norm, quantize_per_tensor, PyTorch 1.13.1",
        .arithmetic = &reference_arithmetic,
    };
}

} // namespace qbn
