#include "core/formats/tflite/tflite_reader.h"

#include "core/formats/bytes/cancelled.h"
#include "core/formats/tensors/folded_layer.h"
#include "core/formats/tflite/converter_constants.h"
#include "core/formats/tflite/tflite_graph.h"
#include "core/text/integer.h"
#include "core/text/printable.h"
#include "core/text/sentence.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

namespace qbn {

namespace {

constexpr std::size_t channel_limit = 1 << 21; // as of a state_dict
constexpr std::size_t note_limit = 100;

// The binary32 number nearest to a real one that holds; nothing where none of nine does.
template <typename Holds> std::optional<float> near(double real, const Holds& holds)
{
    auto below = static_cast<float>(real);
    float above = below;
    for (int step = 0; step < 5; ++step) {
        for (const float candidate : {below, above}) {
            if (holds(candidate))
                return candidate;
        }
        below = std::nextafter(below, -HUGE_VALF);
        above = std::nextafter(above, HUGE_VALF);
    }
    return std::nullopt;
}

struct Folded
{
    float gain = 0, offset = 0;
};

// The gain and offset of which the converter makes these constants; nothing where there are none.
std::optional<Folded> unconverted(const TfliteConstant& weight, const TfliteConstant* bias,
                                  std::size_t channel, float input_scale)
{
    const double code = weight.code(channel);
    const auto scale = static_cast<float>(weight.scale(channel));
    const double summand = bias != nullptr ? bias->stored[channel] : 0;
    // A kernel takes the bias in steps of input scale times weight scale, whatever its own scale is.
    const double real = summand * static_cast<double>(input_scale) * weight.scale(channel);
    const auto has_weight = [&](float gain) {
        const ConverterConstants made = converter_constants(gain, 0, input_scale);
        return made.weight == code && made.weight_scale == scale;
    };
    const auto gain = near(code * weight.scale(channel), has_weight);
    if (!gain)
        return std::nullopt;
    const auto has_all = [&](float offset) {
        const ConverterConstants made = converter_constants(*gain, offset, input_scale);
        return made.weight_scale == scale && made.bias == summand;
    };
    const auto offset = near(real, has_all);
    return offset ? std::optional(Folded{*gain, *offset}) : std::nullopt;
}

class Reader
{
public:
    Reader(const tflite::Model& model, const tflite::SubGraph& graph,
           std::vector<std::string>& notes)
        : graph_(model, graph)
        , notes_(notes)
    { }

    std::size_t operator_count() const { return graph_.operator_count(); }

    bool is_convolution(std::size_t index) const
    {
        return graph_.is(*graph_.operator_at(index), TfliteOperator::conv_2d)
            || graph_.is(*graph_.operator_at(index), TfliteOperator::depthwise_conv_2d);
    }

    // The layer of one operator; nothing where it is none.
    std::optional<BatchNormLayer> read(std::size_t index)
    {
        const tflite::Operator& op = *graph_.operator_at(index);
        layer_ = {};
        const tflite::Tensor* const input = graph_.input(op, 0);
        const tflite::Tensor* last = nullptr;
        if (input == nullptr)
            return std::nullopt;
        if (graph_.is(op, TfliteOperator::depthwise_conv_2d))
            last = read_depthwise(op);
        else if (graph_.is(op, TfliteOperator::mul) && index + 1 < graph_.operator_count())
            last = read_product(op, *graph_.operator_at(index + 1));
        if (last == nullptr)
            return std::nullopt;
        layer_.name = name_of(*last);
        complete_folded(layer_);
        set_end(*input, layer_.input, Field::input_type, Field::input_scale,
                Field::input_zero_point);
        set_end(*last, layer_.output, Field::output_type, Field::output_scale,
                Field::output_zero_point);
        return std::move(layer_);
    }

private:
    void note(const tflite::Tensor& tensor, const std::string& sentence)
    {
        if (notes_.size() < note_limit)
            notes_.push_back("layer " + in_quotes(name_of(tensor)) + ": " + sentence);
    }

    void set_activation(const tflite::Tensor& output, int activation)
    {
        layer_.relu = activation == 1 || activation == 3;
        layer_.provenance.set(Field::relu,
                              {.origin = Origin::file, .note = "fused_activation_function"});
        if (activation == 2 || activation == 3)
            note(output,
                 activation == 3 ? "its ReLU6 ends at 6, which is not computed here"
                                 : "its ReLU from -1 to 1 is not computed here");
    }

    const tflite::Tensor* read_depthwise(const tflite::Operator& op)
    {
        const auto* const options = op.builtin_options_as_DepthwiseConv2DOptions();
        const tflite::Tensor* const weights = graph_.input(op, 1);
        const tflite::Tensor* const output = graph_.output(op);
        if (options == nullptr || weights == nullptr || output == nullptr
            || options->stride_w() != 1 || options->stride_h() != 1)
            return nullptr;
        const auto weight = graph_.constant(*weights);
        const std::int64_t channels = channels_of(*weights);
        if (!weight || static_cast<std::int64_t>(weight->stored.size()) != channels
            || channels_of(*graph_.input(op, 0)) != channels)
            return nullptr; // not 1x1, or several outputs of a channel
        const tflite::Tensor* const biases = graph_.input(op, 2);
        const auto bias = biases != nullptr ? graph_.constant(*biases) : std::nullopt;
        if (biases != nullptr && (!bias || bias->stored.size() != weight->stored.size()))
            return nullptr;
        const auto end = quantization_of(*graph_.input(op, 0));
        const bool is_code = weight->type != TfliteType::float32 && end;
        std::size_t unlike = 0;
        for (std::size_t channel = 0; channel < weight->stored.size(); ++channel) {
            const auto folded = is_code ? unconverted(*weight, bias ? &*bias : nullptr, channel,
                                                      static_cast<float>(end->scale))
                                        : std::nullopt;
            unlike += is_code && !folded ? 1 : 0;
            layer_.gamma.push_back(folded ? static_cast<double>(folded->gain)
                                          : weight->real(channel));
            layer_.beta.push_back(folded     ? static_cast<double>(folded->offset)
                                      : bias ? bias->real(channel)
                                             : 0);
        }
        if (unlike > 0)
            note(*output,
                 "the weights or biases of " + counted(unlike, "channel")
                     + " are not as the converter writes those of a batch norm; codes may differ "
                       "from the model's");
        if (is_code && !end->type.is_signed)
            note(*output,
                 "it has codes of uint8, of which LiteRT's optimized kernels give others than "
                 "litert-optimized");
        set_activation(*output, options->fused_activation_function());
        return output;
    }

    const tflite::Tensor* read_product(const tflite::Operator& mul, const tflite::Operator& add)
    {
        const auto* const options = add.builtin_options_as_AddOptions();
        const auto* const of_product = mul.builtin_options_as_MulOptions();
        const tflite::Tensor* const product = graph_.output(mul);
        const tflite::Tensor* const factors = graph_.input(mul, 1);
        const tflite::Tensor* const summands = graph_.input(add, 1);
        const tflite::Tensor* const output = graph_.output(add);
        if (!graph_.is(add, TfliteOperator::add) || options == nullptr || product == nullptr
            || factors == nullptr || summands == nullptr || output == nullptr
            || (of_product != nullptr && of_product->fused_activation_function() != 0)
            || graph_.input(add, 0) != product)
            return nullptr;
        const auto factor = graph_.constant(*factors);
        const auto summand = graph_.constant(*summands);
        const std::int64_t channels = channels_of(*output);
        if (!factor || !summand || static_cast<std::int64_t>(factor->stored.size()) != channels
            || summand->stored.size() != factor->stored.size())
            return nullptr;
        for (std::size_t channel = 0; channel < factor->stored.size(); ++channel) {
            layer_.gamma.push_back(factor->real(channel));
            layer_.beta.push_back(summand->real(channel));
        }
        layer_.intermediate = intermediate_of(*factors, *summands, *product);
        if (static_cast<TfliteType>(product->type()) != TfliteType::float32 && !layer_.intermediate)
            note(*output,
                 "between MUL and ADD the model rounds to codes that are not read; its codes are "
                 "others");
        set_activation(*output, options->fused_activation_function());
        return output;
    }

    // Nothing where one of them is not of codes of 8 bits with one scale.
    static std::optional<IntermediateQuantization> intermediate_of(const tflite::Tensor& gain,
                                                                   const tflite::Tensor& offset,
                                                                   const tflite::Tensor& product)
    {
        const auto of_gain = quantization_of(gain);
        const auto of_offset = quantization_of(offset);
        const auto of_product = quantization_of(product);
        if (!of_gain || !of_offset || !of_product)
            return std::nullopt;
        return IntermediateQuantization{
            .gain = *of_gain, .offset = *of_offset, .product = *of_product};
    }

    // Codes of 8 bits with one scale.
    static std::optional<QuantizationParameters> quantization_of(const tflite::Tensor& tensor)
    {
        const auto kind = static_cast<TfliteType>(tensor.type());
        const auto* const quantization = tensor.quantization();
        const bool has_codes = kind == TfliteType::int8 || kind == TfliteType::uint8;
        const auto* const scales = quantization != nullptr ? quantization->scale() : nullptr;
        if (!has_codes || scales == nullptr || scales->size() != 1)
            return std::nullopt;
        const std::vector<double> zero_points = zero_points_of(tensor);
        return QuantizationParameters{.type = kind == TfliteType::int8 ? qint8_type : quint8_type,
                                      .scale = static_cast<double>(scales->Get(0)),
                                      .zero_point = zero_points.empty()
                                          ? 0
                                          : clamped_integer<std::int32_t>(zero_points.front())};
    }

    void set_end(const tflite::Tensor& tensor, QuantizationParameters& target, Field type,
                 Field scale, Field zero_point)
    {
        const auto quantization = quantization_of(tensor);
        if (!quantization) {
            const auto kind = static_cast<TfliteType>(tensor.type());
            const Provenance unknown{
                .origin = Origin::unknown,
                .note = kind == TfliteType::int16
                    ? "the model has codes of 16 bits, which are not computed here"
                    : "the model is not quantized there"};
            for (const Field field : {type, scale, zero_point})
                layer_.provenance.set(field, unknown);
            return;
        }
        target = *quantization;
        for (const Field field : {type, scale, zero_point})
            layer_.provenance.set(field, {.origin = Origin::file, .note = name_of(tensor)});
    }

    TfliteGraph graph_;
    std::vector<std::string>& notes_;
    BatchNormLayer layer_;
};

// That of MUL and ADD where all layers are such.
void choose_backend(Model& model)
{
    const auto pairs = static_cast<std::size_t>(
        std::count_if(model.layers.begin(), model.layers.end(),
                      [](const auto& layer) { return layer->intermediate.has_value(); }));
    if (pairs == model.layers.size())
        model.backend = "litert-mul-add";
    else if (pairs > 0)
        model.notes.push_back(
            counted(pairs, "layer")
            + " of MUL and ADD: litert-mul-add gives their codes, litert those of "
              "the others");
}

Result<Model> read_layers(const FileContent& file, const std::stop_token& stop)
{
    flatbuffers::Verifier verifier(reinterpret_cast<const std::uint8_t*>(file.bytes.constData()),
                                   static_cast<std::size_t>(file.bytes.size()));
    if (!tflite::VerifyModelBuffer(verifier))
        return Error{"the TensorFlow Lite model is cut short or damaged"};
    const tflite::Model& source = *tflite::GetModel(file.bytes.constData());
    Model model{.name = file.base_name(), .backend = "litert"};
    std::size_t channels = 0;
    std::size_t convolutions = 0;
    for (flatbuffers::uoffset_t i = 0;
         source.subgraphs() != nullptr && i < source.subgraphs()->size(); ++i) {
        Reader reader(source, *source.subgraphs()->Get(i), model.notes);
        for (std::size_t index = 0; index < reader.operator_count(); ++index) {
            if (stop.stop_requested())
                return reading_cancelled();
            auto layer = reader.read(index);
            convolutions += !layer && reader.is_convolution(index) ? 1 : 0;
            if (!layer)
                continue;
            channels += static_cast<std::size_t>(layer->channels());
            if (channels > channel_limit)
                return Error{"its batch norms have more than 2097152 channels together"};
            model.layers.push_back(std::make_shared<const BatchNormLayer>(*std::move(layer)));
        }
    }
    if (!model.layers.empty()) {
        choose_backend(model);
        return model;
    }
    if (convolutions > 0)
        return Error{"no batch norm left: " + counted(convolutions, "convolution")
                     + " may hold folded ones"};
    return Error{"no batch norm found: it has neither a 1x1 DEPTHWISE_CONV_2D nor a MUL and ADD of "
                 "constants for each channel"};
}

} // namespace

std::optional<Result<Model>> read_tflite(const FileContent& file, const std::stop_token& stop)
{
    if (!file.has(4, "TFL3"))
        return std::nullopt;
    return read_layers(file, stop);
}

} // namespace qbn
