#pragma once

#include <QByteArray>

#include <string>
#include <string_view>

namespace qbn {

/// Text of a file as it stands in a sentence: in double quotes, control characters and what is not
/// UTF-8 replaced by '?', cut to 80 characters with "..." at the end. So a hostile name cannot
/// break a message apart.
std::string quoted(std::string_view text);

/// "1 value", "3 values".
std::string counted(std::size_t count, std::string_view noun);

inline std::string_view view(const QByteArray& bytes)
{
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

} // namespace qbn
