#include "core/paste/recogniser.h"
#include "core/paste/recogniser_tools.h"

#include <algorithm>
#include <map>
#include <utility>

namespace qbn {

namespace {

/// net.params['bn'][0].data and the array below it.
struct Blob
{
    std::string layer;
    int index = 0;
    std::vector<PrintedNumber> numbers;
    std::size_t first_line = 0;
    std::size_t last_line = 0;
};

std::vector<Blob> blobs_in(const PasteText& text)
{
    std::vector<Blob> blobs;
    for (std::size_t i = 0; i + 1 < text.line_count(); ++i) {
        const std::string_view line = text.line(i);
        const auto at = line.find("params[");
        if (at == std::string_view::npos || at + 8 >= line.size())
            continue;
        const char quote = line[at + 7];
        const auto name_end = line.find(quote, at + 8);
        if ((quote != '\'' && quote != '"') || name_end == std::string_view::npos
            || !line.substr(name_end + 1).starts_with("]["))
            continue;
        const std::size_t begin = text.place_of_line(i).begin;
        const auto index = number_behind(text, begin + name_end + 3, begin + line.size());
        if (!index)
            continue;
        Blob blob{.layer = std::string(line.substr(at + 8, name_end - at - 8)),
                  .index = static_cast<int>(std::clamp<std::int64_t>(index->whole(), 0, 9)),
                  .numbers = {},
                  .first_line = i,
                  .last_line = i + 1};
        constexpr std::size_t longest_blob = 2000;
        const std::size_t last = std::min(text.line_count(), i + longest_blob) - 1;
        while (blob.last_line < last
               && text.line(blob.last_line).find(']') == std::string_view::npos)
            ++blob.last_line;
        const auto open = text.rest().find('[', text.place_of_line(i + 1).begin);
        const auto close = text.rest().find(']', text.place_of_line(i + 1).begin);
        if (open >= close || close > text.place_of_line(blob.last_line).end)
            continue;
        blob.numbers = numbers_between(text, open, close);
        blobs.push_back(std::move(blob));
    }
    return blobs;
}

// A BatchNorm layer holds sums: mean and var times the third blob.
void add_statistics(PasteText& text, const Blob& blob, const PrintedNumber& factor)
{
    const bool is_mean = blob.index == 0;
    std::vector<PrintedNumber> numbers = blob.numbers;
    for (PrintedNumber& number : numbers) {
        number.value /= factor.value;
        number.half_unit /= factor.value;
    }
    PrintedValue value
        = known_value(text, {.role = is_mean ? PrintRole::mean : PrintRole::var},
                      blob.layer + " blob " + std::to_string(blob.index) + " divided by blob 2",
                      std::move(numbers));
    if (value.dimensions.empty())
        value.dimensions = {{.count = 1}};
    value.form = PrintedValue::Form::array;
    text.values.push_back(std::move(value));
}

void add_affine(PasteText& text, const Blob& blob)
{
    PrintedValue value
        = known_value(text, {.role = blob.index == 0 ? PrintRole::gamma : PrintRole::beta},
                      blob.layer + " blob " + std::to_string(blob.index), blob.numbers);
    if (value.dimensions.empty())
        value.dimensions = {{.count = 1}};
    value.form = PrintedValue::Form::array;
    text.values.push_back(std::move(value));
}

} // namespace

void read_caffe_blobs(PasteText& text)
{
    if (text.plain().text.find("params[") == std::string::npos)
        return;
    const std::vector<Blob> blobs = blobs_in(text);
    std::map<std::string, PrintedNumber> factors;
    for (const Blob& blob : blobs) {
        if (blob.index == 2 && blob.numbers.size() == 1)
            factors.emplace(blob.layer, blob.numbers.front());
    }
    for (const Blob& blob : blobs) {
        const auto factor = factors.find(blob.layer);
        const bool has_factor = factor != factors.end();
        if (blob.numbers.empty() || blob.index > 2)
            continue;
        if (has_factor && blob.index < 2 && factor->second.value != 0)
            add_statistics(text, blob, factor->second);
        else if (!has_factor && blob.index < 2)
            add_affine(text, blob);
        text.is_batch_norm |= has_factor;
        for (std::size_t line = blob.first_line; line <= blob.last_line; ++line)
            text.claim_line(line);
    }
    for (const auto& [layer, factor] : factors)
        text.assumed.push_back("mean and var are divided by the factor in blob 2 of " + layer
                               + ", as Caffe does");
}

} // namespace qbn
