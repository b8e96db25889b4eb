#pragma once

#include "core/formats/onnx/onnx_graph.h"
#include "core/text/result.h"

#include <QString>

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace qbn {

/// A constant tensor of a model; float16 and bfloat16 widened.
struct OnnxValues
{
    OnnxType type = OnnxType::undefined;
    std::vector<std::int64_t> shape;
    std::vector<double> values;
};

/// The constants of a graph: initializers, Constant nodes, and what Identity, Cast to a float and DequantizeLinear per tensor make
/// of them. Each is read once.
class OnnxConstants
{
public:
    /// `model_path`: external data is looked for beside it.
    OnnxConstants(const OnnxGraph& graph, const QString& model_path)
        : graph_(graph)
        , model_path_(model_path)
    { }

    /// The tensor's values, at most 1,048,576; an error that names it if it is no constant, or damaged.
    Result<std::shared_ptr<const OnnxValues>> of(const std::string& name) { return of(name, 0); }

private:
    using Values = Result<std::shared_ptr<const OnnxValues>>;

    Values of(const std::string& name, int depth);
    Values read(const std::string& name, int depth);
    Result<OnnxValues> from_node(const onnx::NodeProto& node, int depth);
    Result<OnnxValues> dequantized(const onnx::NodeProto& node, int depth);
    Result<OnnxValues> decoded(const onnx::TensorProto& tensor);

    const OnnxGraph& graph_;
    const QString& model_path_;
    std::unordered_map<std::string, Values> read_;
    std::uint64_t element_budget_ = 1 << 24; ///< that many over the whole model
};

} // namespace qbn
