#include "core/formats/onnx/onnx_graph.h"

#include "core/formats/bytes/byte_reader.h"
#include "core/formats/bytes/cancelled.h"

#include <QUtf8StringView>

#include <google/protobuf/io/coded_stream.h>

#include <algorithm>
#include <climits>
#include <functional>
#include <utility>

namespace qbn {

namespace {

using google::protobuf::io::CodedInputStream;

// Field numbers of onnx.proto.
constexpr std::uint32_t model_graph = 7;
constexpr std::uint32_t model_opset_import = 8;
constexpr std::uint32_t model_functions = 25;
constexpr std::uint32_t graph_node = 1;
constexpr std::uint32_t graph_initializer = 5;
constexpr std::uint32_t graph_input = 11;
constexpr std::uint32_t graph_output = 12;
constexpr std::uint32_t graph_value_info = 13;
constexpr std::uint32_t tensor_name = 8;

constexpr std::size_t item_limit = 1 << 20;
constexpr int branch_depth = 16; // graphs within graphs

Error damaged()
{
    return {"the ONNX model is cut short or damaged"};
}

// Calls `take` with each length-delimited field of a message and passes over the others. False where the bytes are no message,
// or where `take` gives false.
bool for_each_field(std::string_view message,
                    const std::function<bool(std::uint32_t field, std::string_view)>& take)
{
    if (message.size() > INT_MAX)
        return false;
    CodedInputStream input(reinterpret_cast<const std::uint8_t*>(message.data()),
                           static_cast<int>(message.size()));
    while (true) {
        const std::uint32_t tag = input.ReadTag();
        if (tag == 0)
            return input.CurrentPosition() == static_cast<int>(message.size());
        std::uint64_t number = 0;
        std::uint32_t length = 0;
        switch (tag & 7U) {
        case 0:
            if (!input.ReadVarint64(&number))
                return false;
            break;
        case 1:
            if (!input.Skip(8))
                return false;
            break;
        case 2: {
            if (!input.ReadVarint32(&length))
                return false;
            const auto start = static_cast<std::size_t>(input.CurrentPosition());
            if (length > message.size() - start || !input.Skip(static_cast<int>(length))
                || !take(tag >> 3U, message.substr(start, length)))
                return false;
            break;
        }
        case 5:
            if (!input.Skip(4))
                return false;
            break;
        default: // groups, which ONNX has none of
            return false;
        }
    }
}

template <typename Message> bool parse(Message& message, std::string_view bytes)
{
    return bytes.size() <= INT_MAX
        && message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

bool is_text(const std::string& name)
{
    return QUtf8StringView(name).isValidUtf8();
}

bool names_are_text(const onnx::NodeProto& node)
{
    return is_text(node.name()) && is_text(node.op_type())
        && std::all_of(node.input().begin(), node.input().end(), is_text)
        && std::all_of(node.output().begin(), node.output().end(), is_text);
}

class GraphReader
{
public:
    explicit GraphReader(const std::stop_token& stop)
        : stop_(stop)
    { }

    Result<OnnxGraph> read(std::string_view model)
    {
        const bool whole
            = for_each_field(model, [this](std::uint32_t field, std::string_view bytes) {
                  has_operator_set_ = has_operator_set_ || field == model_opset_import;
                  if (field == model_functions)
                      return take_function(bytes);
                  if (field != model_graph)
                      return true;
                  has_graph_ = true;
                  return for_each_field(bytes, [this](std::uint32_t inner, std::string_view part) {
                      return take(inner, part);
                  });
              });
        if (stop_.stop_requested())
            return reading_cancelled();
        if (is_too_large_)
            return Error{"the ONNX model has more than 1048576 nodes or initializers"};
        if (!whole || !has_graph_ || !has_operator_set_)
            return damaged();
        link();
        return std::move(graph_);
    }

private:
    bool take(std::uint32_t field, std::string_view bytes)
    {
        if (stop_.stop_requested())
            return false;
        is_too_large_ = graph_.nodes.size() > item_limit || graph_.initializers.size() > item_limit
            || graph_.types.size() > item_limit;
        if (is_too_large_)
            return false;
        switch (field) {
        case graph_node:
            return parse(graph_.nodes.emplace_back(), bytes) && names_are_text(graph_.nodes.back())
                && count_in_branches(graph_.nodes.back(), branch_depth);
        case graph_initializer:
            return take_initializer(bytes);
        case graph_input:
        case graph_output:
        case graph_value_info:
            return take_type(bytes);
        default:
            return true;
        }
    }

    bool take_initializer(std::string_view tensor)
    {
        std::string name;
        const bool whole
            = for_each_field(tensor, [&name](std::uint32_t field, std::string_view text) {
                  if (field == tensor_name)
                      name = text;
                  return true;
              });
        graph_.initializers.insert_or_assign(std::move(name), tensor);
        return whole;
    }

    bool take_type(std::string_view bytes)
    {
        onnx::ValueInfoProto value;
        if (!parse(value, bytes))
            return false;
        if (value.type().has_tensor_type())
            graph_.types.emplace(value.name(),
                                 static_cast<OnnxType>(value.type().tensor_type().elem_type()));
        return true;
    }

    // False where a branch is damaged or too deep.
    bool count_in_branches(const onnx::NodeProto& node, int depth)
    {
        return std::all_of(
            node.attribute().begin(), node.attribute().end(), [&](const auto& attribute) {
                return !attribute.has_g()
                    || (depth > 0
                        && for_each_field(
                            attribute.g(), [&](std::uint32_t field, std::string_view bytes) {
                                return field != graph_node || count_batch_norm(bytes, depth - 1);
                            }));
            });
    }

    bool count_batch_norm(std::string_view bytes, int depth)
    {
        onnx::NodeProto node;
        if (!parse(node, bytes))
            return false;
        graph_.batch_norms_in_branches += is_operator(node, "BatchNormalization") ? 1 : 0;
        return count_in_branches(node, depth);
    }

    bool take_function(std::string_view bytes)
    {
        onnx::FunctionProto function;
        if (!parse(function, bytes))
            return false;
        for (const onnx::NodeProto& node : function.node())
            graph_.batch_norms_in_functions += is_operator(node, "BatchNormalization") ? 1 : 0;
        return true;
    }

    void link()
    {
        for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
            for (const std::string& output : graph_.nodes[i].output())
                graph_.producer.emplace(output, i);
            if (graph_.nodes[i].input_size() > 0)
                graph_.consumers[graph_.nodes[i].input(0)].push_back(i);
        }
    }

    const std::stop_token& stop_;
    OnnxGraph graph_;
    bool has_graph_ = false;
    bool has_operator_set_ = false;
    bool is_too_large_ = false;
};

} // namespace

bool looks_like_onnx(std::string_view bytes)
{
    ByteReader reader(bytes);
    const auto tag = reader.little<std::uint8_t>();
    const auto version = reader.little<std::uint8_t>();
    const auto next = reader.little<std::uint8_t>();
    // producer_name, producer_version, domain, model_version, doc_string, graph, opset_import, metadata_props, functions
    constexpr std::string_view tags = "\x12\x1a\x22\x28\x32\x3a\x42\x72\xca";
    return tag == 0x08 && version && *version < 0x40 && next
        && tags.find(static_cast<char>(*next)) != std::string_view::npos;
}

Result<OnnxGraph> read_onnx_graph(std::string_view bytes, const std::stop_token& stop)
{
    return GraphReader(stop).read(bytes);
}

const onnx::NodeProto* OnnxGraph::producer_of(const std::string& tensor) const
{
    const auto found = producer.find(tensor);
    return found != producer.end() ? &nodes[found->second] : nullptr;
}

const onnx::NodeProto* OnnxGraph::consumer_of(
    const std::string& tensor, const std::function<bool(const onnx::NodeProto&)>& is_wanted) const
{
    const auto found = consumers.find(tensor);
    if (found == consumers.end())
        return nullptr;
    const auto taker = std::find_if(found->second.begin(), found->second.end(),
                                    [&](std::size_t i) { return is_wanted(nodes[i]); });
    return taker != found->second.end() ? &nodes[*taker] : nullptr;
}

const onnx::NodeProto* OnnxGraph::consumer_of(const std::string& tensor,
                                              std::string_view op_type) const
{
    return consumer_of(tensor, [op_type](const auto& node) { return is_operator(node, op_type); });
}

bool is_operator(const onnx::NodeProto& node, std::string_view op_type)
{
    return node.op_type() == op_type
        && (node.domain().empty() || node.domain() == "ai.onnx"
            || node.domain() == "com.microsoft");
}

const onnx::AttributeProto* attribute_of(const onnx::NodeProto& node, std::string_view name)
{
    const auto found
        = std::find_if(node.attribute().begin(), node.attribute().end(),
                       [name](const auto& attribute) { return attribute.name() == name; });
    return found != node.attribute().end() ? &*found : nullptr;
}

std::string input_of(const onnx::NodeProto& node, int index)
{
    return index < node.input_size() ? node.input(index) : std::string();
}

std::string output_of(const onnx::NodeProto& node)
{
    return node.output_size() > 0 ? node.output(0) : std::string();
}

} // namespace qbn
