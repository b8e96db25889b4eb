#include "core/formats/onnx/onnx_constants.h"

#include "core/formats/bytes/bytes_view.h"
#include "core/formats/onnx/onnx_external.h"
#include "core/formats/tensors/checkpoint.h"
#include "core/text/printable.h"
#include "core/text/sentence.h"

#include <optional>
#include <utility>

namespace qbn {

namespace {

constexpr std::int64_t element_limit = 1 << 20;
constexpr std::size_t byte_limit = 64 << 20;
constexpr int depth_limit = 8; // of Identity after Identity

std::optional<TensorType> tensor_type(OnnxType type)
{
    switch (type) {
    case OnnxType::float32:
        return TensorType::float32;
    case OnnxType::float64:
        return TensorType::float64;
    case OnnxType::float16:
        return TensorType::float16;
    case OnnxType::bfloat16:
        return TensorType::bfloat16;
    case OnnxType::int64:
        return TensorType::int64;
    case OnnxType::int32:
        return TensorType::int32;
    case OnnxType::int16:
        return TensorType::int16;
    case OnnxType::int8:
        return TensorType::int8;
    case OnnxType::uint64:
        return TensorType::uint64;
    case OnnxType::uint32:
        return TensorType::uint32;
    case OnnxType::uint16:
        return TensorType::uint16;
    case OnnxType::uint8:
        return TensorType::uint8;
    case OnnxType::boolean:
        return TensorType::boolean;
    default:
        return std::nullopt;
    }
}

template <typename Numbers> std::vector<double> widened(const Numbers& numbers)
{
    std::vector<double> values;
    values.reserve(static_cast<std::size_t>(numbers.size()));
    for (const auto number : numbers)
        values.push_back(static_cast<double>(number));
    return values;
}

// int32_data holds the bits of a half.
std::vector<double> from_bits(const onnx::TensorProto& tensor, TensorType type)
{
    std::string bytes;
    for (const std::int32_t bits : tensor.int32_data()) {
        bytes.push_back(static_cast<char>(bits & 0xff));
        bytes.push_back(static_cast<char>(bits >> 8 & 0xff));
    }
    return elements_of(type, bytes).value_or(std::vector<double>());
}

std::vector<double> typed_data(const onnx::TensorProto& tensor, TensorType type)
{
    switch (type) {
    case TensorType::float32:
        return widened(tensor.float_data());
    case TensorType::float64:
        return widened(tensor.double_data());
    case TensorType::int64:
        return widened(tensor.int64_data());
    case TensorType::uint64:
    case TensorType::uint32:
        return widened(tensor.uint64_data());
    case TensorType::float16:
    case TensorType::bfloat16:
        return from_bits(tensor, type);
    default:
        return widened(tensor.int32_data());
    }
}

Error in_tensor(const std::string& name, const std::string& what)
{
    return {"tensor " + in_quotes(name) + ": " + what};
}

} // namespace

OnnxConstants::Values OnnxConstants::of(const std::string& name, int depth)
{
    if (const auto found = read_.find(name); found != read_.end())
        return found->second;
    auto values = read(name, depth);
    read_.emplace(name, values);
    return values;
}

OnnxConstants::Values OnnxConstants::read(const std::string& name, int depth)
{
    const auto initializer = graph_.initializers.find(name);
    const onnx::NodeProto* const node = graph_.producer_of(name);
    Result<OnnxValues> values = Error{"it is not a constant"};
    if (initializer != graph_.initializers.end()) {
        onnx::TensorProto tensor;
        const std::string_view bytes = initializer->second;
        if (bytes.size() > byte_limit)
            return in_tensor(name, "it is larger than 64 MiB");
        if (!tensor.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
            return in_tensor(name, "it is damaged");
        values = decoded(tensor);
    } else if (node != nullptr && depth < depth_limit) {
        values = from_node(*node, depth);
    }
    if (!values)
        return in_tensor(name, values.error().message);
    return std::make_shared<const OnnxValues>(*std::move(values));
}

Result<OnnxValues> OnnxConstants::from_node(const onnx::NodeProto& node, int depth)
{
    if (is_operator(node, "Constant")) {
        if (const auto* const tensor = attribute_of(node, "value"))
            return decoded(tensor->t());
        if (const auto* const number = attribute_of(node, "value_float"))
            return OnnxValues{OnnxType::float32, {}, {static_cast<double>(number->f())}};
        if (const auto* const number = attribute_of(node, "value_int"))
            return OnnxValues{OnnxType::int64, {}, {static_cast<double>(number->i())}};
        if (const auto* const list = attribute_of(node, "value_floats"))
            return OnnxValues{OnnxType::float32, {list->floats_size()}, widened(list->floats())};
        if (const auto* const list = attribute_of(node, "value_ints"))
            return OnnxValues{OnnxType::int64, {list->ints_size()}, widened(list->ints())};
        return Error{"its node Constant holds no numbers"};
    }
    if (is_operator(node, "DequantizeLinear"))
        return dequantized(node, depth);
    const bool is_identity = is_operator(node, "Identity");
    if (!is_identity && !is_operator(node, "Cast"))
        return Error{"it is computed by " + in_quotes(node.op_type()) + ", not a constant"};
    const auto source = of(input_of(node, 0), depth + 1);
    if (!source)
        return source.error();
    OnnxValues values = **source;
    if (is_identity)
        return values;
    const auto* const to = attribute_of(node, "to");
    values.type = static_cast<OnnxType>(to != nullptr ? static_cast<std::int32_t>(to->i()) : 0);
    if (values.type != OnnxType::float32 && values.type != OnnxType::float64)
        return Error{"it is cast to " + name_of(values.type) + ", which is not supported"};
    for (double& value : values.values)
        value = values.type == OnnxType::float32 ? static_cast<double>(static_cast<float>(value))
                                                 : value;
    return values;
}

// f32(f32(code - zero_point) * f32(scale)), as activations are dequantized.
Result<OnnxValues> OnnxConstants::dequantized(const onnx::NodeProto& node, int depth)
{
    const auto codes = of(input_of(node, 0), depth + 1);
    const auto scale = codes ? of(input_of(node, 1), depth + 1) : codes;
    const bool has_zero_point = !input_of(node, 2).empty();
    const auto zero_point = scale && has_zero_point ? of(input_of(node, 2), depth + 1) : scale;
    if (!zero_point)
        return zero_point.error();
    if ((*scale)->values.size() != 1 || (*zero_point)->values.size() != 1)
        return Error{"it is dequantized with several scales, which is not supported"};
    OnnxValues values{OnnxType::float32, (*codes)->shape, (*codes)->values};
    const double zero = has_zero_point ? (*zero_point)->values.front() : 0;
    for (double& value : values.values)
        value = static_cast<float>(value - zero) * static_cast<float>((*scale)->values.front());
    return values;
}

Result<OnnxValues> OnnxConstants::decoded(const onnx::TensorProto& tensor)
{
    OnnxValues values{.type = static_cast<OnnxType>(tensor.data_type()),
                      .shape = {tensor.dims().begin(), tensor.dims().end()}};
    const auto type = tensor_type(values.type);
    const auto count = element_count(values.shape);
    if (!type)
        return Error{"elements of " + name_of(values.type) + " are not supported"};
    if (!count)
        return Error{"its shape is not possible"};
    if (*count > element_limit)
        return Error{"it has more than 1048576 values"};
    const auto elements = static_cast<std::uint64_t>(*count);
    if (elements > element_budget_)
        return Error{
            "the constants of the model's batch norms have more than 16777216 values together"};
    element_budget_ -= elements;
    const std::uint64_t size = elements * size_of(*type);
    if (tensor.data_location() == 1) {
        const auto bytes = read_external_data(tensor, size, model_path_);
        if (!bytes)
            return bytes.error();
        values.values = *elements_of(*type, view(*bytes));
    } else if (tensor.has_raw_data()) {
        if (tensor.raw_data().size() != size)
            return Error{"it has " + std::to_string(tensor.raw_data().size()) + " bytes, not the "
                         + std::to_string(size) + " of its shape"};
        values.values = *elements_of(*type, tensor.raw_data());
    } else {
        values.values = typed_data(tensor, *type);
    }
    if (values.values.size() != elements)
        return Error{"it has " + counted(values.values.size(), "value") + ", not the "
                     + std::to_string(elements) + " of its shape"};
    return values;
}

} // namespace qbn
