#include "core/text/csv.h"

#include "core/text/printable.h"
#include "core/text/text_number.h"

namespace qbn {

namespace {

/// A spreadsheet runs a text that begins so, unless an apostrophe stands before it.
bool is_formula(std::string_view text)
{
    constexpr std::string_view signs = "=+-@";
    return !text.empty() && signs.find(text.front()) != std::string_view::npos
        && !parse_number(text) && !parse_number(text.substr(1));
}

std::string plain_field(const std::string& text)
{
    return (is_formula(text) ? "'" : "") + printable(text);
}

std::string csv_field(const std::string& text)
{
    std::string field = plain_field(text);
    if (field.find_first_of(",\"") == std::string::npos)
        return field;
    std::string quoted = "\"";
    for (const char c : field) {
        if (c == '"')
            quoted += '"';
        quoted += c;
    }
    return quoted + '"';
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
    append_line(text, table.columns, ",", "\r\n", csv_field);
    return text;
}

std::string csv_rows(const Table& table)
{
    std::string text;
    for (const std::vector<Cell>& row : table.rows)
        append_line(text, row, ",", "\r\n",
                    [](const Cell& cell) { return csv_field(to_text(cell)); });
    return text;
}

std::string to_tsv(const Table& table)
{
    std::string text;
    append_line(text, table.columns, "\t", "\n", plain_field);
    for (const std::vector<Cell>& row : table.rows)
        append_line(text, row, "\t", "\n",
                    [](const Cell& cell) { return plain_field(to_text(cell)); });
    return text;
}

} // namespace qbn
