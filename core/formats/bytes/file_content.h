#pragma once

#include "core/formats/bytes/bytes_view.h"

#include <QByteArray>
#include <QFileInfo>
#include <QString>

#include <string>
#include <string_view>

namespace qbn {

/// A file that is looked at: its bytes, usually mapped, and the path that it was opened by.
struct FileContent
{
    const QByteArray& bytes;
    const QString& path;

    std::string_view view() const { return qbn::view(bytes); }

    bool has(std::size_t offset, std::string_view text) const
    {
        return view().size() >= offset && view().substr(offset, text.size()) == text;
    }

    /// What a model in it is called that has no name of its own.
    std::string base_name() const { return QFileInfo(path).completeBaseName().toStdString(); }
};

} // namespace qbn
