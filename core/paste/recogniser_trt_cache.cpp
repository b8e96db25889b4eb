#include "core/paste/recogniser.h"
#include "core/paste/recogniser_tools.h"

#include <bit>
#include <charconv>
#include <optional>
#include <system_error>

namespace qbn {

namespace {

constexpr std::size_t digits_of_cache = 8;

// 3c010a14: the bits of a binary32 number.
std::optional<float> binary32_of(std::string_view hexadecimal)
{
    std::uint32_t bits = 0;
    const char* const end = hexadecimal.data() + hexadecimal.size();
    const auto read = std::from_chars(hexadecimal.data(), end, bits, 16);
    if (hexadecimal.size() != digits_of_cache || read.ec != std::errc() || read.ptr != end)
        return std::nullopt;
    return std::bit_cast<float>(bits);
}

} // namespace

// A header, then lines of a tensor's name and its scale; symmetric int8.
void read_trt_cache(PasteText& text)
{
    if (text.plain().text.find("TRT-") == std::string::npos)
        return;
    bool is_open = false;
    for (std::size_t i = 0; i < text.line_count(); ++i) {
        const std::string_view line = trimmed(text.line(i));
        if (line.starts_with("TRT-") && line.find("Calibration") != std::string_view::npos) {
            is_open = true;
            text.leave_line(i, "the version of TensorRT");
            continue;
        }
        const auto colon = line.rfind(':');
        if (!is_open || colon == std::string_view::npos)
            continue;
        const std::string_view digits = trimmed(line.substr(colon + 1));
        const auto scale = binary32_of(digits);
        if (!scale)
            continue;
        const int number = static_cast<int>(i) + 1;
        const std::string name(line.substr(0, colon));
        const PrintSide side = side_named(name);
        if (side == PrintSide::unknown) {
            text.leave_line(i, "the scale of another tensor");
            continue;
        }
        const auto place = static_cast<std::uint32_t>(digits.data() - text.rest().data());
        add_number(text, PrintRole::scale, side, name + " in the calibration cache",
                   {.value = *scale, .place = place});
        add_number(text, PrintRole::zero_point, side, "symmetric", implied_number(0));
        text.values.back().line = number;
        add_type(text, side, name, "int8", number);
        text.claim_line(i);
    }
}

} // namespace qbn
