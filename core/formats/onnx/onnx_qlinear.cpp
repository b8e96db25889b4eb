#include "core/formats/onnx/onnx_qlinear.h"

#include "core/formats/tensors/folded_layer.h"
#include "core/text/integer.h"
#include "core/text/printable.h"
#include "core/text/sentence.h"

#include <utility>

namespace qbn {

namespace {

// A tensor of codes beside its scale and zero point: inputs n, n + 1 and n + 2 of a node.
class Operand
{
public:
    Operand(const onnx::NodeProto& node, int first, OnnxConstants& constants)
        : node_(node)
        , first_(first)
        , constants_(constants)
    { }

    std::string tensor() const { return input_of(node_, first_); }

    Result<QuantizationParameters> parameters() const
    {
        const auto scale = single(1);
        const auto zero_point = input_of(node_, first_ + 2).empty()
            ? Result(std::pair(0.0, OnnxType::uint8)) // left out: the operator's default
            : single(2);
        if (!scale || !zero_point)
            return scale ? zero_point.error() : scale.error();
        const auto zero = checked_integer<std::int32_t>(zero_point->first);
        const bool is_signed = zero_point->second == OnnxType::int8;
        if (!zero || (!is_signed && zero_point->second != OnnxType::uint8))
            return Error{in_quotes(input_of(node_, first_ + 2)) + " is no zero point of 8 bits"};
        return QuantizationParameters{.type = is_signed ? qint8_type : quint8_type,
                                      .scale = scale->first,
                                      .zero_point = *zero};
    }

    // The real values of a constant with one for each channel.
    Result<std::vector<double>> reals() const
    {
        const auto codes = constants_.of(tensor());
        if (!codes)
            return codes.error();
        const auto quantization = parameters();
        if (!quantization)
            return quantization.error();
        std::vector<double> values = (*codes)->values;
        for (double& value : values)
            value = quantization->scale * (value - quantization->zero_point);
        return values;
    }

private:
    Result<std::pair<double, OnnxType>> single(int offset) const
    {
        const std::string name = input_of(node_, first_ + offset);
        const auto values = constants_.of(name);
        if (!values)
            return values.error();
        if ((*values)->values.size() != 1)
            return Error{in_quotes(name) + " has " + counted((*values)->values.size(), "value")
                         + "; one is needed"};
        return std::pair((*values)->values.front(), (*values)->type);
    }

    const onnx::NodeProto& node_;
    int first_;
    OnnxConstants& constants_;
};

constexpr int operand_size = 3;

// Which of a node's two operands is a constant; nothing for none or both.
std::optional<int> constant_side(const onnx::NodeProto& node, OnnxConstants& constants)
{
    const bool first = static_cast<bool>(constants.of(input_of(node, 0)));
    const bool second = static_cast<bool>(constants.of(input_of(node, operand_size)));
    if (first == second)
        return std::nullopt;
    return first ? 0 : 1;
}

const onnx::NodeProto* only_add_of(const OnnxGraph& graph, const std::string& tensor)
{
    const auto consumers = graph.consumers.find(tensor);
    if (consumers == graph.consumers.end() || consumers->second.size() != 1)
        return nullptr;
    const onnx::NodeProto& add = graph.nodes[consumers->second.front()];
    return is_operator(add, "QLinearAdd") ? &add : nullptr;
}

void mark_ends(BatchNormLayer& layer)
{
    layer.provenance.set(Field::relu, {.origin = Origin::file, .note = "no Relu follows"});
    for (const Field field : {Field::input_type, Field::input_scale, Field::input_zero_point})
        layer.provenance.set(field, {.origin = Origin::file, .note = "QLinearMul"});
    for (const Field field : {Field::output_type, Field::output_scale, Field::output_zero_point})
        layer.provenance.set(field, {.origin = Origin::file, .note = "QLinearAdd"});
}

Result<BatchNormLayer> read_pair(const onnx::NodeProto& mul, int mul_side,
                                 const onnx::NodeProto& add, int add_side, OnnxConstants& constants)
{
    const auto input = Operand(mul, (1 - mul_side) * operand_size, constants).parameters();
    const Operand factor(mul, mul_side * operand_size, constants);
    const Operand summand(add, add_side * operand_size, constants);
    const Operand product(mul, 2 * operand_size - 1, constants); // without a tensor
    const auto output = Operand(add, 2 * operand_size - 1, constants).parameters();
    const auto gain = factor.reals();
    const auto offset = summand.reals();
    if (!gain || !offset)
        return gain ? offset.error() : gain.error();
    const auto between = product.parameters();
    if (!between)
        return between.error();
    if (!input || !output)
        return input ? output.error() : input.error();
    if (gain->size() != offset->size())
        return Error{"its QLinearMul has " + counted(gain->size(), "constant") + ", its QLinearAdd "
                     + std::to_string(offset->size())};
    BatchNormLayer layer;
    layer.gamma = *gain;
    layer.beta = *offset;
    layer.input = *input;
    layer.output = *output;
    layer.intermediate
        = {.gain = *factor.parameters(), .offset = *summand.parameters(), .product = *between};
    complete_folded(layer);
    mark_ends(layer);
    return layer;
}

} // namespace

std::optional<Result<BatchNormLayer>> read_qlinear_layer(const OnnxGraph& graph,
                                                         const onnx::NodeProto& mul,
                                                         OnnxConstants& constants,
                                                         std::vector<std::string>& notes)
{
    if (!is_operator(mul, "QLinearMul"))
        return std::nullopt;
    const onnx::NodeProto* const add = only_add_of(graph, output_of(mul));
    const auto mul_side = add != nullptr ? constant_side(mul, constants) : std::nullopt;
    const auto add_side = mul_side ? constant_side(*add, constants) : std::nullopt;
    if (!add_side)
        return std::nullopt;
    const auto gain = constants.of(input_of(mul, *mul_side * operand_size));
    if ((*gain)->values.size() < 2)
        return std::nullopt; // one factor for all is no batch norm
    auto layer = read_pair(mul, *mul_side, *add, *add_side, constants);
    if (layer) {
        layer->name = mul.name().empty() ? output_of(*add) : mul.name();
        if (*add_side == 0)
            notes.push_back(
                "layer " + in_quotes(layer->name)
                + ": its QLinearAdd has the constants first; where ONNX Runtime runs it "
                  "with the channels last it adds in another order, and a near tie may "
                  "give another code");
    }
    return layer;
}

} // namespace qbn
