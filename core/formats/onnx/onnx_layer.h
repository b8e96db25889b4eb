#pragma once

#include "core/formats/onnx/onnx_constants.h"
#include "core/formats/onnx/onnx_graph.h"
#include "core/layer/batch_norm.h"
#include "core/text/result.h"

#include <string>
#include <vector>

namespace qbn {

/// "bn1" for the initializer "bn1.weight", else the node's name, else its output's.
std::string onnx_layer_name(const onnx::NodeProto& batch_norm);

/// The layer of a node BatchNormalization with what stands around it, see onnx_reader.h. What is in the model and not in the layer
/// is added to `notes`. The error does not name the layer.
Result<BatchNormLayer> read_onnx_layer(const OnnxGraph& graph, const onnx::NodeProto& batch_norm,
                                       OnnxConstants& constants, std::vector<std::string>& notes);

} // namespace qbn
