#include "core/formats/tflite/tflite_graph.h"

#include "core/formats/tensors/checkpoint.h"

#include <QString>

#include <algorithm>
#include <string_view>

namespace qbn {

namespace {

constexpr std::int64_t element_limit = 1 << 20;

std::optional<TensorType> element_type(TfliteType type)
{
    switch (type) {
    case TfliteType::float32:
        return TensorType::float32;
    case TfliteType::int32:
        return TensorType::int32;
    case TfliteType::uint8:
        return TensorType::uint8;
    case TfliteType::int8:
        return TensorType::int8;
    case TfliteType::int16:
        return TensorType::int16;
    }
    return std::nullopt;
}

// Read as bytes: flatbuffers' verifier lets elements of 8 bytes stand at an address that does not suit them.
template <typename T>
std::vector<double> widened(const flatbuffers::Vector<T>* numbers, TensorType type)
{
    if (numbers == nullptr)
        return {};
    return *elements_of(
        type,
        {reinterpret_cast<const char*>(numbers->Data()), std::size_t{numbers->size()} * sizeof(T)});
}

std::optional<std::vector<std::int64_t>> shape_of(const tflite::Tensor& tensor)
{
    constexpr flatbuffers::uoffset_t dimension_limit = 64;
    if (tensor.shape() == nullptr)
        return std::vector<std::int64_t>();
    if (tensor.shape()->size() > dimension_limit)
        return std::nullopt;
    return std::vector<std::int64_t>(tensor.shape()->begin(), tensor.shape()->end());
}

} // namespace

bool TfliteGraph::is(const tflite::Operator& op, TfliteOperator code) const
{
    const auto* const codes = model_.operator_codes();
    if (codes == nullptr || op.opcode_index() >= codes->size())
        return false;
    const tflite::OperatorCode* const found = codes->Get(op.opcode_index());
    return std::max<std::int32_t>(found->deprecated_builtin_code(), found->builtin_code())
        == static_cast<std::int32_t>(code);
}

const tflite::Tensor* TfliteGraph::tensor(const flatbuffers::Vector<std::int32_t>* indexes,
                                          unsigned n) const
{
    if (indexes == nullptr || n >= indexes->size() || graph_.tensors() == nullptr)
        return nullptr;
    const std::int32_t index = indexes->Get(n);
    if (index < 0 || static_cast<flatbuffers::uoffset_t>(index) >= graph_.tensors()->size())
        return nullptr;
    return graph_.tensors()->Get(static_cast<flatbuffers::uoffset_t>(index));
}

std::optional<TfliteConstant> TfliteGraph::constant(const tflite::Tensor& tensor)
{
    const auto* const buffers = model_.buffers();
    if (buffers == nullptr || tensor.buffer() >= buffers->size())
        return std::nullopt;
    const auto* const data = buffers->Get(tensor.buffer())->data();
    TfliteConstant constant{.type = static_cast<TfliteType>(tensor.type())};
    const auto type = element_type(constant.type);
    const auto shape = shape_of(tensor);
    const std::int64_t count = shape ? element_count(*shape).value_or(0) : 0;
    if (data == nullptr || !type || count < 1 || count > std::min(element_limit, element_budget_)
        || data->size() != static_cast<std::uint64_t>(count) * size_of(*type))
        return std::nullopt;
    element_budget_ -= count;
    constant.stored
        = *elements_of(*type, {reinterpret_cast<const char*>(data->data()), data->size()});
    const auto fits = [&constant](const auto* numbers) {
        return numbers == nullptr || numbers->size() <= 1
            || numbers->size() == constant.stored.size();
    };
    if (const auto* const quantization = tensor.quantization()) {
        if (!fits(quantization->scale()) || !fits(quantization->zero_point()))
            return std::nullopt;
        constant.scales = widened(quantization->scale(), TensorType::float32);
        constant.zero_points = zero_points_of(tensor);
    }
    return constant;
}

std::vector<double> zero_points_of(const tflite::Tensor& tensor)
{
    return tensor.quantization() != nullptr
        ? widened(tensor.quantization()->zero_point(), TensorType::int64)
        : std::vector<double>();
}

std::string name_of(const tflite::Tensor& tensor)
{
    if (tensor.name() == nullptr)
        return "batch_norm";
    return QString::fromUtf8(tensor.name()->c_str(), static_cast<qsizetype>(tensor.name()->size()))
        .toStdString();
}

std::int64_t channels_of(const tflite::Tensor& tensor)
{
    return tensor.shape() != nullptr && tensor.shape()->size() > 0
        ? tensor.shape()->Get(tensor.shape()->size() - 1)
        : 0;
}

} // namespace qbn
