#pragma once

#include <QByteArray>

#include <cstddef>
#include <string_view>

namespace qbn {

inline std::string_view view(const QByteArray& bytes)
{
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

} // namespace qbn
