#pragma once

#include "app/cli/command.h"
#include "core/formats/bytes/file_writer.h"

#include <QString>

#include <optional>
#include <string>
#include <string_view>

namespace qbn::cli {

/// Where a subcommand writes: standard output, or a file that appears only when it is complete.
class Output
{
public:
    /// An empty path, "-" or "/dev/stdout" is standard output.
    /// A file is not written onto `input`.
    explicit Output(const QString& path, const QString& input = {});

    /// Writes lines of text, printable (core/text/printable.h) whatever name of a file is in them.
    /// False once something could not be written; finish() then says what.
    bool write(std::string_view text);
    bool write_bytes(std::string_view bytes);

    /// Completes the file. Complains and gives not_written if it, or anything before, failed; no
    /// new file is left then.
    ExitCode finish();

private:
    bool fail();

    std::optional<FileWriter> file_;
    QString path_;
    std::optional<std::string> reason_; ///< of standard output
};

} // namespace qbn::cli
