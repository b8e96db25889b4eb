#pragma once

#include "core/layer/batch_norm.h"
#include "core/text/result.h"

#include <string>

namespace qbn {

/// The bytes of an ONNX model of the layer as ONNX Runtime and OpenVINO are given it: DequantizeLinear, BatchNormalization, [Relu,]
/// QuantizeLinear of opset 15, from x to y, [N, C, H, W]. Parameters are narrowed to binary32. With `knows_shape` all dimensions are
/// numbers, 1, C, 16, 16 (OpenVINO computes otherwise then); else N, H and W are open. Errors: types that are not of 8 bits, a zero
/// point outside of its type.
Result<std::string> write_onnx(const BatchNormLayer& layer, bool knows_shape);

} // namespace qbn
