#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace qbn {

/// One value of a table. A number is shown and written with the shortest digits that read back to
/// the same binary64.
using Cell = std::variant<std::int64_t, double, std::string>;

std::string to_text(const Cell& cell);

/// What is shown is what is exported: a view and a file read the same one.
struct Table
{
    std::vector<std::string> columns;
    std::vector<std::vector<Cell>> rows; ///< each as long as columns
};

} // namespace qbn
