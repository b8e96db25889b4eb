#include "core/paste/recogniser.h"
#include "core/paste/recogniser_tools.h"

#include <algorithm>
#include <array>
#include <utility>

namespace qbn {

namespace {

struct MatlabName
{
    std::string_view name;
    PrintRole role;
};

// Of the longer ones that hold a shorter one first.
constexpr std::array matlab_names{
    MatlabName{"TrainedMean", PrintRole::mean}, MatlabName{"TrainedVariance", PrintRole::var},
    MatlabName{"Offset", PrintRole::beta}, MatlabName{"Scale", PrintRole::gamma},
    MatlabName{"Epsilon", PrintRole::eps}};

const MatlabName* matlab_name_in(std::string_view line)
{
    const auto* const found
        = std::find_if(matlab_names.begin(), matlab_names.end(), [line](const MatlabName& one) {
              return line.find(one.name) != std::string_view::npos;
          });
    return found == matlab_names.end() ? nullptr : found;
}

bool is_row_of_numbers(std::string_view line)
{
    return line.find_first_of("0123456789") != std::string_view::npos
        && line.find_first_not_of("0123456789.+-eE \tNaInf") == std::string_view::npos;
}

// "ans =", "1x3 single row vector", a common factor and the numbers, a column a line.
std::size_t read_answer(PasteText& text, std::size_t first, const MatlabName& name)
{
    std::vector<PrintedNumber> numbers;
    std::size_t line = first;
    double factor = 1;
    for (; line < text.line_count(); ++line) {
        const std::string_view shown = trimmed(text.line(line));
        if (is_row_of_numbers(shown)) {
            const PlainLine& place = text.place_of_line(line);
            const auto row = numbers_between(text, place.begin, place.end);
            numbers.insert(numbers.end(), row.begin(), row.end());
        } else if (shown.ends_with('*')) {
            const PlainLine& place = text.place_of_line(line);
            if (const auto common = number_behind(text, place.begin, place.end))
                factor = common->value;
        } else if (!numbers.empty() || shown.starts_with(">>"))
            break;
    }
    for (PrintedNumber& number : numbers) {
        number.value *= factor;
        number.half_unit *= factor;
    }
    if (!numbers.empty()) {
        // MATLAB rounds all numbers to one place; a zero is shown as 0.
        double finest = 0;
        for (const PrintedNumber& number : numbers)
            finest = std::max(finest, number.half_unit);
        for (PrintedNumber& number : numbers)
            number.half_unit = number.value == 0 ? 0 : finest;
        const auto count = static_cast<std::int64_t>(numbers.size());
        PrintedValue value
            = known_value(text, {.role = name.role}, std::string(name.name), std::move(numbers));
        value.dimensions = {{.count = count}};
        value.form = PrintedValue::Form::array;
        text.values.push_back(std::move(value));
    }
    for (std::size_t i = first; i < line; ++i)
        text.claim_line(i);
    return line;
}

} // namespace

void read_matlab(PasteText& text)
{
    if (text.plain().text.find("Trained") == std::string::npos
        && text.plain().text.find("BatchNormalizationLayer") == std::string::npos)
        return;
    for (std::size_t i = 0; i < text.line_count(); ++i) {
        const std::string_view line = text.line(i);
        const MatlabName* const name = matlab_name_in(line);
        const PlainLine& place = text.place_of_line(i);
        const auto colon = line.find(':');
        const bool is_typed = text.is_typed_in_matlab(i);
        if (name && is_typed) {
            text.is_batch_norm = true;
            text.claim_line(i);
            i = read_answer(text, i + 1, *name) - 1;
        } else if (name && name->role == PrintRole::eps && colon != std::string_view::npos) {
            if (const auto eps = number_behind(text, place.begin + colon, place.end))
                add_number(text, PrintRole::eps, PrintSide::unknown, "Epsilon", *eps);
            text.claim_line(i);
        } else if (line.find("[1") != std::string_view::npos
                   && line.find("single]") != std::string_view::npos)
            text.leave_line(i, "the shape of an array");
        else if (line.find("Decay:") != std::string_view::npos)
            text.leave_line(i, "no parameter of the formula");
    }
}

} // namespace qbn
