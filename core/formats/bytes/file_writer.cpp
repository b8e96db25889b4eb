#include "core/formats/bytes/file_writer.h"

#include "core/formats/bytes/file_name.h"

#include <QFileInfo>

#include <cerrno>

namespace qbn {

FileWriter::FileWriter(const QString& path)
{
    const QFileInfo info(path);
    if (info.exists() && !info.isFile() && !info.isDir()) {
        through_ = std::make_unique<QFile>(path);
        device_ = through_.get();
    } else {
        saved_ = std::make_unique<QSaveFile>(path);
        device_ = saved_.get();
    }
    if (is_not_utf8(path)) {
        reason_ = "only names in UTF-8 are written";
        return;
    }
    // A device takes what it is given at once, so that what it refuses is seen where it happens.
    if (!device_->open(through_ ? QIODevice::WriteOnly | QIODevice::Unbuffered
                                : QIODevice::OpenMode(QIODevice::WriteOnly)))
        fail();
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
