#include "core/paste/recogniser.h"
#include "core/paste/recogniser_tools.h"

#include <algorithm>
#include <cmath>

namespace qbn {

namespace {

// The side of a cast: what is dequantized goes in, what is quantized comes out.
PrintSide side_of_cast(std::string_view line)
{
    if (line.find("dcast") != std::string_view::npos
        || line.find("dequantize") != std::string_view::npos)
        return PrintSide::input;
    const bool is_quantize = line.find("qcast") != std::string_view::npos
        || line.find("quantize") != std::string_view::npos;
    return is_quantize ? PrintSide::output : PrintSide::unknown;
}

// !quant.uniform<i8:f32, 0.0078:-128>
void read_uniform_type(PasteText& text, std::size_t index)
{
    constexpr std::string_view name = "!quant.uniform<";
    const std::string_view line = text.line(index);
    const auto at = line.find(name);
    if (at == std::string_view::npos)
        return;
    const auto comma = line.find(',', at);
    const auto close = line.find('>', at);
    const PrintSide side = side_of_cast(line);
    if (comma == std::string_view::npos || close == std::string_view::npos || comma > close
        || side == PrintSide::unknown)
        return text.leave_line(index, "the type of another tensor");
    const std::size_t begin = text.place_of_line(index).begin;
    const auto numbers = numbers_between(text, begin + comma + 1, begin + close);
    if (numbers.empty() || numbers.size() > 2)
        return text.leave_line(index, "a type with a scale for each channel");
    const int shown = static_cast<int>(index) + 1;
    add_number(text, PrintRole::scale, side, "quant.uniform", numbers[0]);
    add_number(text, PrintRole::zero_point, side, "quant.uniform",
               numbers.size() > 1 ? numbers[1] : implied_number(0));
    text.values.back().line = shown;
    const std::string_view stored = line.substr(at + name.size(), comma - at - name.size());
    if (stored.starts_with("i8") || stored.starts_with("u8"))
        add_type(text, side, "quant.uniform", stored.starts_with("u8") ? "uint8" : "int8", shown);
    text.claim_line(index);
    text.is_channels_last
        = text.is_channels_last || text.plain().text.find("feature_index = 3") != std::string::npos;
}

// quantization: 0.0078125 * (q + 128), and on a line before it: name: input
void read_viewer_formula(PasteText& text, std::size_t index, PrintSide side)
{
    const std::string_view line = text.line(index);
    const auto product = line.find("* (q");
    const auto label = line.find("quantization:");
    if (product == std::string_view::npos || label == std::string_view::npos
        || side == PrintSide::unknown)
        return;
    const std::size_t begin = text.place_of_line(index).begin;
    const auto scale = number_behind(text, begin + label, begin + product);
    auto shift = number_behind(text, begin + product + 4, begin + line.size());
    if (!scale)
        return;
    const bool is_minus = line.find('-', product) != std::string_view::npos;
    if (shift)
        shift->value = is_minus ? std::abs(shift->value) : -std::abs(shift->value);
    add_number(text, PrintRole::scale, side, "quantization", *scale);
    add_number(text, PrintRole::zero_point, side, "quantization",
               shift.value_or(implied_number(0)));
    text.values.back().line = static_cast<int>(index) + 1;
    text.claim_line(index);
}

// Input details: quantization: (0.0078, -128)
void read_viewer_tuple(PasteText& text, std::size_t index, PrintSide side)
{
    const std::string_view line = text.line(index);
    const auto label = line.find("quantization: (");
    const auto close = line.find(')', label == std::string_view::npos ? 0 : label);
    if (label == std::string_view::npos || close == std::string_view::npos
        || side == PrintSide::unknown)
        return;
    const std::size_t begin = text.place_of_line(index).begin;
    const auto pair = numbers_between(text, begin + label, begin + close);
    if (pair.size() != 2)
        return;
    add_number(text, PrintRole::scale, side, "quantization", pair[0]);
    add_number(text, PrintRole::zero_point, side, "quantization", pair[1]);
    text.claim_line(index);
}

} // namespace

void read_quantized_types(PasteText& text)
{
    const std::string& plain = text.plain().text;
    if (plain.find("quant.uniform") == std::string::npos
        && plain.find("quantization:") == std::string::npos)
        return;
    PrintSide side = PrintSide::unknown;
    for (std::size_t i = 0; i < text.line_count(); ++i) {
        const std::string_view line = text.line(i);
        const PrintSide named
            = side_named(line.substr(0, std::min(line.find("quantization"), line.size())));
        if (named != PrintSide::unknown)
            side = named;
        read_uniform_type(text, i);
        read_viewer_formula(text, i, side);
        read_viewer_tuple(text, i, side);
    }
}

} // namespace qbn
