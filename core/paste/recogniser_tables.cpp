#include "core/paste/print_labels.h"
#include "core/paste/print_lexer.h"
#include "core/paste/recogniser.h"
#include "core/paste/recogniser_tools.h"

#include <algorithm>
#include <map>
#include <utility>

namespace qbn {

namespace {

struct TableCell
{
    std::string_view text;
    std::size_t place = 0; ///< in the text
};

using TableRow = std::vector<TableCell>;

// Cells apart by a character; of a Markdown row those between its bars.
TableRow cells_of(const PasteText& text, std::size_t index, char separator)
{
    std::string_view line = text.line(index);
    if (separator == '|') {
        line = trimmed(line);
        if (line.starts_with('|'))
            line.remove_prefix(1);
        if (line.ends_with('|'))
            line.remove_suffix(1);
    }
    TableRow cells;
    for (std::size_t begin = 0; begin <= line.size();) {
        std::size_t end = std::min(line.find(separator, begin), line.size());
        if (separator == ' ') {
            begin = line.find_first_not_of(" \t", begin);
            if (begin == std::string_view::npos)
                break;
            end = std::min(line.find_first_of(" \t", begin), line.size());
        }
        const std::string_view cell = trimmed(line.substr(begin, end - begin));
        cells.push_back(
            {.text = cell, .place = static_cast<std::size_t>(cell.data() - text.rest().data())});
        begin = end + 1;
    }
    return cells;
}

bool is_separator_row(std::string_view line)
{
    return line.find('-') != std::string_view::npos
        && line.find_first_not_of("|-: +=\t") == std::string_view::npos;
}

std::optional<PrintedNumber> number_in(const PasteText& text, const TableCell& cell)
{
    std::string_view shown = cell.text;
    std::size_t place = cell.place;
    while (shown.starts_with('`') || shown.starts_with('*')) {
        shown.remove_prefix(1);
        ++place;
    }
    while (shown.ends_with('`') || shown.ends_with('*'))
        shown.remove_suffix(1);
    if (shown.empty())
        return std::nullopt;
    PrintLexer lexer(text.rest().substr(0, place + shown.size()), place);
    const PrintToken token = lexer.next();
    const bool is_alone
        = token.kind == PrintToken::Kind::number && lexer.next().kind == PrintToken::Kind::end;
    return is_alone ? std::optional(token.number) : std::nullopt;
}

PrintMeaning meaning_of_cell(const TableCell& cell)
{
    return meaning_of({.text = std::string(cell.text.substr(0, 60))});
}

bool names_channel_column(std::string_view name)
{
    return name == "ch" || name == "c" || name == "channel" || name == "Channel" || name == "chan";
}

bool is_column_role(PrintRole role)
{
    return role != PrintRole::none && role != PrintRole::other;
}

class TableReader
{
public:
    explicit TableReader(PasteText& text)
        : text_(text)
    { }

    void read()
    {
        for (std::size_t i = 0; i < text_.line_count(); ++i) {
            const std::string_view line = text_.line(i);
            if (line.find_first_not_of(' ') == std::string_view::npos)
                continue;
            if (line.find('|') != std::string_view::npos && read_table(i, '|'))
                continue;
            for (const char separator : {'\t', ';', ',', ' '}) {
                if (line.find(separator) != std::string_view::npos && read_table(i, separator))
                    break;
            }
            read_labelled_row(i);
        }
    }

private:
    // Moves `index` to the last line of the table.
    bool read_table(std::size_t& index, char separator)
    {
        const TableRow header = cells_of(text_, index, separator);
        constexpr std::size_t most_columns = 64;
        if (header.size() < 2 || header.size() > most_columns)
            return false;
        const auto known = std::count_if(header.begin(), header.end(), [](const TableCell& cell) {
            return is_column_role(meaning_of_cell(cell).role);
        });
        const bool is_header = known >= 2
            && std::none_of(header.begin(), header.end(), [this](const TableCell& cell) {
                                   return cell.text.find_first_of("=[(") != std::string_view::npos
                                       || number_in(text_, cell);
                               });
        if (!is_header)
            return false;
        std::vector<TableRow> rows;
        std::size_t line = index + 1;
        for (; line < text_.line_count(); ++line) {
            if (is_separator_row(text_.line(line)))
                continue;
            TableRow row = cells_of(text_, line, separator);
            // A data frame has an index in front of its columns.
            if (separator == ' ' && row.size() == header.size() + 1)
                row.erase(row.begin());
            if (!fits(header, row))
                break;
            rows.push_back(std::move(row));
        }
        if (rows.empty())
            return false;
        take_columns(header, rows);
        for (std::size_t claimed = index; claimed < line; ++claimed)
            text_.claim_line(claimed);
        index = line - 1;
        return true;
    }

    // A number in each column that has a meaning.
    bool fits(const TableRow& header, const TableRow& row) const
    {
        if (row.size() != header.size())
            return false;
        for (std::size_t column = 0; column < header.size(); ++column) {
            if (is_column_role(meaning_of_cell(header[column]).role)
                && !number_in(text_, row[column]))
                return false;
        }
        return true;
    }

    void take_columns(const TableRow& header, const std::vector<TableRow>& rows)
    {
        std::vector<int> channels;
        std::optional<std::size_t> input;
        std::optional<std::size_t> output;
        for (std::size_t column = 0; column < header.size(); ++column) {
            const PrintMeaning meaning = meaning_of_cell(header[column]);
            if (names_channel_column(header[column].text))
                channels = channels_in(rows, column);
            else if (meaning.role == PrintRole::input)
                input = column;
            else if (meaning.role == PrintRole::output)
                output = column;
            else if (is_column_role(meaning.role)
                     && !(is_quantization(meaning.role) && has_sided_rows(rows)))
                take_parameter(meaning, header[column], rows, column);
        }
        take_sided_rows(header, rows);
        if (input && output)
            take_pairs(header, rows, *input, *output, channels);
    }

    static bool is_quantization(PrintRole role)
    {
        return role == PrintRole::scale || role == PrintRole::zero_point;
    }

    static bool has_sided_rows(const std::vector<TableRow>& rows)
    {
        return std::any_of(rows.begin(), rows.end(), [](const TableRow& row) {
            return side_named(row.front().text) != PrintSide::unknown;
        });
    }

    // | input | 0.0078 | -128 | below | tensor | scale | zero_point |
    void take_sided_rows(const TableRow& header, const std::vector<TableRow>& rows)
    {
        for (const TableRow& row : rows) {
            const PrintSide side = side_named(row.front().text);
            for (std::size_t column = 1; column < header.size(); ++column) {
                const PrintRole role = meaning_of_cell(header[column]).role;
                const auto number = number_in(text_, row[column]);
                if (side != PrintSide::unknown && is_quantization(role) && number)
                    add_number(text_, role, side,
                               std::string(row.front().text) + " "
                                   + std::string(header[column].text),
                               *number);
            }
        }
    }

    std::vector<int> channels_in(const std::vector<TableRow>& rows, std::size_t column) const
    {
        std::vector<int> channels;
        for (const TableRow& row : rows) {
            const auto number = number_in(text_, row[column]);
            constexpr std::int64_t most_channels = 65536;
            channels.push_back(number ? static_cast<int>(std::clamp<std::int64_t>(
                                            number->whole(), -1, most_channels))
                                      : -1);
        }
        return channels;
    }

    void take_parameter(const PrintMeaning& meaning, const TableCell& name,
                        const std::vector<TableRow>& rows, std::size_t column)
    {
        std::vector<PrintedNumber> numbers;
        for (const TableRow& row : rows) {
            if (const auto number = number_in(text_, row[column]))
                numbers.push_back(*number);
        }
        const bool is_of_channels = meaning.role < PrintRole::eps;
        if (numbers.empty() || (is_of_channels && numbers.size() != rows.size()))
            return;
        const bool are_same
            = std::all_of(numbers.begin(), numbers.end(), [&](const PrintedNumber& number) {
                  return number.value == numbers.front().value;
              });
        if (!is_of_channels && are_same)
            numbers.resize(1);
        const auto count = static_cast<std::int64_t>(numbers.size());
        PrintedValue value
            = known_value(text_, meaning, std::string(name.text), std::move(numbers));
        if (is_of_channels)
            value.dimensions = {{.count = count}};
        value.form = PrintedValue::Form::array;
        text_.values.push_back(std::move(value));
    }

    void take_pairs(const TableRow& header, const std::vector<TableRow>& rows, std::size_t input,
                    std::size_t output, const std::vector<int>& channels)
    {
        std::map<int, std::pair<std::vector<PrintedNumber>, std::vector<PrintedNumber>>> pairs;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const auto x = number_in(text_, rows[i][input]);
            const auto y = number_in(text_, rows[i][output]);
            if (!x || !y)
                continue;
            auto& [inputs, outputs] = pairs[channels.empty() ? -1 : channels[i]];
            inputs.push_back(*x);
            outputs.push_back(*y);
        }
        for (auto& [channel, numbers] : pairs) {
            add_side(PrintRole::input, header[input], channel, std::move(numbers.first));
            add_side(PrintRole::output, header[output], channel, std::move(numbers.second));
        }
    }

    void add_side(PrintRole role, const TableCell& name, int channel,
                  std::vector<PrintedNumber> numbers)
    {
        const bool are_codes = std::all_of(numbers.begin(), numbers.end(),
                                           [](const PrintedNumber& n) { return n.is_integer; });
        const auto count = static_cast<std::int64_t>(numbers.size());
        PrintedValue value = known_value(text_, {.role = role, .is_code = are_codes},
                                         std::string(name.text), std::move(numbers));
        value.dimensions = {{.count = count}};
        if (channel >= 0)
            value.label.index = {{.first = 0}, {.first = channel}};
        text_.values.push_back(std::move(value));
    }

    // | input | scale | 0.0078 | or | mean | 0.5 | 0.25 |
    void read_labelled_row(std::size_t index)
    {
        const std::string_view line = text_.line(index);
        const bool is_markdown = trimmed(line).starts_with('|');
        const bool is_tabbed = !is_markdown && line.find('\t') != std::string_view::npos;
        if (!is_markdown && !is_tabbed)
            return;
        const TableRow row = cells_of(text_, index, is_markdown ? '|' : '\t');
        std::string label;
        std::vector<PrintedNumber> numbers;
        for (const TableCell& cell : row) {
            const auto number = number_in(text_, cell);
            if (number)
                numbers.push_back(*number);
            else if (numbers.empty())
                label += (label.empty() ? "" : " ") + std::string(cell.text.substr(0, 40));
            else if (!cell.text.empty())
                return;
        }
        const PrintMeaning meaning = meaning_of({.text = label});
        if (numbers.empty() || label.empty() || !is_column_role(meaning.role))
            return;
        const auto count = static_cast<std::int64_t>(numbers.size());
        PrintedValue value = known_value(text_, meaning, label, std::move(numbers));
        if (meaning.role < PrintRole::eps)
            value.dimensions = {{.count = count}};
        text_.values.push_back(std::move(value));
        text_.claim_line(index);
    }

    PasteText& text_;
};

} // namespace

void read_markdown_tables(PasteText& text)
{
    TableReader(text).read();
}

} // namespace qbn
