#include "core/formats/session/session_file.h"

#include "core/formats/session/question_card.h"
#include "core/formats/session/session_json.h"

#include <string>
#include <string_view>
#include <utility>

namespace qbn {

namespace {

constexpr qsizetype session_limit = 256 * 1024 * 1024;

bool looks_like_json(std::string_view bytes)
{
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (bytes.substr(0, byte_order_mark.size()) == byte_order_mark)
        bytes.remove_prefix(byte_order_mark.size());
    const std::size_t start = bytes.find_first_not_of(" \t\r\n");
    return start != std::string_view::npos && (bytes[start] == '{' || bytes[start] == '[');
}

} // namespace

std::optional<Result<Model>> read_session_file(const FileContent& file, const std::stop_token& stop)
{
    if (!looks_like_json(file.view()))
        return std::nullopt;
    if (file.bytes.size() > session_limit)
        return Error{file.path.toStdString()
                     + ": it is larger than 256 MiB, the most that is read of a session"};
    return read_session(file.bytes, file.path, stop);
}

std::optional<Result<Model>> read_question_card(const FileContent& file,
                                                const std::stop_token& stop)
{
    if (file.bytes.size() > session_limit)
        return std::nullopt;
    const auto session = session_in(file.bytes);
    if (!session)
        return std::nullopt;
    if (!*session)
        return Error{file.path.toStdString() + ": " + session->error().message};
    return read_session(**session, file.path, stop);
}

} // namespace qbn
