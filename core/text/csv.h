#pragma once

#include "core/text/table.h"

#include <string>
#include <string_view>

namespace qbn {

/// RFC 4180: fields apart by commas, lines ended by CR LF, a field with a comma, quote or line
/// break in quotes, quotes in it doubled. The decimal point is '.' whatever the locale.
std::string csv_header(const Table& table);
std::string csv_rows(const Table& table);

/// The same text with tabs between fields and LF after lines, for the clipboard: spreadsheets take
/// it as cells.
std::string to_tsv(const Table& table);

} // namespace qbn
