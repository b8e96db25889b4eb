#include "core/paste/recogniser.h"
#include "core/paste/recogniser_tools.h"

#include <algorithm>

namespace qbn {

namespace {

// TensorQuantizer(8bit fake per-tensor amax=0.9963 calibrator=.. scale=1.0 quant): the range is
// symmetric, and the scale that it prints is that of the calibrator.
void read_tensor_quantizer(PasteText& text, std::size_t index, std::size_t call)
{
    const std::string_view line = text.line(index);
    const auto amax = line.find("amax=", call);
    if (amax == std::string_view::npos)
        return;
    const std::size_t begin = text.place_of_line(index).begin;
    const auto range = number_behind(text, begin + amax + 5, begin + line.size());
    if (!range || range->value <= 0)
        return;
    const std::string name(trimmed(line.substr(0, line.find_first_of("(:"))));
    const PrintSide side = side_named(name);
    if (side == PrintSide::unknown)
        return text.leave_line(index, "the quantizer of another tensor");
    const auto bit = line.find("bit", call);
    int width = 8;
    if (bit != std::string_view::npos && bit > 0 && line[bit - 1] >= '2' && line[bit - 1] <= '8')
        width = line[bit - 1] - '0';
    const double codes = (1 << (width - 1)) - 1;
    PrintedNumber scale = *range;
    scale.value /= codes;
    scale.half_unit /= codes;
    PrintedValue value
        = known_value(text, {.role = PrintRole::scale, .side = side},
                      name + ", amax / " + std::to_string(static_cast<int>(codes)), {scale});
    value.form = PrintedValue::Form::array; // rounded in print
    text.values.push_back(std::move(value));
    add_number(text, PrintRole::zero_point, side, "symmetric", implied_number(0));
    text.values.back().line = static_cast<int>(index) + 1;
    add_type(text, side, name, "int" + std::to_string(width), static_cast<int>(index) + 1);
    text.claim_line(index);
}

} // namespace

void read_tensor_quantizers(PasteText& text)
{
    constexpr std::string_view name = "TensorQuantizer(";
    if (text.plain().text.find(name) == std::string::npos)
        return;
    for (std::size_t i = 0; i < text.line_count(); ++i) {
        const auto call = text.line(i).find(name);
        if (call != std::string_view::npos)
            read_tensor_quantizer(text, i, call);
    }
}

} // namespace qbn
