#include "core/formats/read_file.h"

#include <QFile>
#include <QFileInfo>

namespace qbn {

Result<QByteArray> read_file(const QString& path)
{
    const QFileInfo info(path);
    if (!info.exists())
        return Error{"there is no such file"};
    if (info.isDir())
        return Error{"it is a directory, a file is needed"};
    if (!info.isFile())
        return Error{"it is not a regular file"}; // a pipe could block, a device never end
    if (info.size() > 2LL * 1024 * 1024 * 1024)
        return Error{"it is larger than 2 GiB, the most that is read"};
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Error{"it cannot be read: " + file.errorString().toStdString()};
    QByteArray bytes = file.readAll();
    if (file.error() != QFileDevice::NoError)
        return Error{"it cannot be read: " + file.errorString().toStdString()};
    return bytes;
}

} // namespace qbn
