#pragma once

#include "core/text/table.h"

#include <string>
#include <string_view>

namespace qbn {

/// RFC 4180: fields apart by commas, lines ended by CR LF, a field with a comma or quote in quotes,
/// quotes in it doubled. The decimal point is '.' whatever the locale. Text is printable
/// (printable.h), so a line break is \n, and has an apostrophe in front where it begins with = + - @
/// and is no number, so that no spreadsheet runs it.
std::string csv_header(const Table& table);
std::string csv_rows(const Table& table);

/// The same fields with tabs between them, LF after lines and without quotes, for the clipboard:
/// spreadsheets take it as cells.
std::string to_tsv(const Table& table);

} // namespace qbn
