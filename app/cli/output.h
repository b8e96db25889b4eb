#pragma once

#include "app/cli/command.h"

#include <QSaveFile>
#include <QString>

#include <memory>
#include <string_view>

namespace qbn::cli {

/// Where a subcommand writes: standard output, or a file that appears only when it is complete.
class Output
{
public:
    /// An empty path or "-" is standard output.
    explicit Output(const QString& path);

    /// False once something could not be written; finish() then says what.
    bool write(std::string_view bytes);

    /// Completes the file. Complains and gives not_written if it, or anything before, failed; no
    /// file is left then.
    ExitCode finish();

private:
    std::unique_ptr<QSaveFile> file_;
    QString path_;
    bool good_ = true;
    QString reason_;
};

} // namespace qbn::cli
