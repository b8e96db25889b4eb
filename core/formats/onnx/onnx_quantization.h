#pragma once

#include "core/formats/onnx/onnx_constants.h"
#include "core/formats/onnx/onnx_graph.h"
#include "core/layer/batch_norm.h"
#include "core/text/result.h"

#include <optional>
#include <string>

namespace qbn {

/// The parameters of a node DequantizeLinear or QuantizeLinear and where each came from.
struct OnnxQuantization
{
    QuantizationParameters parameters;
    Provenance type, scale, zero_point;
};

/// An error for several scales, which is per channel, for codes that are no integers of 4, 8 or 16 bits, and for parameters that
/// are no constants. Codes of 16 bits become 8 bit ones over the same range, marked as proposed.
Result<OnnxQuantization> read_onnx_quantization(const OnnxGraph& graph, const onnx::NodeProto& node,
                                                OnnxConstants& constants);

} // namespace qbn
