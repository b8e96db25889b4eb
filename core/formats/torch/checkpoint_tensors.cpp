#include "core/formats/bytes/byte_reader.h"
#include "core/formats/bytes/bytes_view.h"
#include "core/formats/torch/pickle_symbols.h"
#include "core/formats/torch/torch_checkpoint.h"
#include "core/layer/quantization.h"
#include "core/text/printable.h"
#include "core/text/sentence.h"

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_set>
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
    TypeInfo{TensorType::uint8, "uint8", "ByteStorage", 1},
    TypeInfo{TensorType::boolean, "bool", "BoolStorage", 1},
    TypeInfo{TensorType::complex64, "complex64", "ComplexFloatStorage", 8},
    TypeInfo{TensorType::complex128, "complex128", "ComplexDoubleStorage", 16},
    TypeInfo{TensorType::quantized_uint8, "quint8", "QUInt8Storage", 1},
    TypeInfo{TensorType::quantized_int8, "qint8", "QInt8Storage", 1},
    TypeInfo{TensorType::quantized_int32, "qint32", "QInt32Storage", 4},
};

constexpr std::int64_t element_limit = 1 << 20;
constexpr std::int64_t reach_limit = 64 << 20; // in bytes
constexpr std::size_t name_limit = 1024;
constexpr int depth_limit = 100;

Error in_tensor(std::string_view name, const std::string& what)
{
    return {"tensor " + in_quotes(name) + ": " + what};
}

// The storage's last index that the tensor uses; nothing if a number is negative or the sum does
// not fit.
std::optional<std::int64_t> last_index(const PickleTensor& tensor)
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

std::optional<std::int64_t> product(const std::vector<std::int64_t>& shape)
{
    if (std::find(shape.begin(), shape.end(), 0) != shape.end())
        return 0;
    std::int64_t result = 1;
    for (const std::int64_t size : shape) {
        if (__builtin_mul_overflow(result, size, &result))
            return std::nullopt;
    }
    return result;
}

Result<NamedTensor> checked(std::string name, const PickleTensor& tensor,
                            const StorageSource& source)
{
    const PickleStorage& storage = tensor.storage;
    const auto type = parse_storage_type(storage.type);
    if (!type)
        return in_tensor(name,
                         "storages of type " + in_quotes(storage.type) + " are not supported");
    const auto size = source.size(storage.key);
    if (!size)
        return in_tensor(name, "its storage " + in_quotes(storage.key) + " is not in the file");
    const auto numel = static_cast<std::uint64_t>(storage.numel);
    if (*size % size_of(*type) != 0 || *size / size_of(*type) != numel)
        return in_tensor(name,
                         "its storage " + in_quotes(storage.key) + " has " + std::to_string(*size)
                             + " bytes, not those of " + counted(numel, "element") + " of "
                             + std::string(name_of(*type)));
    if (tensor.shape.size() > dimension_limit)
        return in_tensor(name, "it has more than 64 dimensions");
    const auto last = last_index(tensor);
    const auto count = product(tensor.shape);
    if (!last || !count)
        return in_tensor(name, "its shape, strides or offset are not possible");
    if (*count > 0 && *last >= storage.numel)
        return in_tensor(name, "it reaches beyond its storage of " + counted(numel, "element"));
    return NamedTensor{.name = std::move(name),
                       .type = *type,
                       .shape = tensor.shape,
                       .strides = tensor.strides,
                       .offset = tensor.offset,
                       .element_count = *count,
                       .storage = storage.key,
                       .scale = tensor.scale,
                       .zero_point = tensor.zero_point};
}

std::optional<std::string> key_text(const PickleNode& key)
{
    if (const auto* const text = key.as<std::string>())
        return *text;
    if (const auto* const number = key.as<std::int64_t>())
        return std::to_string(*number);
    return std::nullopt;
}

// A dict is entered once: a file can make it its own descendant, or share it a million times.
class Collector
{
public:
    explicit Collector(const StorageSource& source)
        : source_(source)
    { }

    std::optional<Error> collect(const PickleDict& dict, const std::string& prefix, int depth)
    {
        if (depth > depth_limit)
            return Error{"its dicts are nested more than 100 levels deep"};
        if (!seen_.insert(&dict).second)
            return std::nullopt;
        for (const auto& [key, value] : dict.items) {
            const auto* const tensor = value->as<PickleTensor>();
            const auto* const inner = value->as<PickleDict>();
            const auto text = tensor != nullptr || inner != nullptr ? key_text(*key) : std::nullopt;
            if (!text)
                continue;
            if (prefix.size() + text->size() > name_limit)
                return Error{"the name " + in_quotes(*text) + " is longer than 1024 bytes"};
            auto error = tensor != nullptr ? add(prefix + *text, *tensor)
                                           : collect(*inner, prefix + *text + '.', depth + 1);
            if (error)
                return error;
        }
        return std::nullopt;
    }

    std::vector<NamedTensor> take() { return std::move(tensors_); }

private:
    std::optional<Error> add(std::string name, const PickleTensor& tensor)
    {
        if (!names_.insert(name).second)
            return Error{"there are two tensors " + in_quotes(name)};
        auto result = checked(std::move(name), tensor, source_);
        if (!result)
            return result.error();
        tensors_.push_back(*std::move(result));
        return std::nullopt;
    }

    const StorageSource& source_;
    std::unordered_set<const PickleDict*> seen_;
    std::unordered_set<std::string> names_;
    std::vector<NamedTensor> tensors_;
};

bool holds_tensors(const PickleDict& dict)
{
    return std::any_of(dict.items.begin(), dict.items.end(),
                       [](const auto& item) { return item.second->template as<PickleTensor>(); });
}

// A training checkpoint keeps the state_dict beside the epoch and the optimizer's state.
const PickleDict& unwrapped(const PickleDict& root)
{
    if (holds_tensors(root))
        return root;
    for (const std::string_view wrapper : {"state_dict", "model_state_dict", "model"}) {
        for (const auto& [key, value] : root.items) {
            const auto* const text = key->as<std::string>();
            const auto* const inner = value->as<PickleDict>();
            if (text != nullptr && *text == wrapper && inner != nullptr && holds_tensors(*inner))
                return *inner;
        }
    }
    return root;
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
    case TensorType::uint8:
    case TensorType::boolean:
    case TensorType::quantized_uint8:
        return read_as<std::uint8_t>;
    case TensorType::complex64:
    case TensorType::complex128:
    case TensorType::quantized_int32:
        break;
    }
    return nullptr;
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

std::uint64_t size_of(TensorType type)
{
    return type_infos[static_cast<std::size_t>(type)].size;
}

std::optional<TensorType> parse_storage_type(std::string_view name)
{
    const auto* const found = std::find_if(type_infos.begin(), type_infos.end(),
                                           [name](const TypeInfo& t) { return t.storage == name; });
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

Result<Checkpoint> collect_tensors(PickleRef root, std::shared_ptr<const StorageSource> source)
{
    const auto* const dict = root->as<PickleDict>();
    if (dict == nullptr)
        return Error{"it does not hold a state_dict, a dict of names and tensors; save "
                     "model.state_dict()"};
    Collector collector(*source);
    if (auto error = collector.collect(unwrapped(*dict), "", 0))
        return *std::move(error);
    return Checkpoint(collector.take(), std::move(source));
}

} // namespace qbn
