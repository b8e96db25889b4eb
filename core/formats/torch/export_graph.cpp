#include "core/formats/torch/export_graph.h"

#include "core/text/integer.h"

#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace qbn {

namespace {

// A node's arguments by name; the tensor that it gives first.
struct Node
{
    std::string target; // "torch.ops.aten.relu.default"
    std::vector<std::pair<std::string, JsonValue>> arguments;
    std::string output;

    std::optional<JsonValue> argument(std::string_view name, std::string_view type) const
    {
        for (const auto& [key, value] : arguments) {
            if (key == name)
                return value.find(type);
        }
        return std::nullopt;
    }
    std::string tensor(std::string_view name) const
    {
        const auto value = argument(name, "as_tensor");
        const auto found = value ? value->find("name") : std::nullopt;
        return found ? found->text() : std::string();
    }
    std::optional<double> number(std::string_view name, std::string_view type) const
    {
        const auto value = argument(name, type);
        return value ? value->number() : std::nullopt;
    }
    bool is(std::string_view op) const { return target == op; }
};

constexpr std::string_view quantize_op
    = "torch.ops.quantized_decomposed.quantize_per_tensor.default";
constexpr std::string_view dequantize_op
    = "torch.ops.quantized_decomposed.dequantize_per_tensor.default";

bool is_batch_norm(const Node& node)
{
    const auto training = node.argument("training", "as_bool");
    return (node.is("torch.ops.aten.batch_norm.default")
            && (!training || training->type() != JsonType::yes))
        || node.is("torch.ops.aten._native_batch_norm_legit_no_training.default");
}

bool is_relu(const Node& node)
{
    return node.is("torch.ops.aten.relu.default") || node.is("torch.ops.aten.relu_.default");
}

// The first tensor of a list of arguments such as [{"as_tensor": {"name": "relu"}}].
std::string first_tensor(const std::optional<JsonValue>& outputs)
{
    const auto first = outputs ? outputs->first() : std::nullopt;
    const auto tensor = first ? first->find("as_tensor") : std::nullopt;
    const auto name = tensor ? tensor->find("name") : std::nullopt;
    return name ? name->text() : std::string();
}

std::vector<Node> nodes_of(const std::optional<JsonValue>& graph)
{
    std::vector<Node> nodes;
    const auto array = graph ? graph->find("nodes") : std::nullopt;
    for (auto item = array ? array->first() : std::nullopt; item; item = item->next()) {
        const auto target = item->find("target");
        if (!target)
            continue;
        Node node{.target = target->text(), .output = first_tensor(item->find("outputs"))};
        const auto inputs = item->find("inputs");
        for (auto input = inputs ? inputs->first() : std::nullopt; input; input = input->next()) {
            const auto name = input->find("name");
            const auto value = input->find("arg");
            if (name && value)
                node.arguments.emplace_back(name->text(), *value);
        }
        nodes.push_back(std::move(node));
    }
    return nodes;
}

// What each buffer's name in the graph is in the state_dict: "b_bn_running_mean" is "bn.running_mean".
std::map<std::string, std::string> buffer_names(const std::optional<JsonValue>& signature)
{
    std::map<std::string, std::string> names;
    const auto specs = signature ? signature->find("input_specs") : std::nullopt;
    for (auto spec = specs ? specs->first() : std::nullopt; spec; spec = spec->next()) {
        const auto buffer = spec->find("buffer");
        const auto argument = buffer ? buffer->find("arg") : std::nullopt;
        const auto name = argument ? argument->find("name") : std::nullopt;
        const auto key = buffer ? buffer->find("buffer_name") : std::nullopt;
        if (name && key)
            names.emplace(name->text(), key->text());
    }
    return names;
}

std::optional<CodeType> type_of_range(double least, double greatest)
{
    for (const bool is_signed : {false, true}) {
        for (std::uint8_t bits = 2; bits <= 8; ++bits) {
            const CodeType type{is_signed, bits};
            if (type.qmin() == least && type.qmax() == greatest)
                return type;
        }
    }
    return std::nullopt;
}

// Nothing for a range that no type has, such as -127 to 127.
std::optional<QuantizationParameters> quantization_of(const Node& node)
{
    const auto scale = node.number("scale", "as_float");
    const auto zero_point = node.number("zero_point", "as_int");
    const auto code = zero_point ? checked_integer<std::int32_t>(*zero_point) : std::nullopt;
    const auto least = node.number("quant_min", "as_int");
    const auto greatest = node.number("quant_max", "as_int");
    const auto type = least && greatest ? type_of_range(*least, *greatest) : std::nullopt;
    if (!scale || !code || !type)
        return std::nullopt;
    return QuantizationParameters{.type = *type, .scale = *scale, .zero_point = *code};
}

class Graph
{
public:
    explicit Graph(std::vector<Node> nodes)
        : nodes_(std::move(nodes))
    {
        for (const Node& node : nodes_) {
            producers_.emplace(node.output, &node);
            for (const auto& [name, value] : node.arguments) {
                if (const std::string tensor = node.tensor(name); !tensor.empty())
                    consumers_.emplace(tensor, &node);
            }
        }
    }

    const std::vector<Node>& nodes() const { return nodes_; }

    std::optional<QuantizationParameters> input_of(const Node& node) const
    {
        const auto before = producers_.find(node.tensor("input"));
        if (before == producers_.end() || !before->second->is(dequantize_op))
            return std::nullopt;
        return quantization_of(*before->second);
    }

    // The one node that takes the tensor; null for none or several.
    const Node* only_consumer(const std::string& tensor) const
    {
        const auto [first, last] = consumers_.equal_range(tensor);
        return first != last && std::next(first) == last ? first->second : nullptr;
    }

    // What all that take the tensor quantize it to; a quantizer may stand there once for each reader.
    std::optional<QuantizationParameters> output_of(const std::string& tensor) const
    {
        std::optional<QuantizationParameters> result;
        const auto [first, last] = consumers_.equal_range(tensor);
        for (auto it = first; it != last; ++it) {
            const auto parameters
                = it->second->is(quantize_op) ? quantization_of(*it->second) : std::nullopt;
            if (!parameters || (result && *result != *parameters))
                return std::nullopt;
            result = parameters;
        }
        return result;
    }

private:
    std::vector<Node> nodes_;
    std::map<std::string, const Node*> producers_;
    std::multimap<std::string, const Node*> consumers_;
};

ModuleFacts facts_of(const Graph& graph, const Node& node, const std::string& note)
{
    ModuleFacts facts{.class_name = node.target, .note = note};
    facts.eps = node.number("eps", "as_float");
    facts.input = graph.input_of(node);
    const Node* const next = graph.only_consumer(node.output);
    facts.relu = next != nullptr && is_relu(*next);
    facts.output = graph.output_of(*facts.relu ? next->output : node.output);
    return facts;
}

} // namespace

Modules modules_of_graph(const JsonValue& program, const std::string& note)
{
    constexpr std::string_view mean = "running_mean";
    Modules modules;
    const auto module = program.find("graph_module");
    const auto names = buffer_names(module ? module->find("signature") : std::nullopt);
    const Graph graph(nodes_of(module ? module->find("graph") : std::nullopt));
    for (const Node& node : graph.nodes()) {
        const auto name
            = is_batch_norm(node) ? names.find(node.tensor("running_mean")) : names.end();
        if (name == names.end() || !name->second.ends_with(mean))
            continue;
        const std::string prefix = name->second.substr(0, name->second.size() - mean.size());
        modules.emplace(prefix, facts_of(graph, node, note));
    }
    return modules;
}

} // namespace qbn
