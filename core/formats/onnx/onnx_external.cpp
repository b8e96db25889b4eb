#include "core/formats/onnx/onnx_external.h"

#include "core/formats/bytes/file_name.h"
#include "core/text/printable.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

namespace qbn {

namespace {

namespace fs = std::filesystem;

std::string entry(const onnx::TensorProto& tensor, std::string_view key)
{
    for (const auto& item : tensor.external_data()) {
        if (item.key() == key)
            return item.value();
    }
    return {};
}

std::optional<std::uint64_t> whole_number(const std::string& text)
{
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

bool is_below(const fs::path& file, const fs::path& folder)
{
    return std::mismatch(folder.begin(), folder.end(), file.begin(), file.end()).first
        == folder.end();
}

// The file that a location names, if the model may have it.
Result<fs::path> resolved(const std::string& location, const QString& model_path)
{
    const Error refused{"its data is in the file " + in_quotes(location)
                        + ", which does not lie in the model's folder, so it is not read"};
    const fs::path relative(location);
    if (location.empty() || location.find('\0') != std::string::npos || relative.is_absolute()
        || std::find(relative.begin(), relative.end(), "..") != relative.end())
        return refused;
    std::error_code error;
    const fs::path model = fs::absolute(file_name_bytes(model_path).toStdString(), error);
    const fs::path folder = fs::canonical(model.parent_path(), error);
    if (error)
        return refused;
    const fs::path file = fs::canonical(folder / relative, error);
    if (error)
        return Error{"its data should be in the file " + in_quotes(location)
                     + " beside the model, where no such file is"};
    if (!is_below(file, folder))
        return refused;
    if (!fs::is_regular_file(file, error))
        return Error{"its data should be in " + in_quotes(location)
                     + ", which is not a regular file"};
    return file;
}

} // namespace

Result<QByteArray> read_external_data(const onnx::TensorProto& tensor, std::uint64_t size,
                                      const QString& model_path)
{
    const std::string location = entry(tensor, "location");
    const auto path = resolved(location, model_path);
    if (!path)
        return path.error();
    const std::string start = entry(tensor, "offset");
    const auto offset = start.empty() ? std::optional<std::uint64_t>(0) : whole_number(start);
    std::error_code error;
    const std::uint64_t available = fs::file_size(*path, error);
    if (error || !offset || *offset > available || size > available - *offset)
        return Error{"its " + std::to_string(size) + " bytes do not lie in the file "
                     + in_quotes(location) + " where the model says"};
    std::ifstream file(*path, std::ios::binary);
    QByteArray bytes(static_cast<qsizetype>(size), Qt::Uninitialized);
    if (!file.seekg(static_cast<std::streamoff>(*offset))
        || !file.read(bytes.data(), static_cast<std::streamsize>(size)))
        return Error{"its data in the file " + in_quotes(location) + " cannot be read"};
    return bytes;
}

} // namespace qbn
