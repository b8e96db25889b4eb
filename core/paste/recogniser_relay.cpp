#include "core/paste/recogniser.h"
#include "core/paste/recogniser_tools.h"

#include <algorithm>
#include <array>

namespace qbn {

namespace {

// The numbers of a call without those in comments, names and options: of
// qnn.quantize(%1.0, 0.5f /* ty=float32 */, 64 /* ty=int32 */, axis=1) 0.5 and 64.
std::vector<PrintedNumber> arguments_of_relay(PasteText& text, std::size_t begin, std::size_t end)
{
    std::string_view rest = text.rest();
    std::vector<PrintedNumber> numbers;
    for (std::size_t at = begin; at < end;) {
        if (rest.substr(at).starts_with("/*")) {
            at = std::min(rest.find("*/", at), end);
            at = std::min(at + 2, end);
            continue;
        }
        const std::size_t comma = std::min({rest.find(',', at), rest.find("/*", at), end});
        const std::string_view argument = trimmed(rest.substr(at, comma - at));
        const bool is_named
            = argument.starts_with('%') || argument.find_first_of("=[(") != std::string_view::npos;
        if (!is_named) {
            if (const auto number = number_behind(text, at, comma))
                numbers.push_back(*number);
        }
        at = comma + (rest.substr(comma).starts_with(',') ? 1 : 0);
        if (comma == end)
            break;
    }
    return numbers;
}

void read_quantization(PasteText& text, std::size_t index, std::string_view name, PrintSide side)
{
    const std::string_view line = text.line(index);
    const auto call = line.find(name);
    if (call == std::string_view::npos)
        return;
    const std::size_t begin = text.place_of_line(index).begin;
    const auto numbers = arguments_of_relay(text, begin + call + name.size(), begin + line.size());
    if (numbers.size() < 2)
        return;
    const std::string label(name.substr(0, name.size() - 1));
    add_number(text, PrintRole::scale, side, label, numbers[0]);
    add_number(text, PrintRole::zero_point, side, label, numbers[1]);
    for (const std::string_view type : {std::string_view("uint8"), std::string_view("int8")}) {
        if (line.find('"' + std::string(type) + '"') == std::string_view::npos)
            continue;
        add_type(text, side, label, type, static_cast<int>(index) + 1);
        break;
    }
    text.claim_line(index);
}

} // namespace

void read_relay(PasteText& text)
{
    const std::string& plain = text.plain().text;
    if (plain.find("qnn.") == std::string::npos
        && plain.find("nn.batch_norm(") == std::string::npos)
        return;
    for (std::size_t i = 0; i < text.line_count(); ++i) {
        const std::string_view line = text.line(i);
        if (!trimmed(line).starts_with('%'))
            continue;
        read_quantization(text, i, "qnn.dequantize(", PrintSide::input);
        read_quantization(text, i, "qnn.quantize(", PrintSide::output);
        if (text.line(i).find("nn.batch_norm(") == std::string_view::npos)
            continue;
        const auto eps = text.line(i).find("epsilon=");
        const std::size_t begin = text.place_of_line(i).begin;
        if (eps != std::string_view::npos) {
            if (const auto number = number_behind(text, begin + eps + 8, text.place_of_line(i).end))
                add_number(text, PrintRole::eps, PrintSide::unknown, "nn.batch_norm", *number);
        }
        text.is_batch_norm = true;
        text.leave_line(i, "the indices of constants");
    }
}

} // namespace qbn
