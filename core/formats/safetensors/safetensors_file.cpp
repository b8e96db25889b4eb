#include "core/formats/safetensors/safetensors_file.h"

#include "core/formats/bytes/byte_reader.h"
#include "core/formats/bytes/cancelled.h"
#include "core/formats/bytes/will_read.h"
#include "core/formats/json/json_document.h"
#include "core/formats/tensors/layer_finder.h"
#include "core/text/integer.h"
#include "core/text/printable.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace qbn {

namespace {

constexpr std::uint64_t header_limit = 100'000'000; // as the library has it
constexpr std::size_t length_size = 8;

constexpr std::array type_names{
    TensorTypeName{"F64", TensorType::float64},  TensorTypeName{"F32", TensorType::float32},
    TensorTypeName{"F16", TensorType::float16},  TensorTypeName{"BF16", TensorType::bfloat16},
    TensorTypeName{"I64", TensorType::int64},    TensorTypeName{"I32", TensorType::int32},
    TensorTypeName{"I16", TensorType::int16},    TensorTypeName{"I8", TensorType::int8},
    TensorTypeName{"U64", TensorType::uint64},   TensorTypeName{"U32", TensorType::uint32},
    TensorTypeName{"U16", TensorType::uint16},   TensorTypeName{"U8", TensorType::uint8},
    TensorTypeName{"BOOL", TensorType::boolean}, TensorTypeName{"C64", TensorType::complex64},
};

struct Place
{
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

// The bytes behind the header; a tensor's storage has its name.
class Storages : public StorageSource
{
public:
    explicit Storages(std::string_view data)
        : data_(data)
    { }

    void add(const std::string& name, Place place)
    {
        places_.emplace(name, place);
        if (const std::uint64_t size = place.end - place.begin; size <= small_tensor_bytes)
            will_read(data_.substr(place.begin, size));
    }

    std::optional<std::uint64_t> size(const std::string& key) const override
    {
        const auto found = places_.find(key);
        return found != places_.end() ? std::optional(found->second.end - found->second.begin)
                                      : std::nullopt;
    }

    Result<QByteArray> read(const std::string& key, std::uint64_t offset,
                            std::uint64_t count) const override
    {
        ByteReader reader(data_);
        reader.seek(places_.at(key).begin + offset);
        const auto bytes = reader.bytes(count);
        if (!bytes)
            return Error{"tensor " + in_quotes(key) + ": it reaches beyond the end of the file"};
        return QByteArray(bytes->data(), static_cast<qsizetype>(bytes->size()));
    }

private:
    std::string_view data_;
    std::unordered_map<std::string, Place> places_;
};

std::optional<std::vector<std::int64_t>> whole_numbers(const std::optional<JsonValue>& array)
{
    if (!array || array->type() != JsonType::array)
        return std::nullopt;
    std::vector<std::int64_t> numbers;
    for (auto item = array->first(); item; item = item->next()) {
        const auto number = item->number();
        const auto whole = number ? checked_integer<std::int64_t>(*number) : std::nullopt;
        if (!whole || *whole < 0)
            return std::nullopt;
        numbers.push_back(*whole);
    }
    return numbers;
}

// A type that is not known has whatever size it claims.
Result<NamedTensor> read_tensor(std::string name, const JsonValue& entry, std::uint64_t data_size,
                                Storages& storages)
{
    const auto fail = [&name](const std::string& what) {
        return Error{"tensor " + in_quotes(name) + ": " + what};
    };
    const auto dtype = entry.find("dtype");
    auto shape = whole_numbers(entry.find("shape"));
    const auto offsets = whole_numbers(entry.find("data_offsets"));
    if (!dtype || dtype->type() != JsonType::text || !shape || !offsets || offsets->size() != 2)
        return fail("its entry has no dtype, shape and data_offsets as they have to be");
    const auto count = element_count(*shape);
    if (!count)
        return fail("its shape is not possible");
    const Place place{static_cast<std::uint64_t>((*offsets)[0]),
                      static_cast<std::uint64_t>((*offsets)[1])};
    if (place.begin > place.end || place.end > data_size)
        return fail("it reaches beyond the end of the file");
    const TensorType type = type_named(dtype->text(), type_names);
    const std::uint64_t bytes = place.end - place.begin;
    if (type != TensorType::other
        && (bytes % size_of(type) != 0
            || bytes / size_of(type) != static_cast<std::uint64_t>(*count)))
        return fail("its " + std::to_string(bytes) + " bytes are not those of its shape");
    storages.add(name, place);
    const std::string storage = name;
    return contiguous_tensor(std::move(name), type, *std::move(shape), storage);
}

Result<Checkpoint> read_checkpoint(std::string_view file, const std::stop_token& stop)
{
    ByteReader reader(file);
    const auto length = reader.little<std::uint64_t>();
    if (*length > header_limit || *length > reader.remaining())
        return Error{"its header of " + std::to_string(*length)
                     + " bytes reaches beyond the end of the file"};
    const auto header = JsonDocument::parse(*reader.bytes(*length), stop);
    if (!header)
        return Error{"its header: " + header.error().message};
    const auto storages = std::make_shared<Storages>(file.substr(reader.position()));
    std::vector<NamedTensor> tensors;
    for (auto key = header->root().first(); key;) {
        if (stop.stop_requested())
            return reading_cancelled();
        const auto entry = key->next();
        if (!entry)
            break;
        if (std::string name = key->text(); name != "__metadata__") {
            auto tensor = read_tensor(std::move(name), *entry, reader.remaining(), *storages);
            if (!tensor)
                return tensor.error();
            tensors.push_back(*std::move(tensor));
        }
        key = entry->next();
    }
    Checkpoint checkpoint(std::move(tensors), storages);
    checkpoint.set_is_in_model_order(false);
    return checkpoint;
}

} // namespace

std::optional<Result<Model>> read_safetensors(const FileContent& file, const std::stop_token& stop)
{
    ByteReader reader(file.view());
    const auto length = reader.little<std::uint64_t>();
    if (!length || *length < 2 || *length >> 32U != 0 || !file.has(length_size, "{"))
        return std::nullopt;
    const auto checkpoint = read_checkpoint(file.view(), stop);
    if (!checkpoint)
        return checkpoint.error();
    return find_layers(*checkpoint, file.base_name(), stop);
}

} // namespace qbn
