#include "core/formats/tensors/checkpoint.h"

#include "core/formats/bytes/byte_reader.h"
#include "core/formats/bytes/bytes_view.h"
#include "core/text/printable.h"
#include "core/text/sentence.h"

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <utility>

namespace qbn {

namespace {

struct TypeInfo
{
    TensorType type;
    std::string_view name;
    std::string_view storage;
    std::uint64_t size;
};

constexpr std::array type_infos{
    TypeInfo{TensorType::float64, "float64", "DoubleStorage", 8},
    TypeInfo{TensorType::float32, "float32", "FloatStorage", 4},
    TypeInfo{TensorType::float16, "float16", "HalfStorage", 2},
    TypeInfo{TensorType::bfloat16, "bfloat16", "BFloat16Storage", 2},
    TypeInfo{TensorType::int64, "int64", "LongStorage", 8},
    TypeInfo{TensorType::int32, "int32", "IntStorage", 4},
    TypeInfo{TensorType::int16, "int16", "ShortStorage", 2},
    TypeInfo{TensorType::int8, "int8", "CharStorage", 1},
    TypeInfo{TensorType::uint64, "uint64", "UInt64Storage", 8},
    TypeInfo{TensorType::uint32, "uint32", "UInt32Storage", 4},
    TypeInfo{TensorType::uint16, "uint16", "UInt16Storage", 2},
    TypeInfo{TensorType::uint8, "uint8", "ByteStorage", 1},
    TypeInfo{TensorType::boolean, "bool", "BoolStorage", 1},
    TypeInfo{TensorType::complex64, "complex64", "ComplexFloatStorage", 8},
    TypeInfo{TensorType::complex128, "complex128", "ComplexDoubleStorage", 16},
    TypeInfo{TensorType::quantized_uint8, "quint8", "QUInt8Storage", 1},
    TypeInfo{TensorType::quantized_int8, "qint8", "QInt8Storage", 1},
    TypeInfo{TensorType::quantized_int32, "qint32", "QInt32Storage", 4},
    TypeInfo{TensorType::other, "another program's", "", 1},
};

constexpr std::int64_t element_limit = 1 << 20;
constexpr std::int64_t reach_limit = 64 << 20; // in bytes

Error in_tensor(std::string_view name, const std::string& what)
{
    return {"tensor " + in_quotes(name) + ": " + what};
}

template <typename T> double read_as(ByteReader& reader)
{
    return static_cast<double>(reader.little<T>().value_or(T{}));
}

template <typename Half> double read_half(ByteReader& reader)
{
    const auto bits = reader.little<std::uint16_t>().value_or(0);
    return static_cast<double>(static_cast<float>(Eigen::numext::bit_cast<Half>(bits)));
}

using ElementReader = double (*)(ByteReader&);

ElementReader element_reader(TensorType type)
{
    switch (type) {
    case TensorType::float64:
        return read_as<double>;
    case TensorType::float32:
        return read_as<float>;
    case TensorType::float16:
        return read_half<Eigen::half>;
    case TensorType::bfloat16:
        return read_half<Eigen::bfloat16>;
    case TensorType::int64:
        return read_as<std::int64_t>;
    case TensorType::int32:
        return read_as<std::int32_t>;
    case TensorType::int16:
        return read_as<std::int16_t>;
    case TensorType::int8:
    case TensorType::quantized_int8:
        return read_as<std::int8_t>;
    case TensorType::uint64:
        return read_as<std::uint64_t>;
    case TensorType::uint32:
        return read_as<std::uint32_t>;
    case TensorType::uint16:
        return read_as<std::uint16_t>;
    case TensorType::uint8:
    case TensorType::boolean:
    case TensorType::quantized_uint8:
        return read_as<std::uint8_t>;
    case TensorType::complex64:
    case TensorType::complex128:
    case TensorType::quantized_int32:
    case TensorType::other:
        break;
    }
    return nullptr;
}

// The storage's last index that the tensor uses; nothing if a number is negative or the sum does
// not fit.
std::optional<std::int64_t> last_index(const NamedTensor& tensor)
{
    std::int64_t last = tensor.offset;
    if (tensor.shape.size() != tensor.strides.size() || last < 0)
        return std::nullopt;
    for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
        std::int64_t reach = 0;
        if (tensor.shape[i] < 0 || tensor.strides[i] < 0
            || __builtin_mul_overflow(std::max<std::int64_t>(tensor.shape[i] - 1, 0),
                                      tensor.strides[i], &reach)
            || __builtin_add_overflow(last, reach, &last))
            return std::nullopt;
    }
    return last;
}

// How many elements of the storage lie from the tensor's first to its last. The tensor was checked,
// so nothing overflows.
std::int64_t reach(const NamedTensor& tensor)
{
    std::int64_t last = 0;
    for (std::size_t axis = 0; axis < tensor.shape.size(); ++axis)
        last += (tensor.shape[axis] - 1) * tensor.strides[axis];
    return last + 1;
}

// Every element's place in the bytes from the first one on, the last index fastest.
std::vector<double> gather(const NamedTensor& tensor, std::string_view bytes, ElementReader element)
{
    std::vector<double> values;
    values.reserve(static_cast<std::size_t>(tensor.element_count));
    std::vector<std::int64_t> index(tensor.shape.size(), 0);
    ByteReader reader(bytes);
    std::int64_t place = 0;
    for (std::int64_t i = 0; i < tensor.element_count; ++i) {
        reader.seek(static_cast<std::uint64_t>(place) * size_of(tensor.type));
        values.push_back(element(reader));
        for (std::size_t axis = index.size(); axis-- > 0;) {
            if (index[axis] + 1 < tensor.shape[axis]) {
                ++index[axis];
                place += tensor.strides[axis];
                break;
            }
            place -= tensor.strides[axis] * index[axis];
            index[axis] = 0;
        }
    }
    return values;
}

} // namespace

std::string_view name_of(TensorType type)
{
    return type_infos[static_cast<std::size_t>(type)].name;
}

TensorType type_named(std::string_view name, std::span<const TensorTypeName> names)
{
    const auto found = std::find_if(names.begin(), names.end(),
                                    [name](const TensorTypeName& n) { return n.name == name; });
    return found != names.end() ? found->type : TensorType::other;
}

std::uint64_t size_of(TensorType type)
{
    return type_infos[static_cast<std::size_t>(type)].size;
}

std::optional<TensorType> parse_storage_type(std::string_view name)
{
    const auto* const found
        = std::find_if(type_infos.begin(), type_infos.end(),
                       [name](const TypeInfo& t) { return !name.empty() && t.storage == name; });
    return found != type_infos.end() ? std::optional(found->type) : std::nullopt;
}

Checkpoint::Checkpoint(std::vector<NamedTensor> tensors,
                       std::shared_ptr<const StorageSource> source)
    : tensors_(std::move(tensors))
    , source_(std::move(source))
{
    for (std::size_t i = 0; i < tensors_.size(); ++i)
        index_.emplace(tensors_[i].name, i);
}

const ModuleFacts* Checkpoint::module(std::string_view prefix) const
{
    const auto found = modules_.find(prefix);
    return found != modules_.end() ? &found->second : nullptr;
}

std::optional<std::size_t> Checkpoint::index_of(std::string_view name) const
{
    const auto found = index_.find(name);
    return found != index_.end() ? std::optional(found->second) : std::nullopt;
}

Result<std::vector<double>> Checkpoint::values(const NamedTensor& tensor) const
{
    const ElementReader element = element_reader(tensor.type);
    if (element == nullptr)
        return in_tensor(tensor.name,
                         "values of type " + std::string(name_of(tensor.type)) + " cannot be used");
    if (tensor.element_count > element_limit)
        return in_tensor(tensor.name, "it has more than 1048576 values");
    if (tensor.element_count == 0)
        return std::vector<double>();
    const std::uint64_t size = size_of(tensor.type);
    const std::int64_t count = reach(tensor);
    if (count > reach_limit / static_cast<std::int64_t>(size))
        return in_tensor(tensor.name, "its values lie more than 64 MiB apart");
    const auto bytes
        = source_->read(tensor.storage, static_cast<std::uint64_t>(tensor.offset) * size,
                        static_cast<std::uint64_t>(count) * size);
    if (!bytes)
        return bytes.error();
    std::vector<double> values = gather(tensor, view(*bytes), element);
    const bool quantized
        = tensor.type == TensorType::quantized_uint8 || tensor.type == TensorType::quantized_int8;
    if (!quantized)
        return values;
    if (!tensor.scale)
        return in_tensor(tensor.name, "it is quantized per channel, which is not supported here");
    for (double& value : values)
        value = *tensor.scale * (value - static_cast<double>(*tensor.zero_point));
    return values;
}

std::optional<std::vector<double>> elements_of(TensorType type, std::string_view bytes)
{
    const ElementReader element = element_reader(type);
    if (element == nullptr)
        return std::nullopt;
    std::vector<double> values(bytes.size() / size_of(type));
    ByteReader reader(bytes);
    for (double& value : values)
        value = element(reader);
    return values;
}

std::optional<std::int64_t> element_count(const std::vector<std::int64_t>& shape)
{
    if (std::any_of(shape.begin(), shape.end(), [](std::int64_t size) { return size < 0; }))
        return std::nullopt;
    if (std::find(shape.begin(), shape.end(), 0) != shape.end())
        return 0;
    std::int64_t result = 1;
    for (const std::int64_t size : shape) {
        if (__builtin_mul_overflow(result, size, &result))
            return std::nullopt;
    }
    return result;
}

std::optional<Error> place_in_storage(NamedTensor& tensor, std::uint64_t numel)
{
    const auto last = last_index(tensor);
    const auto count = element_count(tensor.shape);
    if (!last || !count)
        return Error{"its shape, strides or offset are not possible"};
    if (*count > 0 && static_cast<std::uint64_t>(*last) >= numel)
        return Error{"it reaches beyond its storage of " + counted(numel, "element")};
    tensor.element_count = *count;
    return std::nullopt;
}

NamedTensor contiguous_tensor(std::string name, TensorType type, std::vector<std::int64_t> shape,
                              std::string storage)
{
    NamedTensor tensor{.name = std::move(name),
                       .type = type,
                       .shape = std::move(shape),
                       .storage = std::move(storage)};
    tensor.strides.resize(tensor.shape.size());
    if (element_count(tensor.shape) == 0) { // whose other sizes may be of any product
        tensor.element_count = 0;
        return tensor;
    }
    for (std::size_t axis = tensor.shape.size(); axis-- > 0;) {
        tensor.strides[axis] = tensor.element_count;
        tensor.element_count *= tensor.shape[axis];
    }
    return tensor;
}

} // namespace qbn
