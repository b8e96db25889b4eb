#include "core/formats/onnx/onnx_reader.h"

#include "core/formats/bytes/cancelled.h"
#include "core/formats/onnx/onnx_layer.h"
#include "core/formats/onnx/onnx_qlinear.h"
#include "core/text/printable.h"
#include "core/text/sentence.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace qbn {

namespace {

constexpr std::size_t channel_limit = 1 << 21; // as of a state_dict
constexpr std::size_t note_limit = 100;

// A convolution that took a batch norm in has a bias and no batch norm behind it.
bool may_hold_folded(const OnnxGraph& graph, const onnx::NodeProto& node)
{
    if (is_operator(node, "Conv") || is_operator(node, "ConvTranspose"))
        return !input_of(node, 2).empty()
            && graph.consumer_of(output_of(node), "BatchNormalization") == nullptr;
    return is_operator(node, "QLinearConv") && !input_of(node, 8).empty();
}

std::size_t count_folded(const OnnxGraph& graph)
{
    return static_cast<std::size_t>(
        std::count_if(graph.nodes.begin(), graph.nodes.end(),
                      [&graph](const auto& node) { return may_hold_folded(graph, node); }));
}

/// Of batch norms that are not nodes of the model's own graph.
std::vector<std::string> elsewhere(const OnnxGraph& graph)
{
    std::vector<std::string> sentences;
    const auto say = [&sentences](std::size_t count, const std::string& where) {
        if (count > 0)
            sentences.push_back(counted(count, "batch norm") + " of its " + where
                                + (count == 1 ? " is" : " are") + " not read");
    };
    say(graph.batch_norms_in_functions,
        "functions, which onnx.inliner.inline_local_functions takes out,");
    say(graph.batch_norms_in_branches, "branches (If, Loop, Scan)");
    return sentences;
}

Error no_batch_norm(const OnnxGraph& graph)
{
    if (const auto sentences = elsewhere(graph); !sentences.empty())
        return {sentences.front()};
    if (const std::size_t folded = count_folded(graph))
        return {"no batch norm left: " + counted(folded, "convolution")
                + " with bias may hold folded ones"};
    return {"no batch norm found: none of its " + counted(graph.nodes.size(), "node")
            + " is a BatchNormalization"};
}

// That of QLinearMul and QLinearAdd where all layers are such.
void choose_backend(Model& model)
{
    const auto pairs = static_cast<std::size_t>(
        std::count_if(model.layers.begin(), model.layers.end(),
                      [](const auto& layer) { return layer->intermediate.has_value(); }));
    if (pairs == model.layers.size())
        model.backend = "onnxruntime-qlinear";
    else if (pairs > 0)
        model.notes.push_back(
            counted(pairs, "layer")
            + " of QLinearMul and QLinearAdd: onnxruntime-qlinear gives their codes, "
              "onnxruntime those of the others");
}

Result<Model> read_model(const FileContent& file, const std::stop_token& stop)
{
    const auto graph = read_onnx_graph(file.view(), stop);
    if (!graph)
        return graph.error();
    Model model{.name = file.base_name(), .backend = "onnxruntime"};
    OnnxConstants constants(*graph, file.path);
    std::size_t channels = 0;
    for (const onnx::NodeProto& node : graph->nodes) {
        if (stop.stop_requested())
            return reading_cancelled();
        auto found = is_operator(node, "BatchNormalization")
            ? std::optional(read_onnx_layer(*graph, node, constants, model.notes))
            : read_qlinear_layer(*graph, node, constants, model.notes);
        if (!found)
            continue;
        Result<BatchNormLayer>& layer = *found;
        if (!layer) {
            if (model.notes.size() < note_limit)
                model.notes.push_back("batch norm " + in_quotes(onnx_layer_name(node)) + ": "
                                      + layer.error().message);
            continue;
        }
        channels += static_cast<std::size_t>(layer->channels());
        if (channels > channel_limit)
            return Error{"its batch norms have more than 2097152 channels together"};
        model.layers.push_back(std::make_shared<const BatchNormLayer>(*std::move(layer)));
    }
    if (!model.layers.empty()) {
        choose_backend(model);
        for (std::string& sentence : elsewhere(*graph))
            model.notes.push_back(std::move(sentence));
        if (const std::size_t folded = count_folded(*graph))
            model.notes.push_back(counted(folded, "convolution")
                                  + " with bias may hold folded batch norms");
        return model;
    }
    return model.notes.empty() ? no_batch_norm(*graph) : Error{model.notes.front()};
}

} // namespace

std::optional<Result<Model>> read_onnx(const FileContent& file, const std::stop_token& stop)
{
    if (!looks_like_onnx(file.view()))
        return std::nullopt;
    return read_model(file, stop);
}

} // namespace qbn
