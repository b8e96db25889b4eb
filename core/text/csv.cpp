#include "core/text/csv.h"

#include "core/text/text_number.h"

#include <algorithm>

namespace qbn {

namespace {

std::string quoted(const std::string& field)
{
    if (field.find_first_of(",\"\r\n") == std::string::npos)
        return field;
    std::string text = "\"";
    for (const char c : field) {
        if (c == '"')
            text += '"';
        text += c;
    }
    return text + '"';
}

std::string without_breaks(std::string field)
{
    std::replace_if(
        field.begin(), field.end(), [](char c) { return c == '\t' || c == '\n' || c == '\r'; },
        ' ');
    return field;
}

template <typename Fields, typename ToText>
void append_line(std::string& text, const Fields& fields, std::string_view separator,
                 std::string_view end, ToText to_field)
{
    bool first = true;
    for (const auto& field : fields) {
        if (!first)
            text += separator;
        first = false;
        text += to_field(field);
    }
    text += end;
}

} // namespace

std::string to_text(const Cell& cell)
{
    struct Visitor
    {
        std::string operator()(std::int64_t value) const { return std::to_string(value); }
        std::string operator()(double value) const { return format_number(value); }
        std::string operator()(const std::string& value) const { return value; }
    };
    return std::visit(Visitor{}, cell);
}

std::string csv_header(const Table& table)
{
    std::string text;
    append_line(text, table.columns, ",", "\r\n", quoted);
    return text;
}

std::string csv_rows(const Table& table)
{
    std::string text;
    for (const std::vector<Cell>& row : table.rows)
        append_line(text, row, ",", "\r\n", [](const Cell& cell) { return quoted(to_text(cell)); });
    return text;
}

std::string to_tsv(const Table& table)
{
    std::string text;
    append_line(text, table.columns, "\t", "\n", without_breaks);
    for (const std::vector<Cell>& row : table.rows)
        append_line(text, row, "\t", "\n",
                    [](const Cell& cell) { return without_breaks(to_text(cell)); });
    return text;
}

} // namespace qbn
