#include "core/paste/recogniser.h"
#include "core/paste/recogniser_tools.h"

#include <algorithm>

namespace qbn {

namespace {

/// A tensor of which details are printed.
struct DetailedTensor
{
    PrintSide side = PrintSide::unknown;
    std::int64_t index = -1;
};

std::optional<PrintedNumber> entry(const PasteText& text, std::size_t begin, std::size_t end,
                                   std::string_view key)
{
    const auto at = text.rest().substr(0, end).find(key, begin);
    return at == std::string_view::npos ? std::nullopt : number_behind(text, at + key.size(), end);
}

// One {'name': .., 'quantization': (scale, zero point), ..} or such an entry alone.
DetailedTensor read_details(PasteText& text, std::size_t index, PrintSide side)
{
    constexpr std::string_view key = "'quantization':";
    const std::size_t begin = text.place_of_line(index).begin;
    const std::size_t end = text.place_of_line(index).end;
    DetailedTensor tensor{.side = side};
    if (const auto number = entry(text, begin, end, "'index':"))
        tensor.index = number->whole();
    const auto at = text.rest().substr(0, end).find(key, begin);
    const auto close = text.rest().find(')', at);
    const auto pair = numbers_between(text, at + key.size(), std::min(close, end));
    const std::string name = side == PrintSide::input ? "input details" : "output details";
    if (pair.size() == 2 && pair[0].value > 0) {
        add_number(text, PrintRole::scale, side, name, pair[0]);
        add_number(text, PrintRole::zero_point, side, name, pair[1]);
    }
    const std::string_view line = text.line(index);
    for (const std::string_view type : {std::string_view("uint8"), std::string_view("int8")}) {
        if (line.find("numpy." + std::string(type)) == std::string_view::npos)
            continue;
        add_type(text, side, name, type, static_cast<int>(index) + 1);
        text.is_channels_last = true;
        break;
    }
    text.claim_line(index);
    return tensor;
}

// interpreter.get_tensor(9), and on the next lines what it holds.
void name_tensors(PasteText& text, const std::vector<DetailedTensor>& tensors)
{
    constexpr std::string_view call = "get_tensor(";
    for (std::size_t i = 0; i < text.line_count(); ++i) {
        const auto at = text.line(i).find(call);
        if (at == std::string_view::npos)
            continue;
        const std::size_t begin = text.place_of_line(i).begin + at + call.size();
        const auto index = number_behind(text, begin, text.place_of_line(i).end);
        const auto named
            = std::find_if(tensors.begin(), tensors.end(), [&](const DetailedTensor& tensor) {
                  return index && tensor.index == index->whole();
              });
        if (named == tensors.end())
            continue;
        text.claim_line(i);
        text.named_lines.push_back({.line = static_cast<int>(i) + 2, .side = named->side});
    }
}

} // namespace

void read_tflite_details(PasteText& text)
{
    if (text.rest().find("'quantization':") == std::string_view::npos)
        return;
    std::vector<DetailedTensor> tensors;
    PrintSide side = PrintSide::unknown;
    for (std::size_t i = 0; i < text.line_count(); ++i) {
        const std::string_view line = text.line(i);
        if (line.find("input") != std::string_view::npos
            && line.find("details") != std::string_view::npos)
            side = PrintSide::input;
        else if (line.find("output") != std::string_view::npos
                 && line.find("details") != std::string_view::npos)
            side = PrintSide::output;
        if (side != PrintSide::unknown && line.find("'quantization':") != std::string_view::npos)
            tensors.push_back(read_details(text, i, side));
    }
    name_tensors(text, tensors);
}

} // namespace qbn
