#include "core/formats/torch/zip_archive.h"

#include "core/formats/bytes/bytes_view.h"
#include "core/text/printable.h"

#include <zip.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace qbn {

namespace {

constexpr qsizetype chunk = 1024 * 1024;

Error in_member(const ZipMember& member, const char* what)
{
    return {"zip member " + in_quotes(member.name) + ": " + what};
}

struct CloseFile
{
    void operator()(zip_file_t* file) const { zip_fclose(file); }
};

} // namespace

struct ZipArchive::Handle
{
    QByteArray bytes; // libzip reads from it without a copy
    zip_t* zip = nullptr;

    Handle() = default;
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle()
    {
        if (zip != nullptr)
            zip_discard(zip);
    }

    std::optional<Error> open()
    {
        zip_error_t error;
        zip_error_init(&error);
        zip_source_t* source = zip_source_buffer_create(
            bytes.constData(), static_cast<zip_uint64_t>(bytes.size()), 0, &error);
        if (source != nullptr)
            zip = zip_open_from_source(source, ZIP_RDONLY, &error);
        std::optional<Error> result;
        if (zip == nullptr) {
            result = Error{std::string("the zip archive cannot be read: ")
                           + zip_error_strerror(&error)};
            zip_source_free(source);
        }
        zip_error_fini(&error);
        return result;
    }

    // What was checked must be what libzip reads, or the checks are worth nothing.
    bool agrees_with(const std::vector<ZipMember>& members) const
    {
        if (zip_get_num_entries(zip, 0) != static_cast<zip_int64_t>(members.size()))
            return false;
        for (std::size_t i = 0; i < members.size(); ++i) {
            const ZipMember& member = members[i];
            zip_stat_t stat;
            if (zip_stat_index(zip, i, ZIP_FL_ENC_RAW, &stat) != 0 || member.name != stat.name
                || member.size != stat.size || member.compressed_size != stat.comp_size
                || member.deflated != (stat.comp_method == ZIP_CM_DEFLATE))
                return false;
        }
        return true;
    }
};

Result<ZipArchive> ZipArchive::open(const QByteArray& bytes)
{
    auto members = read_zip_directory(view(bytes));
    if (!members)
        return members.error();
    ZipArchive archive;
    archive.members_ = std::move(*members);
    for (std::size_t i = 0; i < archive.members_.size(); ++i)
        archive.index_.emplace(archive.members_[i].name, i);

    auto handle = std::make_shared<Handle>();
    handle->bytes = bytes;
    if (auto error = handle->open())
        return *std::move(error);
    if (!handle->agrees_with(archive.members_))
        return Error{"the zip archive's directory can be read in two ways"};
    archive.handle_ = std::move(handle);
    return archive;
}

const ZipMember* ZipArchive::find(std::string_view name) const
{
    const auto found = index_.find(name);
    return found == index_.end() ? nullptr : &members_[found->second];
}

Result<QByteArray> ZipArchive::read(std::string_view name) const
{
    const auto found = index_.find(name);
    if (found == index_.end())
        return Error{"the zip archive has no member " + in_quotes(name)};
    const ZipMember& member = members_[found->second];
    const auto index = static_cast<zip_uint64_t>(found->second);
    const std::unique_ptr<zip_file_t, CloseFile> file(zip_fopen_index(handle_->zip, index, 0));
    if (!file)
        return in_member(member, zip_strerror(handle_->zip));
    // The result grows with what arrives, since the size is only a claim. The read that finds the
    // end is the one that compares the checksum.
    QByteArray content;
    for (;;) {
        const qsizetype old_size = content.size();
        const auto rest = static_cast<qsizetype>(member.size) - old_size;
        content.resize(old_size + std::clamp<qsizetype>(rest, 1, chunk));
        const auto got = zip_fread(file.get(), content.data() + old_size,
                                   static_cast<zip_uint64_t>(content.size() - old_size));
        if (got < 0)
            return in_member(member, zip_file_strerror(file.get()));
        content.resize(old_size + static_cast<qsizetype>(got));
        if (static_cast<std::uint64_t>(content.size()) > member.size)
            return in_member(member, "it is longer than the directory says");
        if (got == 0)
            break;
    }
    if (static_cast<std::uint64_t>(content.size()) != member.size)
        return in_member(member, "it is shorter than the directory says");
    return content;
}

} // namespace qbn
