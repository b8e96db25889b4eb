#include "app/cli/output.h"

#include "core/text/printable.h"

#include <cerrno>
#include <cstdio>

namespace qbn::cli {

Output::Output(const QString& path, const QString& input)
    : path_(path)
{
    // The name is a link to wherever that goes, which may be no file, or one that others write to.
    if (path.isEmpty() || path == QStringLiteral("-") || path == QStringLiteral("/dev/stdout")) {
        path_ = QStringLiteral("standard output");
        return;
    }
    file_.emplace(path, input);
}

bool Output::fail()
{
    reason_ = qt_error_string(errno).toStdString();
    return false;
}

bool Output::write(std::string_view text)
{
    return write_bytes(printable_lines(text));
}

bool Output::write_bytes(std::string_view bytes)
{
    if (file_)
        return file_->write(bytes);
    if (reason_)
        return false;
    return std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size() || fail();
}

ExitCode Output::finish()
{
    if (file_)
        reason_ = file_->finish();
    else if (!reason_ && std::fflush(stdout) != 0)
        fail();
    if (!reason_)
        return done;
    complain(QStringLiteral("%1: could not be written: %2")
                 .arg(path_, QString::fromStdString(*reason_)));
    return not_written;
}

} // namespace qbn::cli
