#pragma once

#include "core/text/result.h"

#include <QByteArray>
#include <QFile>
#include <QString>

#include <memory>

namespace qbn {

/// A file in memory as far as somebody looks at it: the system reads a page when it is touched.
class MappedFile
{
public:
    MappedFile(std::unique_ptr<QFile> file, QByteArray bytes);

    /// Valid as long as this, copies of the array too.
    const QByteArray& bytes() const { return bytes_; }

private:
    std::unique_ptr<QFile> file_;
    QByteArray bytes_;
};

/// Whether a file may be larger than 2 GiB, which a reader of models has no need of.
enum class FileSize
{
    up_to_2_gib,
    any,
};

/// Maps a regular file. The error's sentence does not name the file yet.
Result<MappedFile> map_file(const QString& path, FileSize size = FileSize::up_to_2_gib);

/// The bytes of such a file.
Result<QByteArray> read_file(const QString& path);

} // namespace qbn
