#include "core/formats/bytes/file_writer.h"

#include "core/formats/bytes/file_name.h"

#include <QFileInfo>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace qbn {

FileWriter::FileWriter(const QString& path, const QString& input)
{
    const QFileInfo info(path);
    if (info.exists() && !info.isFile() && !info.isDir()) {
        through_ = std::make_unique<QFile>(path);
        device_ = through_.get();
    } else {
        saved_ = std::make_unique<QSaveFile>(path);
        device_ = saved_.get();
    }
    reason_ = refusal(path, input);
    if (reason_)
        return;
    // A device takes what it is given at once, so that what it refuses is seen where it happens.
    if (!device_->open(through_ ? QIODevice::WriteOnly | QIODevice::Unbuffered
                                : QIODevice::OpenMode(QIODevice::WriteOnly)))
        fail();
}

std::optional<std::string> FileWriter::refusal(const QString& path, const QString& input)
{
    if (is_not_utf8(path))
        return "only names in UTF-8 are written";
    namespace fs = std::filesystem;
    const fs::path native(path.toStdString());
    std::error_code error;
    static_cast<void>(fs::status(native, error)); // for the error alone
    // QSaveFile would replace it.
    if (error == std::errc::too_many_symbolic_link_levels)
        return "it is a symbolic link that leads to itself";
    if (!input.isEmpty() && fs::equivalent(native, file_name_bytes(input).toStdString(), error))
        return "it is the file that is read";
    return std::nullopt;
}

bool FileWriter::fail()
{
    reason_ = device_->errorString().toStdString();
    return false;
}

/// Of a write that was taken in part Qt knows only that it failed; the system still knows why.
bool FileWriter::fail_to_write()
{
    const int error = errno;
    if (error == 0)
        return fail();
    reason_ = qt_error_string(error).toStdString();
    return false;
}

bool FileWriter::write(std::string_view bytes)
{
    if (reason_)
        return false;
    const auto size = static_cast<qint64>(bytes.size());
    errno = 0;
    return device_->write(bytes.data(), size) == size || fail_to_write();
}

std::optional<std::string> FileWriter::finish()
{
    // QSaveFile::commit() forgets why its last bytes could not be written.
    errno = 0;
    if (!reason_ && !device_->flush())
        fail_to_write();
    if (!reason_ && saved_ && !saved_->commit())
        fail();
    if (through_)
        through_->close();
    return reason_;
}

} // namespace qbn
