#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace qbn {

/// "1 value", "3 values".
inline std::string counted(std::size_t count, std::string_view noun)
{
    return std::to_string(count) + ' ' + std::string(noun) + (count == 1 ? "" : "s");
}

} // namespace qbn
