#pragma once

#include "core/text/result.h"

#include <QFile>
#include <QSaveFile>
#include <QString>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace qbn {

/// Writes a file that appears only when it is complete. What exists already and is no regular file
/// (a device, a pipe) is written through and stays what it is. Of a file with several names (hard
/// links) only this one gets the new content; a symbolic link stays, and where it leads is written.
class FileWriter
{
public:
    /// Refuses to write onto `input`, whatever name that has here.
    explicit FileWriter(const QString& path, const QString& input = {});

    /// False once something could not be written; finish() then says what.
    bool write(std::string_view bytes);

    /// Completes the file; the reason if that, or anything before, failed. No new file is left
    /// then.
    std::optional<std::string> finish();

private:
    static std::optional<std::string> refusal(const QString& path, const QString& input);
    bool fail();
    bool fail_to_write();

    std::unique_ptr<QFile> through_;
    std::unique_ptr<QSaveFile> saved_;
    QFileDevice* device_;
    std::optional<std::string> reason_;
};

} // namespace qbn
