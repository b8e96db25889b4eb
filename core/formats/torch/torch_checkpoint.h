#pragma once

#include "core/formats/torch/pickle_value.h"
#include "core/text/result.h"

#include <QByteArray>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace qbn {

class ZipArchive;

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
    uint8,
    boolean,
    complex64,
    complex128,
    quantized_uint8,
    quantized_int8,
    quantized_int32,
};

/// PyTorch's name: "float32", "bool", "quint8", ...
std::string_view name_of(TensorType type);
/// Bytes of an element.
std::uint64_t size_of(TensorType type);

/// A tensor of a state_dict, checked: its storage is there and has the size that the type asks for,
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

/// The tensors of a torch.save file, in its order. Of the storages only what is asked for is read.
/// Errors name the tensor, the member or the byte offset, but not the file.
class Checkpoint
{
public:
    Checkpoint(std::vector<NamedTensor> tensors, std::shared_ptr<const StorageSource> source);

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
};

/// torch.save's zip form: <top>/data.pkl with its storages in <top>/data/. Requires: `pickle_name`
/// is a member.
Result<Checkpoint> read_torch_zip(const ZipArchive& archive, std::string_view pickle_name,
                                  const std::stop_token& stop = {});

/// Whether the bytes begin as torch.save's form from before PyTorch 1.6 does.
bool is_legacy_torch(std::string_view bytes);

/// That form: five pickles (magic number, protocol 1001, sys_info, the object, the storages' keys),
/// then for each key an int64 element count and the elements. Requires: is_legacy_torch(bytes).
Result<Checkpoint> read_torch_legacy(const QByteArray& bytes, const std::stop_token& stop = {});

/// Lists and checks the tensors of a state_dict, or of the one under "state_dict",
/// "model_state_dict" or "model" in a training checkpoint.
Result<Checkpoint> collect_tensors(PickleRef root, std::shared_ptr<const StorageSource> source);

/// "FloatStorage" is float32; nothing for a type that is not known.
std::optional<TensorType> parse_storage_type(std::string_view name);

} // namespace qbn
