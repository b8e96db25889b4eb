#pragma once

#include "core/formats/onnx/onnx_constants.h"
#include "core/formats/onnx/onnx_graph.h"
#include "core/layer/batch_norm.h"
#include "core/text/result.h"

#include <optional>
#include <string>
#include <vector>

namespace qbn {

/// The batch norm that ONNX Runtime's quantize_static leaves of Mul and Add in the form QOperator: a QLinearMul by constants of each
/// channel, then a QLinearAdd of such (both com.microsoft). Their real values are gain and offset, so mean is 0, var 1 and eps 0,
/// marked as inferred, and their scales and zero points and the product's the layer's IntermediateQuantization, with which
/// onnxruntime-qlinear gives the model's codes. Nothing if the node does not begin such a pair. What may be another is added to `notes`.
std::optional<Result<BatchNormLayer>> read_qlinear_layer(const OnnxGraph& graph,
                                                         const onnx::NodeProto& mul,
                                                         OnnxConstants& constants,
                                                         std::vector<std::string>& notes);

} // namespace qbn
