#include "core/formats/zip/zip_archive.h"

#include "core/formats/bytes/bytes_view.h"
#include "core/text/printable.h"

#include <zip.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace qbn {

namespace {

constexpr std::uint64_t chunk = 1024 * 1024;
constexpr std::uint64_t memory_limit = 64 * chunk;

Error in_member(const ZipMember& member, const char* what)
{
    return {"zip member " + in_quotes(member.name) + ": " + what};
}

Error no_member(std::string_view name)
{
    return {"the zip archive has no member " + in_quotes(name)};
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
    std::map<std::size_t, std::unique_ptr<Stream>> streams; // of deflated members
    std::uint64_t kept = 0; // bytes in them

    Handle() = default;
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle();

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

/// One member, read from its begin to its end.
class ZipArchive::Stream
{
public:
    Stream(Handle& handle, std::size_t index, ZipMember member)
        : handle_(handle)
        , member_(std::move(member))
        , file_(zip_fopen_index(handle.zip, index, 0))
    { }

    /// Of a stored member.
    Result<QByteArray> read(std::uint64_t offset, std::uint64_t size)
    {
        // libzip 1.7 reads where nothing is when it seeks in an empty member.
        const auto to = static_cast<zip_int64_t>(offset);
        if (!file_ || (offset != 0 && zip_fseek(file_.get(), to, SEEK_SET) != 0))
            return failure();
        if (auto error = read_on(size))
            return *std::move(error);
        if (size == member_.size) {
            if (auto error = check_end())
                return *std::move(error);
        }
        return std::move(content_);
    }

    /// Of a deflated one, where content_ is what came before.
    Result<QByteArray> inflate(std::uint64_t offset, std::uint64_t size)
    {
        if (!file_)
            return failure();
        const auto known = static_cast<std::uint64_t>(content_.size());
        const std::uint64_t missing = std::max(offset + size, known) - known;
        if (missing > memory_limit - handle_.kept)
            return in_member(
                member_,
                "it and other deflated members would have to be inflated to more than 64 MiB");
        handle_.kept += missing;
        if (auto error = read_on(missing))
            return *std::move(error);
        if (!is_checked_ && static_cast<std::uint64_t>(content_.size()) == member_.size) {
            if (auto error = check_end())
                return *std::move(error);
        }
        return content_.mid(static_cast<qsizetype>(offset), static_cast<qsizetype>(size));
    }

private:
    Error failure() const
    {
        return in_member(member_,
                         file_ ? zip_file_strerror(file_.get()) : zip_strerror(handle_.zip));
    }

    // The content grows with what arrives, since the size is only a claim.
    std::optional<Error> read_on(std::uint64_t size)
    {
        while (size > 0) {
            const qsizetype old_size = content_.size();
            const std::uint64_t wanted = std::min(size, chunk);
            content_.resize(old_size + static_cast<qsizetype>(wanted));
            const auto got = zip_fread(file_.get(), content_.data() + old_size, wanted);
            if (got < 0)
                return failure();
            if (got == 0)
                return in_member(member_, "it is shorter than the directory says");
            content_.resize(old_size + static_cast<qsizetype>(got));
            size -= static_cast<std::uint64_t>(got);
        }
        return std::nullopt;
    }

    // The read that finds the end is the one that compares the checksum.
    std::optional<Error> check_end()
    {
        char more = 0;
        const auto got = zip_fread(file_.get(), &more, 1);
        if (got < 0)
            return failure();
        if (got > 0)
            return in_member(member_, "it is longer than the directory says");
        is_checked_ = true;
        return std::nullopt;
    }

    Handle& handle_;
    const ZipMember member_;
    std::unique_ptr<zip_file_t, CloseFile> file_;
    QByteArray content_;
    bool is_checked_ = false;
};

// Here, where a stream is a complete type.
ZipArchive::Handle::~Handle()
{
    streams.clear(); // before the archive that they read
    if (zip != nullptr)
        zip_discard(zip);
}

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
    const ZipMember* const member = find(name);
    if (member == nullptr)
        return no_member(name);
    return read(name, 0, member->size);
}

Result<QByteArray> ZipArchive::read(std::string_view name, std::uint64_t offset,
                                    std::uint64_t size) const
{
    const auto found = index_.find(name);
    if (found == index_.end())
        return no_member(name);
    const ZipMember& member = members_[found->second];
    if (offset > member.size || size > member.size - offset)
        return in_member(member, "it ends before the bytes that are needed");
    if (size > memory_limit)
        return in_member(member, "more than 64 MiB of it are needed at once");
    if (!member.deflated) {
        Stream stream(*handle_, found->second, member);
        return stream.read(offset, size);
    }
    auto& stream = handle_->streams[found->second];
    if (!stream)
        stream = std::make_unique<Stream>(*handle_, found->second, member);
    return stream->inflate(offset, size);
}

} // namespace qbn
