#pragma once

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
    bool is_in_model_order_ = true;
};

/// All elements of a type from the start of the bytes on, which are little-endian: as many as are whole, as binary64 (64-bit
/// integers round beyond 2^53, quantized codes stay codes). Nothing for types that are no real numbers.
std::optional<std::vector<double>> elements_of(TensorType type, std::string_view bytes);

/// The product of a shape, nothing where a size is negative or the product beyond 63 bits.
std::optional<std::int64_t> element_count(const std::vector<std::int64_t>& shape);

/// A tensor whose elements lie side by side, the last index fastest. Requires: element_count(shape).
NamedTensor contiguous_tensor(std::string name, TensorType type, std::vector<std::int64_t> shape,
                              std::string storage);

} // namespace qbn
