#pragma once

#include "core/text/result.h"

#include <QByteArray>
#include <QString>

namespace qbn {

/// The bytes of a regular file of at most 2 GiB. The error's sentence does not name the file yet.
Result<QByteArray> read_file(const QString& path);

} // namespace qbn
