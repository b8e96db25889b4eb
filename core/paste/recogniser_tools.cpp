#include "core/paste/recogniser_tools.h"

#include "core/paste/print_labels.h"

#include <utility>

namespace qbn {

std::optional<PrintedNumber> number_behind(const PasteText& text, std::size_t begin,
                                           std::size_t end)
{
    const auto numbers = numbers_between(text, begin, end);
    return numbers.empty() ? std::nullopt : std::optional(numbers.front());
}

void add_number(PasteText& text, PrintRole role, PrintSide side, std::string label,
                PrintedNumber number)
{
    text.values.push_back(
        known_value(text, {.role = role, .side = side}, std::move(label), {number}));
}

PrintedNumber implied_number(double value)
{
    return {.value = value, .is_integer = true};
}

void add_type(PasteText& text, PrintSide side, std::string label, std::string_view type, int line)
{
    PrintedValue value
        = known_value(text, {.role = PrintRole::code_type, .side = side}, std::move(label), {});
    value.line = line;
    value.attributes.push_back({.name = "dtype", .word = std::string(type), .numbers = {}});
    text.values.push_back(std::move(value));
}

PrintSide side_named(std::string_view name)
{
    return meaning_of({.text = std::string(name)}).side;
}

} // namespace qbn
