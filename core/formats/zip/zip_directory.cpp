#include "core/formats/bytes/byte_reader.h"
#include "core/formats/bytes/will_read.h"
#include "core/formats/zip/zip_archive.h"
#include "core/text/printable.h"

#include <algorithm>
#include <optional>
#include <unordered_set>

namespace qbn {

namespace {

constexpr std::uint64_t mebibyte = 1024 * 1024;
constexpr std::uint64_t total_limit = 2048 * mebibyte;
constexpr std::uint64_t member_limit = 100'000;
constexpr std::uint64_t ratio_limit = 1024;

constexpr std::uint32_t end_signature = 0x06054b50;
constexpr std::uint32_t end64_signature = 0x06064b50;
constexpr std::uint32_t locator64_signature = 0x07064b50;
constexpr std::uint32_t entry_signature = 0x02014b50;
constexpr std::uint32_t local_signature = 0x04034b50;
constexpr std::uint64_t end_size = 22;
constexpr std::uint64_t locator64_size = 20;
constexpr std::uint64_t local_size = 30;

struct Directory
{
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::uint64_t count = 0;
};

struct Entry
{
    ZipMember member;
    std::uint16_t flags = 0;
    std::uint16_t method = 0;
};

Error no_directory()
{
    return {
        "the zip archive has no central directory at its end; the file is cut short or damaged"};
}

Error damaged_directory()
{
    return {"the zip archive's central directory is damaged or does not fit the file"};
}

Error in_member(const ZipMember& member, const std::string& what)
{
    return {"zip member " + in_quotes(member.name) + ": " + what};
}

// The record stands at the very end but for a comment of at most 64 KiB.
std::optional<std::uint64_t> find_end_record(std::string_view archive)
{
    if (archive.size() < end_size)
        return std::nullopt;
    ByteReader reader(archive);
    const std::uint64_t last = archive.size() - end_size;
    for (std::uint64_t comment = 0; comment <= std::min<std::uint64_t>(last, 0xffff); ++comment) {
        reader.seek(last - comment);
        if (reader.little<std::uint32_t>() != end_signature)
            continue;
        reader.seek(last - comment + 20);
        if (reader.little<std::uint16_t>() == comment)
            return last - comment;
    }
    return std::nullopt;
}

// Nothing if there is no zip64 record (end is unchanged then), which is the common case.
std::optional<Result<Directory>> read_zip64(std::string_view archive, std::uint64_t& end)
{
    ByteReader reader(archive);
    if (end < locator64_size || !reader.seek(end - locator64_size)
        || reader.little<std::uint32_t>() != locator64_signature)
        return std::nullopt;
    reader.bytes(4);
    const auto offset = reader.little<std::uint64_t>();
    if (!offset || *offset >= end || !reader.seek(*offset)
        || reader.little<std::uint32_t>() != end64_signature)
        return damaged_directory();
    reader.bytes(12);
    const auto disk = reader.little<std::uint32_t>();
    const auto directory_disk = reader.little<std::uint32_t>();
    const auto count_here = reader.little<std::uint64_t>();
    const auto count = reader.little<std::uint64_t>();
    const auto size = reader.little<std::uint64_t>();
    const auto start = reader.little<std::uint64_t>();
    if (!start || disk != 0U || directory_disk != 0U || count_here != count)
        return damaged_directory();
    end = *offset;
    return Directory{.offset = *start, .size = *size, .count = *count};
}

Result<Directory> find_directory(std::string_view archive)
{
    const auto end_record = find_end_record(archive);
    if (!end_record)
        return no_directory();
    ByteReader reader(archive);
    reader.seek(*end_record + 4);
    const auto disk = reader.little<std::uint16_t>();
    const auto directory_disk = reader.little<std::uint16_t>();
    const auto count_here = reader.little<std::uint16_t>();
    const auto count = reader.little<std::uint16_t>();
    const auto size = reader.little<std::uint32_t>();
    const auto offset = reader.little<std::uint32_t>();

    std::uint64_t end = *end_record;
    Directory directory;
    if (const auto zip64 = read_zip64(archive, end)) {
        if (!*zip64)
            return zip64->error();
        directory = **zip64;
    } else {
        if (!offset || disk != 0 || directory_disk != 0 || count_here != count)
            return damaged_directory();
        directory = {.offset = *offset, .size = *size, .count = *count};
    }
    if (directory.offset > end || directory.size != end - directory.offset)
        return damaged_directory();
    if (directory.count > member_limit)
        return Error{"the zip archive has more than 100000 members"};
    return directory;
}

// A zip64 field (id 1) holds, in this order, those of the three numbers that are all ones in the
// entry.
bool apply_zip64_extra(std::string_view extra, ZipMember& member)
{
    constexpr std::uint64_t elsewhere = 0xffffffff;
    ByteReader reader(extra);
    while (!reader.at_end()) {
        const auto id = reader.little<std::uint16_t>();
        const auto length = reader.little<std::uint16_t>();
        const auto field = length ? reader.bytes(*length) : std::nullopt;
        if (!field)
            return false;
        if (id != 1)
            continue;
        ByteReader values(*field);
        for (std::uint64_t* number :
             {&member.size, &member.compressed_size, &member.header_offset}) {
            if (*number != elsewhere)
                continue;
            const auto wide = values.little<std::uint64_t>();
            if (!wide)
                return false;
            *number = *wide;
        }
        return true;
    }
    return true;
}

std::optional<Entry> read_entry(ByteReader& reader)
{
    if (reader.little<std::uint32_t>() != entry_signature)
        return std::nullopt;
    Entry entry;
    reader.bytes(4);
    const auto flags = reader.little<std::uint16_t>();
    const auto method = reader.little<std::uint16_t>();
    reader.bytes(8);
    const auto compressed = reader.little<std::uint32_t>();
    const auto size = reader.little<std::uint32_t>();
    const auto name_length = reader.little<std::uint16_t>();
    const auto extra_length = reader.little<std::uint16_t>();
    const auto comment_length = reader.little<std::uint16_t>();
    reader.bytes(8);
    const auto offset = reader.little<std::uint32_t>();
    if (!offset)
        return std::nullopt;
    const auto name = reader.bytes(*name_length);
    const auto extra = name ? reader.bytes(*extra_length) : std::nullopt;
    if (!extra || !reader.bytes(*comment_length))
        return std::nullopt;
    entry.flags = *flags;
    entry.method = *method;
    entry.member = {.name = std::string(*name),
                    .compressed_size = *compressed,
                    .size = *size,
                    .header_offset = *offset,
                    .deflated = *method == 8};
    if (!apply_zip64_extra(*extra, entry.member))
        return std::nullopt;
    return entry;
}

std::optional<Error> check_entry(const Entry& entry, std::uint64_t archive_size)
{
    const ZipMember& member = entry.member;
    constexpr unsigned encryption_flags = 1U | 1U << 6U | 1U << 13U;
    if ((entry.flags & encryption_flags) != 0)
        return in_member(member, "it is encrypted");
    if (entry.method != 0 && entry.method != 8)
        return in_member(member,
                         "compression method " + std::to_string(entry.method)
                             + " is not supported, only stored and deflated members are");
    if (!member.deflated && member.size != member.compressed_size)
        return in_member(member, "it is stored, but its two sizes differ");
    if (member.compressed_size > archive_size)
        return in_member(member, "it claims more bytes than the file has");
    if (member.size > total_limit)
        return in_member(member, "it claims more than 2 GiB");
    if (member.size > mebibyte && member.size / ratio_limit > member.compressed_size)
        return in_member(member,
                         "it claims to inflate to more than 1024 times its compressed size");
    return std::nullopt;
}

/// Their local headers are looked at next, and of small ones the content may be.
void announce(std::string_view archive, const std::vector<ZipMember>& members)
{
    for (const ZipMember& member : members) {
        const std::uint64_t begin = std::min<std::uint64_t>(member.header_offset, archive.size());
        const std::uint64_t size = local_size + member.name.size();
        const bool is_small = member.compressed_size <= small_tensor_bytes;
        will_read(archive.substr(begin, size + (is_small ? member.compressed_size : 0)));
    }
}

struct Range
{
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    const ZipMember* member = nullptr;
};

// Header and content, by the lengths in the local header, since its extra field may differ from the
// entry's.
Result<Range> range_of(std::string_view archive, const ZipMember& member, std::uint64_t limit)
{
    ByteReader reader(archive);
    if (member.header_offset > limit || !reader.seek(member.header_offset)
        || reader.little<std::uint32_t>() != local_signature)
        return in_member(member, "its local header is not where the directory says");
    reader.seek(member.header_offset + local_size - 4);
    const auto name_length = reader.little<std::uint16_t>();
    const auto extra_length = reader.little<std::uint16_t>();
    const auto name = name_length ? reader.bytes(*name_length) : std::nullopt;
    if (!extra_length || name != member.name)
        return in_member(member, "its local header has another name");
    const std::uint64_t content = reader.position() + *extra_length;
    if (content > limit || member.compressed_size > limit - content)
        return in_member(member, "it reaches beyond the file's content");
    return Range{
        .begin = member.header_offset, .end = content + member.compressed_size, .member = &member};
}

std::optional<Error> check_ranges(std::string_view archive, const std::vector<ZipMember>& members,
                                  std::uint64_t limit)
{
    std::vector<Range> ranges;
    ranges.reserve(members.size());
    for (const ZipMember& member : members) {
        const auto range = range_of(archive, member, limit);
        if (!range)
            return range.error();
        ranges.push_back(*range);
    }
    std::sort(ranges.begin(), ranges.end(),
              [](const Range& a, const Range& b) { return a.begin < b.begin; });
    for (std::size_t i = 1; i < ranges.size(); ++i) {
        if (ranges[i].begin < ranges[i - 1].end)
            return in_member(*ranges[i].member,
                             "it overlaps the member " + in_quotes(ranges[i - 1].member->name));
    }
    return std::nullopt;
}

} // namespace

Result<std::vector<ZipMember>> read_zip_directory(std::string_view archive)
{
    const auto directory = find_directory(archive);
    if (!directory)
        return directory.error();

    std::vector<ZipMember> members;
    std::unordered_set<std::string> names;
    std::uint64_t total = 0;
    ByteReader reader(archive.substr(directory->offset, directory->size));
    while (!reader.at_end()) {
        auto entry = read_entry(reader);
        if (!entry || members.size() == directory->count)
            return damaged_directory();
        if (auto error = check_entry(*entry, archive.size()))
            return *std::move(error);
        total += entry->member.size;
        if (total > total_limit)
            return Error{"the zip archive's members claim more than 2 GiB together"};
        if (!names.insert(entry->member.name).second)
            return in_member(entry->member, "there are two members of this name");
        members.push_back(std::move(entry->member));
    }
    if (members.size() != directory->count)
        return damaged_directory();
    announce(archive, members);
    if (auto error = check_ranges(archive, members, directory->offset))
        return *std::move(error);
    return members;
}

} // namespace qbn
