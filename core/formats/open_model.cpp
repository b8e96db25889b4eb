#include "core/formats/open_model.h"

#include "core/formats/bytes/read_file.h"
#include "core/formats/format_list.h"

#include <utility>

namespace qbn {

Result<Model> read_model(const QByteArray& bytes, const QString& path, const std::stop_token& stop)
{
    const FileContent file{.bytes = bytes, .path = path};
    for (const Format& format : all_formats()) {
        if (auto model = format.read(file, stop))
            return *std::move(model);
    }
    return Error{path.toStdString() + ": " + not_a_model(file).message};
}

Result<Model> open_model(const QString& path, const std::stop_token& stop)
{
    const auto file = map_file(path);
    if (!file)
        return Error{path.toStdString() + ": " + file.error().message};
    return read_model(file->bytes(), path, stop);
}

} // namespace qbn
