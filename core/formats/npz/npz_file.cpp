#include "core/formats/npz/npz_file.h"

#include "core/formats/bytes/cancelled.h"
#include "core/formats/npy/npy.h"
#include "core/formats/tensors/layer_finder.h"
#include "core/formats/zip/zip_archive.h"
#include "core/text/printable.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace qbn {

namespace {

constexpr std::string_view suffix = ".npy";
constexpr std::uint64_t head_size
    = 512; // NumPy pads the header to a multiple of 64, and needs no more for a parameter

constexpr std::array type_names{
    TensorTypeName{"<f8", TensorType::float64}, TensorTypeName{"<f4", TensorType::float32},
    TensorTypeName{"<f2", TensorType::float16}, TensorTypeName{"<i8", TensorType::int64},
    TensorTypeName{"<i4", TensorType::int32},   TensorTypeName{"<i2", TensorType::int16},
    TensorTypeName{"|i1", TensorType::int8},    TensorTypeName{"<u8", TensorType::uint64},
    TensorTypeName{"<u4", TensorType::uint32},  TensorTypeName{"<u2", TensorType::uint16},
    TensorTypeName{"|u1", TensorType::uint8},   TensorTypeName{"|b1", TensorType::boolean},
};

// The elements of each member; a tensor's storage is its member.
class Members : public StorageSource
{
public:
    explicit Members(ZipArchive archive)
        : archive_(std::move(archive))
    { }

    void add(const std::string& member, std::uint64_t data_offset)
    {
        offsets_.emplace(member, data_offset);
    }
    const ZipArchive& archive() const { return archive_; }

    std::optional<std::uint64_t> size(const std::string& key) const override
    {
        const ZipMember* const member = archive_.find(key);
        return member != nullptr ? std::optional(member->size - offsets_.at(key)) : std::nullopt;
    }

    Result<QByteArray> read(const std::string& key, std::uint64_t offset,
                            std::uint64_t count) const override
    {
        return archive_.read(key, offsets_.at(key) + offset, count);
    }

private:
    ZipArchive archive_;
    std::unordered_map<std::string, std::uint64_t> offsets_;
};

Result<NamedTensor> read_tensor(const ZipMember& member, Members& members)
{
    const auto fail = [&member](const std::string& what) {
        return Error{"zip member " + in_quotes(member.name) + ": " + what};
    };
    const auto head = members.archive().read(member.name, 0, std::min(member.size, head_size));
    if (!head)
        return head.error();
    auto header = read_npy_header(*head);
    if (!header)
        return fail(header.error().message);
    const auto count = element_count(header->shape);
    if (!count)
        return fail("its shape is not possible");
    const TensorType type = type_named(header->descr, type_names);
    const std::uint64_t bytes = member.size - header->data_offset;
    if (type != TensorType::other
        && (bytes % size_of(type) != 0
            || bytes / size_of(type) != static_cast<std::uint64_t>(*count)))
        return fail("its " + std::to_string(bytes) + " bytes of data do not fit its shape");
    members.add(member.name, header->data_offset);
    // A parameter has one dimension, so that Fortran's order is C's.
    const bool is_other = header->fortran_order && header->shape.size() > 1;
    return contiguous_tensor(member.name.substr(0, member.name.size() - suffix.size()),
                             is_other ? TensorType::other : type, std::move(header->shape),
                             member.name);
}

Result<Checkpoint> read_checkpoint(const QByteArray& bytes, const std::stop_token& stop)
{
    auto archive = ZipArchive::open(bytes);
    if (!archive)
        return archive.error();
    const auto members = std::make_shared<Members>(*std::move(archive));
    std::vector<NamedTensor> tensors;
    for (const ZipMember& member : members->archive().members()) {
        if (stop.stop_requested())
            return reading_cancelled();
        if (!member.name.ends_with(suffix))
            continue;
        auto tensor = read_tensor(member, *members);
        if (!tensor)
            return tensor.error();
        tensors.push_back(*std::move(tensor));
    }
    return Checkpoint(std::move(tensors), members);
}

bool is_npz(const FileContent& file)
{
    if (!file.has(0, "PK\x03\x04"))
        return false;
    const auto members = read_zip_directory(file.view());
    const auto has = [&members](std::string_view end) {
        return std::any_of(members->begin(), members->end(),
                           [end](const ZipMember& member) { return member.name.ends_with(end); });
    };
    return members && has(suffix) && !has("/data.pkl");
}

} // namespace

std::optional<Result<Model>> read_npz(const FileContent& file, const std::stop_token& stop)
{
    if (!is_npz(file))
        return std::nullopt;
    const auto checkpoint = read_checkpoint(file.bytes, stop);
    if (!checkpoint)
        return checkpoint.error();
    return find_layers(*checkpoint, file.base_name(), stop);
}

} // namespace qbn
