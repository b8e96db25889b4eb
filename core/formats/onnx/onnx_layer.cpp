#include "core/formats/onnx/onnx_layer.h"

#include "core/formats/onnx/onnx_quantization.h"
#include "core/formats/tensors/range_proposal.h"
#include "core/text/printable.h"
#include "core/text/sentence.h"
#include "core/text/text_number.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

namespace qbn {

namespace {

std::string what(const onnx::NodeProto& node)
{
    return node.name().empty() ? node.op_type() : node.op_type() + " " + node.name();
}

/// Operators that hand each value on as it is, wherever it then stands; Dropout does so when it does not train.
bool keeps_values(const onnx::NodeProto& node)
{
    static constexpr std::array<std::string_view, 7> operators{
        "Identity", "Dropout", "Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze"};
    return std::ranges::any_of(operators, [&node](auto type) { return is_operator(node, type); });
}

constexpr int path_limit = 16; // nodes between a batch norm and its quantization

struct Bounds
{
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
};

class LayerReader
{
public:
    LayerReader(const OnnxGraph& graph, const onnx::NodeProto& node, OnnxConstants& constants,
                std::vector<std::string>& notes)
        : graph_(graph)
        , node_(node)
        , constants_(constants)
        , notes_(notes)
    { }

    Result<BatchNormLayer> read()
    {
        layer_.name = onnx_layer_name(node_);
        if (auto error = read_parameters())
            return *std::move(error);
        read_eps();
        if (auto error = read_input())
            return *std::move(error);
        if (auto error = read_output())
            return *std::move(error);
        return std::move(layer_);
    }

private:
    void mark(Field field, Origin origin, std::string note)
    {
        layer_.provenance.set(field, {.origin = origin, .note = std::move(note)});
    }

    std::optional<Error> read_parameters()
    {
        for (const std::string_view mode : {"training_mode", "is_test"}) {
            const auto* const training = attribute_of(node_, mode);
            if (training != nullptr && (training->i() != 0) == (mode == "training_mode"))
                return Error{"it is in training mode; its statistics come from the batch"};
        }
        const auto* const spatial = attribute_of(node_, "spatial");
        if (spatial != nullptr && spatial->i() == 0)
            return Error{"it has statistics for each pixel (spatial=0), not for each channel"};
        struct Target
        {
            Field field;
            std::vector<double>& values;
        };
        int index = 0;
        for (const Target& target :
             {Target{Field::gamma, layer_.gamma}, Target{Field::beta, layer_.beta},
              Target{Field::mean, layer_.mean}, Target{Field::var, layer_.var}}) {
            const std::string name = input_of(node_, ++index);
            const auto values = constants_.of(name);
            if (!values)
                return values.error();
            target.values = (*values)->values;
            mark(target.field, Origin::file, name);
            if (target.values.empty() || target.values.size() != layer_.gamma.size())
                return Error{"its " + std::string(name_of(target.field)) + " has "
                             + counted(target.values.size(), "value") + ", its gamma "
                             + std::to_string(layer_.gamma.size())};
        }
        return std::nullopt;
    }

    void read_eps()
    {
        const auto* const eps = attribute_of(node_, "epsilon");
        if (eps == nullptr)
            return mark(Field::eps, Origin::defaulted, "no attribute epsilon; ONNX's default");
        layer_.eps = parse_number(format_number(eps->f())).value_or(static_cast<double>(eps->f()));
        mark(Field::eps, Origin::file, "epsilon");
    }

    std::optional<Error> read_input()
    {
        const onnx::NodeProto* producer = graph_.producer_of(input_of(node_, 0));
        for (int step = 0; step < path_limit && producer != nullptr && keeps_values(*producer);
             ++step)
            producer = graph_.producer_of(input_of(*producer, 0));
        if (producer == nullptr || !is_operator(*producer, "DequantizeLinear")) {
            const std::string why = producer == nullptr
                ? "no DequantizeLinear gives its input"
                : "its input comes from " + what(*producer) + ", not from a DequantizeLinear";
            mark(Field::input_type, Origin::defaulted, why);
            propose_input(layer_, why);
            return std::nullopt;
        }
        auto quantization = read_onnx_quantization(graph_, *producer, constants_);
        if (!quantization)
            return quantization.error();
        layer_.input = quantization->parameters;
        layer_.provenance.set(Field::input_type, std::move(quantization->type));
        layer_.provenance.set(Field::input_scale, std::move(quantization->scale));
        layer_.provenance.set(Field::input_zero_point, std::move(quantization->zero_point));
        return std::nullopt;
    }

    // Follows the output through Relu and Clip to its QuantizeLinear, in whatever order they come.
    std::optional<Error> read_output()
    {
        mark(Field::relu, Origin::file, "no Relu follows");
        std::string tensor = output_of(node_);
        for (int step = 0; step < path_limit; ++step) {
            if (const auto* const quantize = graph_.consumer_of(tensor, "QuantizeLinear"))
                return read_quantize(*quantize);
            const onnx::NodeProto* const next
                = graph_.consumer_of(tensor, [](const onnx::NodeProto& node) {
                      return is_operator(node, "Relu") || is_operator(node, "Clip")
                          || keeps_values(node);
                  });
            if (next == nullptr)
                break;
            if (is_operator(*next, "Relu"))
                set_relu(*next);
            if (is_operator(*next, "Clip")) {
                if (auto error = read_clip(*next))
                    return error;
            }
            tensor = output_of(*next);
        }
        const onnx::NodeProto* const taker
            = graph_.consumer_of(tensor, [](const onnx::NodeProto&) { return true; });
        const std::string why = taker == nullptr
            ? "no QuantizeLinear takes its output"
            : "its output goes to " + what(*taker) + ", not to a QuantizeLinear";
        mark(Field::output_type, Origin::defaulted, why);
        propose_output(layer_, why);
        return std::nullopt;
    }

    std::optional<Error> read_quantize(const onnx::NodeProto& node)
    {
        auto quantization = read_onnx_quantization(graph_, node, constants_);
        if (!quantization)
            return quantization.error();
        layer_.output = quantization->parameters;
        layer_.provenance.set(Field::output_type, std::move(quantization->type));
        layer_.provenance.set(Field::output_scale, std::move(quantization->scale));
        layer_.provenance.set(Field::output_zero_point, std::move(quantization->zero_point));
        if (clip_ != nullptr)
            note_clip();
        return std::nullopt;
    }

    void set_relu(const onnx::NodeProto& node)
    {
        layer_.relu = true;
        mark(Field::relu, Origin::file, what(node));
    }

    // Bounds are attributes before operator set 11 and inputs from then on; what is left out does not bound.
    std::optional<Error> read_clip(const onnx::NodeProto& node)
    {
        clip_ = &node;
        double* const bounds[] = {&bounds_.low, &bounds_.high};
        for (const int side : {0, 1}) {
            if (const auto* const attribute = attribute_of(node, side == 0 ? "min" : "max"))
                *bounds[side] = attribute->f();
            const std::string input = input_of(node, side + 1);
            if (input.empty())
                continue;
            const auto bound = constants_.of(input);
            if (!bound)
                return bound.error();
            if ((*bound)->values.size() != 1)
                return Error{"its " + what(node) + " has no single bound"};
            *bounds[side] = (*bound)->values.front();
        }
        if (bounds_.low == 0)
            set_relu(node);
        return std::nullopt;
    }

    // A bound at or beyond the range of the codes changes none of them.
    void note_clip()
    {
        const auto changes = [this](double bound, int side) {
            if (std::isinf(bound))
                return false;
            const auto code = quantize_unclamped(layer_.output, bound);
            return code
                && (side < 0 ? *code > layer_.output.type.qmin()
                             : *code < layer_.output.type.qmax());
        };
        if ((bounds_.low == 0 || !changes(bounds_.low, -1)) && !changes(bounds_.high, 1))
            return;
        notes_.push_back("layer " + in_quotes(layer_.name) + ": its " + what(*clip_) + " to "
                         + format_number(static_cast<float>(bounds_.low)) + " .. "
                         + format_number(static_cast<float>(bounds_.high))
                         + " changes codes, which is not computed here");
    }

    const OnnxGraph& graph_;
    const onnx::NodeProto& node_;
    OnnxConstants& constants_;
    std::vector<std::string>& notes_;
    BatchNormLayer layer_;
    const onnx::NodeProto* clip_ = nullptr;
    Bounds bounds_;
};

} // namespace

std::string onnx_layer_name(const onnx::NodeProto& batch_norm)
{
    constexpr std::string_view weight = ".weight";
    const std::string gamma = input_of(batch_norm, 1);
    if (gamma.size() > weight.size() && gamma.ends_with(weight))
        return gamma.substr(0, gamma.size() - weight.size());
    return batch_norm.name().empty() ? output_of(batch_norm) : batch_norm.name();
}

Result<BatchNormLayer> read_onnx_layer(const OnnxGraph& graph, const onnx::NodeProto& batch_norm,
                                       OnnxConstants& constants, std::vector<std::string>& notes)
{
    return LayerReader(graph, batch_norm, constants, notes).read();
}

} // namespace qbn
