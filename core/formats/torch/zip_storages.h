#pragma once

#include "core/formats/tensors/checkpoint.h"
#include "core/formats/zip/zip_archive.h"

#include <string>
#include <utility>

namespace qbn {

/// Storages that are members of one folder of an archive, by their file names.
class ZipStorages : public StorageSource
{
public:
    /// `folder` ends in a slash.
    ZipStorages(ZipArchive archive, std::string folder)
        : archive_(std::move(archive))
        , folder_(std::move(folder))
    { }

    std::optional<std::uint64_t> size(const std::string& key) const override
    {
        const ZipMember* const member = archive_.find(folder_ + key);
        return member != nullptr ? std::optional(member->size) : std::nullopt;
    }

    Result<QByteArray> read(const std::string& key, std::uint64_t offset,
                            std::uint64_t count) const override
    {
        return archive_.read(folder_ + key, offset, count);
    }

private:
    ZipArchive archive_;
    std::string folder_;
};

} // namespace qbn
