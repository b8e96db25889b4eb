#pragma once

#include "core/layer/batch_norm.h"
#include "core/text/result.h"

#include "tflite_generated.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace qbn {

/// TensorType of the schema.
enum class TfliteType : std::int8_t
{
    float32 = 0,
    int32 = 2,
    uint8 = 3,
    int16 = 7,
    int8 = 9,
};

/// BuiltinOperator of the schema.
enum class TfliteOperator : std::int32_t
{
    add = 0,
    conv_2d = 3,
    depthwise_conv_2d = 4,
    mul = 18,
};

/// A constant: its numbers as they are stored, and the scale and zero point of each channel, or one of all.
struct TfliteConstant
{
    TfliteType type = TfliteType::float32;
    std::vector<double> stored;
    std::vector<double> scales; ///< empty: they are no codes
    std::vector<double> zero_points;

    double scale(std::size_t channel) const
    {
        return scales.empty() ? 1 : scales[scales.size() == 1 ? 0 : channel];
    }
    /// Less the zero point.
    double code(std::size_t channel) const
    {
        return stored[channel]
            - (zero_points.empty() ? 0 : zero_points[zero_points.size() == 1 ? 0 : channel]);
    }
    double real(std::size_t channel) const { return code(channel) * scale(channel); }
};

/// A subgraph of a model that the verifier has passed; every access is checked. Lives as long as the bytes.
class TfliteGraph
{
public:
    TfliteGraph(const tflite::Model& model, const tflite::SubGraph& graph)
        : model_(model)
        , graph_(graph)
    { }

    std::size_t operator_count() const
    {
        return graph_.operators() != nullptr ? graph_.operators()->size() : 0;
    }
    const tflite::Operator* operator_at(std::size_t index) const
    {
        return graph_.operators()->Get(static_cast<flatbuffers::uoffset_t>(index));
    }
    bool is(const tflite::Operator& op, TfliteOperator code) const;

    /// The n-th input or output; null where it is left out or no tensor.
    const tflite::Tensor* input(const tflite::Operator& op, unsigned n) const
    {
        return tensor(op.inputs(), n);
    }
    const tflite::Tensor* output(const tflite::Operator& op) const
    {
        return tensor(op.outputs(), 0);
    }

    /// The numbers of a constant with at most 1,048,576 of them, and 16,777,216 of all that were asked for; nothing for what is
    /// computed, damaged, or of another type.
    std::optional<TfliteConstant> constant(const tflite::Tensor& tensor);

private:
    const tflite::Tensor* tensor(const flatbuffers::Vector<std::int32_t>* indexes,
                                 unsigned n) const;

    const tflite::Model& model_;
    const tflite::SubGraph& graph_;
    std::int64_t element_budget_ = 1
        << 24; ///< small operators can name a large constant again and again
};

/// The zero points of a tensor's quantization, empty if it has none.
std::vector<double> zero_points_of(const tflite::Tensor& tensor);

std::string name_of(const tflite::Tensor& tensor);

/// The last entry of the shape; 0 where there is none.
std::int64_t channels_of(const tflite::Tensor& tensor);

} // namespace qbn
