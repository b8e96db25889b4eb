#pragma once

#include "core/text/sentence.h"

#include <QByteArray>

#include <string>
#include <string_view>

namespace qbn {

/// Control characters, line breaks and what is not UTF-8 replaced by '?': what a terminal may be
/// shown of a text that somebody else chose.
std::string printable(std::string_view text);

/// Text of a file as it stands in a sentence: in double quotes, control characters and what is not
/// UTF-8 replaced by '?', cut to 80 characters with "..." at the end. So a hostile name cannot
/// break a message apart.
std::string quoted(std::string_view text);

inline std::string_view view(const QByteArray& bytes)
{
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

} // namespace qbn
