#include "core/formats/bytes/read_file.h"

#include "core/formats/bytes/file_name.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>

namespace qbn {

MappedFile::MappedFile(std::unique_ptr<QFile> file, QByteArray bytes)
    : file_(std::move(file))
    , bytes_(std::move(bytes))
{ }

Result<MappedFile> map_file(const QString& path, FileSize limit)
{
    namespace fs = std::filesystem;
    // Not by QFile, which cannot open a name that is not UTF-8.
    const fs::path native(file_name_bytes(path).toStdString());
    std::error_code error;
    const fs::file_status status = fs::status(native, error);
    if (!fs::exists(status))
        return Error{"there is no such file"};
    if (fs::is_directory(status))
        return Error{"it is a directory, a file is needed"};
    if (!fs::is_regular_file(status))
        return Error{"it is not a regular file"}; // a pipe could block, a device never end
    if (limit == FileSize::up_to_2_gib && fs::file_size(native, error) > 2ULL * 1024 * 1024 * 1024
        && !error)
        return Error{"it is larger than 2 GiB, the most that is read"};
    std::FILE* const handle = std::fopen(native.c_str(), "rb");
    if (!handle)
        return Error{"it cannot be read: " + qt_error_string(errno).toStdString()};
    auto file = std::make_unique<QFile>();
    if (!file->open(handle, QIODevice::ReadOnly, QFileDevice::AutoCloseHandle)) {
        std::fclose(handle);
        return Error{"it cannot be read: " + file->errorString().toStdString()};
    }
    const qint64 size = file->size();
    const uchar* const start = size > 0 ? file->map(0, size) : nullptr;
    if (start != nullptr) {
        auto bytes = QByteArray::fromRawData(reinterpret_cast<const char*>(start), size);
        return MappedFile(std::move(file), std::move(bytes));
    }
    // Some file systems have no maps, and files of the kernel say that they are empty.
    QByteArray bytes = file->readAll();
    if (file->error() != QFileDevice::NoError && bytes.isEmpty() && size > 0)
        return Error{"it cannot be read: " + file->errorString().toStdString()};
    return MappedFile(std::move(file), std::move(bytes));
}

Result<QByteArray> read_file(const QString& path)
{
    const auto file = map_file(path);
    if (!file)
        return file.error();
    return QByteArray(file->bytes().constData(), file->bytes().size());
}

} // namespace qbn
