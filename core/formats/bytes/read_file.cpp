#include "core/formats/bytes/read_file.h"

#include "core/formats/bytes/file_name.h"

#include <QFile>

#include <cerrno>
#include <cstdio>
#include <filesystem>

namespace qbn {

Result<QByteArray> read_file(const QString& path)
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
    if (fs::file_size(native, error) > 2ULL * 1024 * 1024 * 1024 && !error)
        return Error{"it is larger than 2 GiB, the most that is read"};
    std::FILE* const handle = std::fopen(native.c_str(), "rb");
    if (!handle)
        return Error{"it cannot be read: " + qt_error_string(errno).toStdString()};
    QFile file;
    if (!file.open(handle, QIODevice::ReadOnly, QFileDevice::AutoCloseHandle)) {
        std::fclose(handle);
        return Error{"it cannot be read: " + file.errorString().toStdString()};
    }
    QByteArray bytes = file.readAll();
    if (file.error() != QFileDevice::NoError)
        return Error{"it cannot be read: " + file.errorString().toStdString()};
    return bytes;
}

} // namespace qbn
