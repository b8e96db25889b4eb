#pragma once

#include "core/layer/quantization.h"
#include "core/text/result.h"

#include <QByteArray>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qbn {

/// What a tensor's elements are. Complex and quantized_int32 ones may be in a file but cannot be
/// read as numbers.
enum class TensorType : std::uint8_t
{
    float64,
    float32,
    float16,
    bfloat16,
    int64,
    int32,
    int16,
    int8,
    uint64,
    uint32,
    uint16,
    uint8,
    boolean,
    complex64,
    complex128,
    quantized_uint8,
    quantized_int8,
    quantized_int32,
    other, ///< one of another program; cannot be read as numbers
};

/// PyTorch's name: "float32", "bool", "quint8", ...
std::string_view name_of(TensorType type);
/// Bytes of an element.
std::uint64_t size_of(TensorType type);

/// What a format calls a type.
struct TensorTypeName
{
    std::string_view name; ///< "<f4", "BF16"
    TensorType type;
};
/// The type that has the name among those of a format; `other` if none has.
TensorType type_named(std::string_view name, std::span<const TensorTypeName> names);

/// A tensor of a file, checked: its storage is there and has the size that the type asks for,
/// and every element lies in it.
struct NamedTensor
{
    std::string name; ///< "conv1.0.running_mean"; keys of dicts within dicts are joined by dots
    TensorType type = TensorType::float32;
    std::vector<std::int64_t> shape; ///< empty for a scalar
    std::vector<std::int64_t> strides; ///< in elements, none negative
    std::int64_t offset = 0; ///< of the first element in the storage, in elements
    std::int64_t element_count = 1; ///< the product of the shape
    std::string storage; ///< key of the storage
    std::optional<double> scale; ///< of a tensor that is quantized per tensor
    std::optional<std::int64_t> zero_point;
};

/// What a file says of a module beside its tensors, which a state_dict does not.
struct ModuleFacts
{
    std::string class_name; ///< "torch.ao.nn.quantized.modules.batchnorm.BatchNorm2d"
    std::optional<double> eps;
    std::optional<bool> relu; ///< whether a ReLU is fused into a batch norm
    std::optional<CodeType> type; ///< of the codes that a quantizing module gives
    std::optional<QuantizationParameters> input; ///< of a batch norm, where a graph says it
    std::optional<QuantizationParameters> output;
    std::string note; ///< where that stands: "eps of model/data.pkl"
};
/// By the prefix of the module's tensors, with its dot: "layer1.0.bn."; empty for the outermost one.
using Modules = std::map<std::string, ModuleFacts, std::less<>>;

/// The bytes of a checkpoint's storages, by key.
class StorageSource
{
public:
    StorageSource() = default;
    StorageSource(const StorageSource&) = delete;
    StorageSource& operator=(const StorageSource&) = delete;
    virtual ~StorageSource() = default;

    /// Bytes of the storage, nothing if there is none of that key.
    virtual std::optional<std::uint64_t> size(const std::string& key) const = 0;
    /// `count` bytes of it from `offset`, and no others where the file allows that.
    virtual Result<QByteArray> read(const std::string& key, std::uint64_t offset,
                                    std::uint64_t count) const
        = 0;
};

/// The named tensors of a file (a state_dict, .safetensors, .npz), in its order. Of the storages only what is asked for is read.
/// Errors name the tensor, the member or the byte offset, but not the file.
class Checkpoint
{
public:
    Checkpoint(std::vector<NamedTensor> tensors, std::shared_ptr<const StorageSource> source);

    /// Whether the order of the tensors is that of the model's modules, from which a layer's input is inferred.
    bool is_in_model_order() const { return is_in_model_order_; }
    void set_is_in_model_order(bool is) { is_in_model_order_ = is; }

    const Modules& modules() const { return modules_; }
    void set_modules(Modules modules) { modules_ = std::move(modules); }
    /// What is known of the module whose tensors have that prefix; null for nothing.
    const ModuleFacts* module(std::string_view prefix) const;

    const std::vector<NamedTensor>& tensors() const { return tensors_; }

    /// The position in tensors(), nothing if there is none of that name.
    std::optional<std::size_t> index_of(std::string_view name) const;

    /// All elements, the last index fastest, as binary64 (int64 rounds beyond 2^53; quantized codes
    /// are dequantized). An error for types that are no real numbers, for more than 1,048,576
    /// elements, and for elements that lie more than 64 MiB apart.
    Result<std::vector<double>> values(const NamedTensor& tensor) const;

private:
    std::vector<NamedTensor> tensors_;
    std::map<std::string, std::size_t, std::less<>> index_;
    std::shared_ptr<const StorageSource> source_;
    Modules modules_;
    bool is_in_model_order_ = true;
};

/// All elements of a type from the start of the bytes on, which are little-endian: as many as are whole, as binary64 (64-bit
/// integers round beyond 2^53, quantized codes stay codes). Nothing for types that are no real numbers.
std::optional<std::vector<double>> elements_of(TensorType type, std::string_view bytes);

/// The product of a shape, nothing where a size is negative or the product beyond 63 bits.
std::optional<std::int64_t> element_count(const std::vector<std::int64_t>& shape);

/// Sets the count of elements after checking that shape, strides and offset are possible, and that all elements lie among the
/// `numel` of the storage. The error is the end of a sentence about the tensor.
std::optional<Error> place_in_storage(NamedTensor& tensor, std::uint64_t numel);

/// A tensor whose elements lie side by side, the last index fastest. Requires: element_count(shape).
NamedTensor contiguous_tensor(std::string name, TensorType type, std::vector<std::int64_t> shape,
                              std::string storage);

} // namespace qbn
