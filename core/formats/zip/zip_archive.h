#pragma once

#include "core/text/result.h"

#include <QByteArray>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace qbn {

/// One file of an archive, as its central directory has it.
struct ZipMember
{
    std::string name;
    std::uint64_t compressed_size = 0; ///< bytes in the archive
    std::uint64_t size = 0; ///< bytes after inflating
    std::uint64_t header_offset = 0; ///< of the local header, from the start of the archive
    bool deflated = false; ///< stored otherwise
};

/// Finds the members by the central directory (torch.save leaves sizes and checksums in the local
/// headers 0) and refuses what a checkpoint has no need of and an attacker has: more than 100,000
/// members, two of one name, encryption, several disks, methods other than stored and deflated,
/// members that overlap each other or the directory, names that differ between directory and local
/// header, a stored member whose two sizes differ, a deflated one of more than 1 MiB and 1024 times
/// its compressed size, more than 2 GiB in all. The error says which member, without the archive's
/// own name.
Result<std::vector<ZipMember>> read_zip_directory(std::string_view archive);

/// A zip archive in memory, read by libzip after the checks above.
class ZipArchive
{
public:
    /// The bytes are not copied: whoever maps a file keeps the map for as long as an archive of it
    /// lives.
    static Result<ZipArchive> open(const QByteArray& bytes);

    const std::vector<ZipMember>& members() const { return members_; }

    /// Null if there is none of that name. Valid as long as this archive.
    const ZipMember* find(std::string_view name) const;

    /// The member's content, inflated, its checksum verified. At most 64 MiB.
    Result<QByteArray> read(std::string_view name) const;

    /// `size` bytes of it from `offset`. Of a stored member nothing else is read, and its checksum
    /// is verified only if that is all of it. A deflated member is inflated up to the end of the
    /// range, each byte once whatever is asked for later, and verified where that is its end; what
    /// was inflated is kept, 64 MiB of all members together. An error also if the member has no
    /// such range.
    Result<QByteArray> read(std::string_view name, std::uint64_t offset, std::uint64_t size) const;

private:
    struct Handle;
    class Stream;
    std::shared_ptr<Handle> handle_;
    std::vector<ZipMember> members_; ///< in the order of the central directory
    std::map<std::string, std::size_t, std::less<>> index_;
};

} // namespace qbn
