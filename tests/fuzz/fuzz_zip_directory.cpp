#include "core/formats/zip/zip_archive.h"
#include "tests/fuzz/support.h"

#include <set>

namespace {

using namespace qbn;

void readMembers(const QByteArray& bytes)
{
    const auto archive = ZipArchive::open(bytes);
    if (!archive)
        return fuzz::requireError(archive.error());
    for (const ZipMember& member : archive->members()) {
        const auto content = archive->read(member.name);
        if (content)
            fuzz::require(static_cast<std::uint64_t>(content->size()) == member.size,
                          "a member has the size that the directory says");
        else
            fuzz::requireError(content.error());
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto members = read_zip_directory(fuzz::textOf(data, size));
    if (!members) {
        fuzz::requireError(members.error());
        return 0;
    }
    std::set<std::string> names;
    for (const ZipMember& member : *members) {
        fuzz::require(names.insert(member.name).second, "no two members share a name");
        fuzz::require(member.header_offset <= size && member.compressed_size <= size,
                      "a member lies in the archive");
    }
    readMembers(fuzz::bytesOf(data, size));
    return 0;
}
