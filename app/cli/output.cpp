#include "app/cli/output.h"

#include <cerrno>
#include <cstdio>

namespace qbn::cli {

Output::Output(const QString& path)
    : path_(path)
{
    if (path.isEmpty() || path == QStringLiteral("-")) {
        path_ = QStringLiteral("standard output");
        return;
    }
    file_ = std::make_unique<QSaveFile>(path);
    good_ = file_->open(QIODevice::WriteOnly);
}

bool Output::write(std::string_view bytes)
{
    if (!good_)
        return false;
    const auto size = static_cast<qint64>(bytes.size());
    if (file_) {
        good_ = file_->write(bytes.data(), size) == size;
    } else if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) != bytes.size()) {
        good_ = false;
        reason_ = qt_error_string(errno);
    }
    return good_;
}

ExitCode Output::finish()
{
    if (file_) {
        good_ = good_ && file_->commit();
        reason_ = file_->errorString();
    } else if (good_ && std::fflush(stdout) != 0) {
        good_ = false;
        reason_ = qt_error_string(errno);
    }
    if (good_)
        return done;
    complain(QStringLiteral("%1: could not be written: %2").arg(path_, reason_));
    return not_written;
}

} // namespace qbn::cli
