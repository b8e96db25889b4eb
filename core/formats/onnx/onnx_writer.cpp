#include "core/formats/onnx/onnx_writer.h"

#include "core/formats/onnx/onnx_types.h"
#include "core/text/printable.h"

#include "onnx.pb.h"

#include <bit>
#include <initializer_list>

namespace qbn {

namespace {

constexpr int opset = 15;
constexpr int ir_version = 8;
constexpr int known_side = 16; // 16 x 16 pixels are the 256 codes
constexpr int float_attribute = 1;

std::int32_t element_of(CodeType type)
{
    return static_cast<std::int32_t>(type.is_signed ? OnnxType::int8 : OnnxType::uint8);
}

void add_node(onnx::GraphProto& graph, const char* op, std::initializer_list<const char*> inputs,
              const char* output)
{
    onnx::NodeProto& node = *graph.add_node();
    node.set_op_type(op);
    node.set_name(output);
    for (const char* const input : inputs)
        node.add_input(input);
    node.add_output(output);
}

/// In raw_data, little endian, so that a NaN keeps its bits.
void append(std::string& bytes, double value)
{
    const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(value));
    for (unsigned shift = 0; shift < 32; shift += 8)
        bytes += static_cast<char>((bits >> shift) & 0xffU);
}

void add_reals(onnx::GraphProto& graph, const char* name, const std::vector<double>& values)
{
    onnx::TensorProto& tensor = *graph.add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(static_cast<std::int32_t>(OnnxType::float32));
    tensor.add_dims(static_cast<std::int64_t>(values.size()));
    std::string bytes;
    for (const double value : values)
        append(bytes, value);
    tensor.set_raw_data(std::move(bytes));
}

/// Scale and zero point, of no dimension.
void add_quantization(onnx::GraphProto& graph, const std::string& name,
                      const QuantizationParameters& end)
{
    onnx::TensorProto& scale = *graph.add_initializer();
    scale.set_name(name + "_scale");
    scale.set_data_type(static_cast<std::int32_t>(OnnxType::float32));
    std::string bytes;
    append(bytes, end.scale);
    scale.set_raw_data(std::move(bytes));
    onnx::TensorProto& zero_point = *graph.add_initializer();
    zero_point.set_name(name + "_zero_point");
    zero_point.set_data_type(element_of(end.type));
    zero_point.set_raw_data(std::string(1, static_cast<char>(end.zero_point)));
}

void describe(onnx::ValueInfoProto& value, const char* name, CodeType type, int channels,
              bool knows_shape)
{
    value.set_name(name);
    onnx::TypeProto::Tensor& tensor = *value.mutable_type()->mutable_tensor_type();
    tensor.set_elem_type(element_of(type));
    onnx::TensorShapeProto& shape = *tensor.mutable_shape();
    for (const char* const letter : {"N", "C", "H", "W"}) {
        onnx::TensorShapeProto::Dimension& dimension = *shape.add_dim();
        const bool is_channel = *letter == 'C';
        if (is_channel)
            dimension.set_dim_value(channels);
        else if (knows_shape)
            dimension.set_dim_value(*letter == 'N' ? 1 : known_side);
        else
            dimension.set_dim_param(letter);
    }
}

} // namespace

Result<std::string> write_onnx(const BatchNormLayer& layer, bool knows_shape)
{
    for (const QuantizationParameters& end : {layer.input, layer.output}) {
        if (end.type.bits != 8)
            return Error{in_quotes(layer.name) + " has codes of type " + name_of(end.type)
                         + "; ONNX's DequantizeLinear takes 8 bits"};
        if (!end.type.contains(end.zero_point))
            return Error{in_quotes(layer.name) + " has the zero point "
                         + std::to_string(end.zero_point) + ", which lies outside of "
                         + name_of(end.type) + "; ONNX holds it in that type"};
    }
    onnx::ModelProto model;
    model.set_ir_version(ir_version);
    model.set_producer_name("Quantized Batch Norm Explorer");
    model.add_opset_import()->set_version(opset);
    onnx::GraphProto& graph = *model.mutable_graph();
    graph.set_name("quantized_batch_norm");
    add_node(graph, "DequantizeLinear", {"x", "x_scale", "x_zero_point"}, "real");
    add_node(graph, "BatchNormalization", {"real", "gamma", "beta", "mean", "var"}, "normalized");
    onnx::AttributeProto& eps = *graph.mutable_node(1)->add_attribute();
    eps.set_name("epsilon");
    eps.set_type(float_attribute);
    eps.set_f(static_cast<float>(layer.eps));
    if (layer.relu)
        add_node(graph, "Relu", {"normalized"}, "rectified");
    add_node(graph, "QuantizeLinear",
             {layer.relu ? "rectified" : "normalized", "y_scale", "y_zero_point"}, "y");
    describe(*graph.add_input(), "x", layer.input.type, layer.channels(), knows_shape);
    describe(*graph.add_output(), "y", layer.output.type, layer.channels(), knows_shape);
    add_quantization(graph, "x", layer.input);
    add_quantization(graph, "y", layer.output);
    add_reals(graph, "mean", layer.mean);
    add_reals(graph, "var", layer.var);
    add_reals(graph, "gamma", layer.gamma);
    add_reals(graph, "beta", layer.beta);
    return model.SerializeAsString();
}

} // namespace qbn
