#include "core/backends/onnxruntime.h"

namespace qbn {

namespace {

constexpr Arithmetic onnxruntime_arithmetic{
    .form = Arithmetic::Form::four_stages,
    .multiply_add = Arithmetic::MultiplyAdd::separate,
    .offset_multiply_add = Arithmetic::MultiplyAdd::separate,
    .rescale = Arithmetic::Rescale::divide,
    .conversion = Arithmetic::Conversion::clamping,
};

} // namespace

Backend onnxruntime()
{
    return {
        .id = "onnxruntime",
        .title = "ONNX Runtime",
        .formula = "rint((dequantized * gain + offset) / y_scale) + y_zero_point",
        .source = "DequantizeLinear, BatchNormalization, QuantizeLinear, ONNX Runtime 1.30.0, CPU",
        .arithmetic = &onnxruntime_arithmetic,
    };
}

} // namespace qbn
