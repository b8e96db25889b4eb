#include "core/paste/recogniser.h"
#include "core/paste/recogniser_tools.h"
#include "core/paste/source_lines.h"

#include <algorithm>
#include <array>
#include <utility>

namespace qbn {

namespace {

/// float mean[2] = {0.5f, 0.25f};  // a comment
struct CDefinition
{
    std::string name; ///< "mean", "input quant arg scale"
    std::string_view type; ///< "int8_t", empty where it says nothing of codes
    std::size_t value_begin = 0; ///< in the text
    std::size_t value_end = 0;
    std::size_t end = 0; ///< one past its last line
    bool is_array = false;
};

constexpr std::array c_types{std::string_view("uint8_t"), std::string_view("int8_t"),
                             std::string_view("unsigned char"), std::string_view("quint8"),
                             std::string_view("qint8")};

// The last word before '=' and an array's bounds; '.' and "->" part words.
std::string c_name(std::string_view declared)
{
    declared = trimmed(declared);
    while (declared.ends_with(']')) {
        const auto open = declared.rfind('[');
        if (open == std::string_view::npos)
            break;
        declared = trimmed(declared.substr(0, open));
    }
    const auto space = declared.find_last_of(" \t*&>");
    const bool is_arrow = space != std::string_view::npos && space > 0 && declared[space] == '>'
        && declared[space - 1] == '-';
    std::string name;
    for (const char c :
         is_arrow || space == std::string_view::npos ? declared : declared.substr(space + 1))
        if (c != '>')
            name += c == '.' || c == '-' ? '_' : c;
    while (name.ends_with('_'))
        name.pop_back();
    return name;
}

// Blank comments, so that their numbers are none of the array's.
std::size_t skip_comment(std::string_view text, std::size_t at)
{
    if (text.substr(at).starts_with("//"))
        return std::min(text.find('\n', at), text.size());
    if (text.substr(at).starts_with("/*"))
        return std::min(text.find("*/", at), text.size() - 2) + 2;
    return at;
}

std::optional<CDefinition> c_definition(const PasteText& text, std::size_t index)
{
    const std::string_view line = text.line(index);
    const auto equals = line.find('=');
    // bn.eps = torch.tensor(0.5); is Python's.
    const bool has_c_form = line.find('{') != std::string_view::npos
        || (line.find(';') != std::string_view::npos && line.find('(') == std::string_view::npos);
    if (equals == std::string_view::npos || !has_c_form || kind_of_line(line) != LineKind::literal)
        return std::nullopt;
    CDefinition found{.name = c_name(line.substr(0, equals))};
    for (const std::string_view type : c_types) {
        if (found.type.empty() && line.substr(0, equals).find(type) != std::string_view::npos)
            found.type = type;
    }
    const std::string_view rest = text.rest();
    found.value_begin = text.place_of_line(index).begin + equals + 1;
    int depth = 0;
    for (std::size_t at = found.value_begin; at < rest.size(); ++at) {
        at = skip_comment(rest, at);
        if (at >= rest.size())
            break;
        const char c = rest[at];
        depth += c == '{' ? 1 : c == '}' ? -1 : 0;
        found.is_array = found.is_array || c == '{';
        const bool is_end = depth == 0 && (c == ';' || c == '}' || (c == '\n' && !found.is_array));
        found.value_end = at;
        if (is_end)
            break;
    }
    if (depth != 0 || found.value_end == 0)
        return std::nullopt;
    found.end = text.line_at(found.value_end) + 1;
    return found;
}

std::vector<PrintedNumber> numbers_without_comments(const PasteText& text, std::size_t begin,
                                                    std::size_t end)
{
    std::vector<PrintedNumber> numbers;
    std::size_t from = begin;
    for (std::size_t at = begin; at <= end; ++at) {
        const std::size_t behind = at < end ? skip_comment(text.rest(), at) : at;
        if (behind == at && at < end)
            continue;
        const auto found = numbers_between(text, from, at);
        numbers.insert(numbers.end(), found.begin(), found.end());
        at = behind;
        from = behind;
    }
    return numbers;
}

// "// NHWC 1x1x6x2", or the shape that was just defined.
void read_layout(PasteText& text, std::size_t index)
{
    const PlainLine& place = text.place_of_line(index);
    const std::string_view line
        = std::string_view(text.plain().text).substr(place.begin, place.end - place.begin);
    const auto nhwc = line.find("NHWC");
    if (nhwc == std::string_view::npos)
        return;
    text.is_channels_last = true;
    std::vector<std::int64_t> shape;
    std::int64_t extent = 0;
    bool is_open = false;
    for (const char c : std::string(line.substr(nhwc + 4)) + " ") {
        const bool is_digit_here = c >= '0' && c <= '9';
        constexpr std::int64_t largest = 1 << 20;
        if (is_digit_here)
            extent = std::min(largest, 10 * (is_open ? extent : 0) + (c - '0'));
        else if (is_open)
            shape.push_back(extent);
        is_open = is_digit_here;
    }
    if (shape.size() == 4)
        text.shape = std::move(shape);
}

void add_definition(PasteText& text, const CDefinition& found)
{
    std::vector<PrintedNumber> numbers
        = numbers_without_comments(text, found.value_begin, found.value_end);
    if (numbers.empty())
        return;
    if (found.name == "shape" || found.name.ends_with("_shape")) {
        text.shape.clear();
        for (const PrintedNumber& number : numbers)
            text.shape.push_back(number.whole());
        return;
    }
    PrintedValue value;
    value.form = found.is_array ? PrintedValue::Form::list : PrintedValue::Form::number;
    value.label.text = found.name;
    value.line = static_cast<int>(text.line_at(found.value_begin)) + 1;
    if (found.is_array)
        value.dimensions = {{.count = static_cast<std::int64_t>(numbers.size())}};
    value.numbers = std::move(numbers);
    if (!found.type.empty()) {
        std::string_view type = found.type == "unsigned char" ? "uint8" : found.type;
        if (type.ends_with("_t"))
            type.remove_suffix(2);
        value.attributes.push_back({.name = "dtype", .word = std::string(type), .numbers = {}});
    }
    text.values.push_back(std::move(value));
}

// #define OUTPUT_SCALE 0.05f
void read_macro(PasteText& text, std::size_t index)
{
    const std::string_view line = text.line(index);
    const auto name = line.find_first_not_of(' ', 8);
    const auto space = line.find(' ', name);
    if (name == std::string_view::npos || space == std::string_view::npos)
        return;
    const std::size_t begin = text.place_of_line(index).begin;
    const auto number = number_behind(text, begin + space, begin + line.size());
    if (!number)
        return;
    PrintedValue value;
    value.label.text = std::string(line.substr(name, space - name));
    value.line = static_cast<int>(index) + 1;
    value.numbers = {*number};
    text.values.push_back(std::move(value));
    text.claim_line(index);
}

} // namespace

void read_c_arrays(PasteText& text)
{
    if (text.plain().text.find(';') == std::string::npos
        && text.plain().text.find("#define") == std::string::npos)
        return;
    for (std::size_t i = 0; i < text.line_count(); ++i) {
        if (text.line(i).starts_with("#define "))
            read_macro(text, i);
        const auto found = c_definition(text, i);
        if (!found)
            continue;
        add_definition(text, *found);
        for (std::size_t line = i; line < found->end; ++line) {
            read_layout(text, line);
            text.claim_line(line);
        }
        i = found->end - 1;
    }
}

} // namespace qbn
