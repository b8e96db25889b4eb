#include "core/paste/recogniser.h"
#include "core/paste/recogniser_tools.h"
#include "core/text/characters.h"

#include <algorithm>
#include <vector>

namespace qbn {

namespace {

constexpr std::string_view call_name = "quantized_batch_norm(";

/// An argument of a call, with its place in the text.
struct Argument
{
    std::size_t begin = 0;
    std::size_t end = 0;
};

// Of the call whose bracket opens before `at`; empty where it does not end.
std::vector<Argument> arguments_from(std::string_view text, std::size_t at)
{
    constexpr std::size_t longest_call = 4000;
    std::vector<Argument> arguments{{.begin = at}};
    int depth = 0;
    for (std::size_t end = at; end < std::min(text.size(), at + longest_call); ++end) {
        const char c = text[end];
        if ((c == ')' || c == ']') && depth == 0) {
            arguments.back().end = end;
            return arguments;
        }
        depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
        if (c != ',' || depth > 0)
            continue;
        arguments.back().end = end;
        arguments.push_back({.begin = end + 1});
    }
    return {};
}

// torch.ones(2), torch.zeros(2) and torch.ones(2) * 0.5 say what torch.rand(2) does not.
void read_argument(PasteText& text, const Argument& argument, PrintRole role, const char* label)
{
    const std::string_view typed
        = text.rest().substr(argument.begin, argument.end - argument.begin);
    std::vector<PrintedNumber> numbers = numbers_between(text, argument.begin, argument.end);
    const bool are_ones = typed.find("ones(") != std::string_view::npos;
    const bool are_zeros = typed.find("zeros(") != std::string_view::npos;
    const bool is_product = numbers.size() == 2 && typed.find('*') != std::string_view::npos;
    if ((are_ones || are_zeros) && (numbers.size() == 1 || is_product)) {
        constexpr std::int64_t most_channels = 4096;
        const auto count = static_cast<std::size_t>(
            std::clamp<std::int64_t>(numbers.front().whole(), 0, most_channels));
        const double factor = is_product ? numbers.back().value : 1.0;
        numbers.assign(count, {.value = are_ones ? factor : 0.0, .place = numbers.back().place});
    } else if (typed.find('[') == std::string_view::npos && role < PrintRole::eps)
        return;
    if (numbers.empty())
        return;
    PrintedValue value = known_value(text, {.role = role, .side = PrintSide::output},
                                     std::string("quantized_batch_norm, ") + label, numbers);
    if (value.dimensions.empty() && role < PrintRole::eps)
        value.dimensions = {{.count = 1}};
    text.values.push_back(std::move(value));
}

// qx = torch.quantize_per_tensor(x, scale, zero_point, torch.quint8)
void read_input(PasteText& text, std::string_view name)
{
    constexpr std::string_view quantize = "quantize_per_tensor(";
    for (auto at = text.rest().find(quantize); at != std::string_view::npos;
         at = text.rest().find(quantize, at + 1)) {
        const std::size_t line = text.line_at(at);
        const std::string_view source = text.line(line);
        const std::string_view assigned = trimmed(source.substr(0, source.find('=')));
        if (assigned != name)
            continue;
        const std::vector<Argument> arguments = arguments_from(text.rest(), at + quantize.size());
        constexpr std::size_t argument_count = 4;
        if (arguments.size() != argument_count)
            return;
        const auto scale = number_behind(text, arguments[1].begin, arguments[1].end);
        const auto zero_point = number_behind(text, arguments[2].begin, arguments[2].end);
        if (!scale || !zero_point)
            return;
        add_number(text, PrintRole::scale, PrintSide::input, "quantize_per_tensor, scale", *scale);
        add_number(text, PrintRole::zero_point, PrintSide::input, "quantize_per_tensor, zero_point",
                   *zero_point);
        add_type(
            text, PrintSide::input, "quantize_per_tensor, dtype",
            trimmed(text.rest().substr(arguments[3].begin, arguments[3].end - arguments[3].begin)),
            static_cast<int>(line) + 1);
        // With what stands before the call: it labels nothing that is printed below.
        text.claim(text.place_of_line(line).begin, arguments.back().end);
        return;
    }
}

} // namespace

// torch.quantized_batch_norm(qx, weight, bias, mean, var, eps, output_scale, output_zero_point)
void read_quantized_batch_norm_call(PasteText& text)
{
    const auto at = text.rest().find(call_name);
    if (at == std::string_view::npos)
        return;
    const std::vector<Argument> arguments = arguments_from(text.rest(), at + call_name.size());
    constexpr std::size_t argument_count = 8;
    if (arguments.size() != argument_count)
        return;
    read_input(
        text,
        trimmed(text.rest().substr(arguments[0].begin, arguments[0].end - arguments[0].begin)));
    read_argument(text, arguments[1], PrintRole::gamma, "weight");
    read_argument(text, arguments[2], PrintRole::beta, "bias");
    read_argument(text, arguments[3], PrintRole::mean, "mean");
    read_argument(text, arguments[4], PrintRole::var, "var");
    read_argument(text, arguments[5], PrintRole::eps, "eps");
    read_argument(text, arguments[6], PrintRole::scale, "output_scale");
    read_argument(text, arguments[7], PrintRole::zero_point, "output_zero_point");
    text.is_batch_norm = true;
    // Only what was typed here: its result is printed below.
    const std::size_t first = text.line_at(at);
    const std::size_t last = text.line_at(arguments.back().end);
    for (std::size_t line = first; line <= last; ++line)
        text.claim_line(line);
    text.result_line = static_cast<int>(last) + 2;
}

} // namespace qbn
