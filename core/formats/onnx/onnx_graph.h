#pragma once

#include "core/formats/onnx/onnx_types.h"
#include "core/text/result.h"

#include "onnx.pb.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace qbn {

/// What is needed of an ONNX model. Weights stay where they are: an initializer is parsed when it is asked for. It lives as long
/// as the bytes.
struct OnnxGraph
{
    std::vector<onnx::NodeProto> nodes;
    std::unordered_map<std::string, std::string_view>
        initializers; ///< a serialized TensorProto each
    std::unordered_map<std::string, std::size_t> producer; ///< of a tensor: the node's index
    std::unordered_map<std::string, std::vector<std::size_t>> consumers;
    std::unordered_map<std::string, OnnxType>
        types; ///< as graph inputs, outputs and value_info have them
    std::size_t batch_norms_in_functions = 0;
    std::size_t batch_norms_in_branches = 0; ///< of If, Loop and Scan, which stand in attributes

    const onnx::NodeProto* producer_of(const std::string& tensor) const;

    /// The first node of that kind that takes the tensor as its first input.
    const onnx::NodeProto* consumer_of(
        const std::string& tensor,
        const std::function<bool(const onnx::NodeProto&)>& is_wanted) const;
    const onnx::NodeProto* consumer_of(const std::string& tensor, std::string_view op_type) const;
};

/// Whether the bytes begin as a ModelProto does: the field ir_version, a small number, then another field of it.
bool looks_like_onnx(std::string_view bytes);

/// An error for a model that is damaged or cut: without a graph or an operator set, with a field that reaches beyond the end, or
/// with names that are not UTF-8. At most 1,048,576 nodes and as many initializers.
Result<OnnxGraph> read_onnx_graph(std::string_view bytes, const std::stop_token& stop);

/// Operators of ONNX itself and those of ONNX Runtime's domain com.microsoft, which has QuantizeLinear for more types.
bool is_operator(const onnx::NodeProto& node, std::string_view op_type);

const onnx::AttributeProto* attribute_of(const onnx::NodeProto& node, std::string_view name);

/// The n-th input's name, empty where it is left out.
std::string input_of(const onnx::NodeProto& node, int index);
std::string output_of(const onnx::NodeProto& node);

} // namespace qbn
