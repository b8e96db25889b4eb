#include "core/formats/torch/torch_checkpoint.h"

#include "core/formats/bytes/byte_reader.h"
#include "core/formats/bytes/bytes_view.h"
#include "core/formats/torch/unpickler.h"
#include "core/formats/torch/zip_storages.h"
#include "core/formats/zip/zip_archive.h"
#include "core/text/printable.h"

#include <unordered_map>
#include <utility>

namespace qbn {

namespace {

class LegacyStorages : public StorageSource
{
public:
    struct Place
    {
        std::uint64_t offset = 0;
        std::uint64_t size = 0;
    };

    explicit LegacyStorages(QByteArray bytes)
        : bytes_(std::move(bytes))
    { }

    bool add(const std::string& key, Place place) { return places_.emplace(key, place).second; }

    std::optional<std::uint64_t> size(const std::string& key) const override
    {
        const auto found = places_.find(key);
        return found != places_.end() ? std::optional(found->second.size) : std::nullopt;
    }

    Result<QByteArray> read(const std::string& key, std::uint64_t offset,
                            std::uint64_t count) const override
    {
        const auto found = places_.find(key);
        if (found == places_.end())
            return Error{"there is no storage " + in_quotes(key)};
        ByteReader reader(view(bytes_));
        reader.seek(found->second.offset + offset);
        const auto part = reader.bytes(count);
        if (!part)
            return Error{"storage " + in_quotes(key) + " reaches beyond the end of the file"};
        return QByteArray(part->data(), static_cast<qsizetype>(part->size()));
    }

private:
    QByteArray bytes_;
    std::unordered_map<std::string, Place> places_;
};

std::optional<Error> check_byte_order(const ZipArchive& archive, const std::string& top)
{
    if (archive.find(top + "byteorder") == nullptr)
        return std::nullopt; // before PyTorch 2.1
    const auto order = archive.read(top + "byteorder");
    if (!order)
        return order.error();
    if (*order == "little")
        return std::nullopt;
    if (*order == "big")
        return Error{"it was saved on a big-endian machine, which is not supported; load it in "
                     "PyTorch and save it on a little-endian one"};
    return Error{"zip member " + in_quotes(top + "byteorder") + ": " + in_quotes(view(*order))
                 + " is not a byte order"};
}

constexpr std::string_view legacy_magic("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.",
                                        15);

std::optional<Error> check_legacy_head(ByteReader& reader)
{
    const auto protocol = read_pickle(reader);
    if (!protocol)
        return protocol.error();
    const auto* const version = protocol->root->as<std::int64_t>();
    if (version == nullptr || *version != 1001)
        return Error{"its torch.save protocol is not 1001, the only one that is supported"};
    const auto system = read_pickle(reader);
    if (!system)
        return system.error();
    const auto* const info = system->root->as<PickleDict>();
    for (const auto& [key, value] : info != nullptr ? info->items : PickleDict{}.items) {
        const auto* const name = key->as<std::string>();
        const bool* const little = value->as<bool>();
        if (name != nullptr && *name == "little_endian" && little != nullptr && !*little)
            return Error{"it was saved on a big-endian machine, which is not supported; load it "
                         "in PyTorch and save it on a little-endian one"};
    }
    return std::nullopt;
}

// Only the object says how large an element of a storage is.
using StorageTypes = std::unordered_map<std::string, TensorType>;

Result<StorageTypes> storage_types(const PickleTree& tree)
{
    StorageTypes types;
    for (const PickleNode& node : tree.nodes()) {
        const auto* const storage = node.as<PickleStorage>();
        if (storage == nullptr)
            continue;
        const auto type = parse_storage_type(storage->type);
        if (!type)
            return Error{"storages of type " + in_quotes(storage->type) + " are not supported"};
        if (types.emplace(storage->key, *type).first->second != *type)
            return Error{"storage " + in_quotes(storage->key) + " has two types"};
    }
    return types;
}

std::optional<Error> find_legacy_storage(ByteReader& reader, const PickleNode& key,
                                         const StorageTypes& types, LegacyStorages& storages)
{
    const auto* const name = key.as<std::string>();
    if (name == nullptr)
        return Error{"its list of storages has a key that is not text"};
    const auto type = types.find(*name);
    if (type == types.end())
        return Error{"storage " + in_quotes(*name) + " belongs to no tensor"};
    const auto start = reader.position();
    const auto count = reader.little<std::int64_t>();
    const std::uint64_t item = size_of(type->second);
    if (!count || *count < 0 || static_cast<std::uint64_t>(*count) > reader.remaining() / item)
        return Error{"byte " + std::to_string(start) + ": storage " + in_quotes(*name)
                     + " reaches beyond the end of the file"};
    const std::uint64_t size = static_cast<std::uint64_t>(*count) * item;
    if (!storages.add(*name, {.offset = reader.position(), .size = size}))
        return Error{"there are two storages " + in_quotes(*name)};
    reader.bytes(size);
    return std::nullopt;
}

} // namespace

Result<Checkpoint> read_torch_zip(const ZipArchive& archive, std::string_view pickle_name,
                                  const std::stop_token& stop)
{
    constexpr std::string_view pickle_file = "data.pkl";
    const std::string top(pickle_name.substr(0, pickle_name.size() - pickle_file.size()));
    if (auto error = check_byte_order(archive, top))
        return *std::move(error);
    const auto bytes = archive.read(pickle_name);
    if (!bytes)
        return bytes.error();
    ByteReader reader(view(*bytes));
    const auto pickle = read_pickle(reader, {.stop = stop});
    if (!pickle)
        return Error{"zip member " + in_quotes(pickle_name) + ": " + pickle.error().message};
    return collect_tensors(pickle->root, std::make_shared<ZipStorages>(archive, top + "data/"));
}

bool is_legacy_torch(std::string_view bytes)
{
    return bytes.substr(0, legacy_magic.size()) == legacy_magic;
}

Result<Checkpoint> read_torch_legacy(const QByteArray& bytes, const std::stop_token& stop)
{
    ByteReader reader(view(bytes));
    reader.seek(legacy_magic.size());
    if (auto error = check_legacy_head(reader))
        return *std::move(error);
    const auto object = read_pickle(reader, {.stop = stop});
    if (!object)
        return object.error();
    const auto types = storage_types(*object->tree);
    if (!types)
        return types.error();

    const auto start = reader.position();
    const auto keys = read_pickle(reader, {.stop = stop});
    if (!keys)
        return keys.error();
    const auto* const list = keys->root->as<PickleList>();
    if (list == nullptr)
        return Error{"byte " + std::to_string(start) + ": the list of storages is not a list"};
    auto storages = std::make_shared<LegacyStorages>(bytes);
    for (const PickleRef key : list->items) {
        if (auto error = find_legacy_storage(reader, *key, *types, *storages))
            return *std::move(error);
    }
    return collect_tensors(object->root, std::move(storages));
}

} // namespace qbn
