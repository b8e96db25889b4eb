#include "core/paste/paste_text.h"

#include "core/paste/print_lexer.h"

#include <algorithm>
#include <utility>

namespace qbn {

namespace {

constexpr std::size_t longest_print = std::size_t{8} << 20;

} // namespace

PasteText::PasteText(std::string_view text)
    : utf8_(utf8_text(text.substr(0, longest_print)))
    , plain_(plain_text(utf8_))
    , rest_(plain_.text)
    , is_cut_short_(text.size() > longest_print)
{ }

std::string_view PasteText::line(std::size_t line) const
{
    const PlainLine& place = plain_.lines[line];
    return std::string_view(rest_).substr(place.begin, place.end - place.begin);
}

std::size_t PasteText::line_at(std::size_t place) const
{
    const auto behind = std::upper_bound(
        plain_.lines.begin(), plain_.lines.end(), place,
        [](std::size_t wanted, const PlainLine& line) { return wanted < line.begin; });
    return static_cast<std::size_t>(behind - plain_.lines.begin()) - 1;
}

void PasteText::claim(std::size_t begin, std::size_t end)
{
    const auto at = [this](std::size_t place) {
        return rest_.begin() + static_cast<std::ptrdiff_t>(std::min(place, rest_.size()));
    };
    std::replace_if(at(begin), at(end), [](char c) { return c != '\n'; }, ' ');
}

void PasteText::claim_line(std::size_t line)
{
    claim(plain_.lines[line].begin, plain_.lines[line].end);
}

void PasteText::leave_line(std::size_t line, std::string reason)
{
    claim_line(line);
    const PlainLine& place = plain_.lines[line];
    if (!left.empty() && left.back().end + 1 == place.begin && left.back().reason == reason)
        left.back().end = place.end;
    else
        left.push_back({.begin = place.begin, .end = place.end, .reason = std::move(reason)});
}

bool PasteText::is_typed_in_matlab(std::size_t line) const
{
    return plain_.lines[line].quotes == 2;
}

std::vector<PrintedNumber> numbers_between(const PasteText& text, std::size_t begin,
                                           std::size_t end)
{
    std::vector<PrintedNumber> numbers;
    PrintLexer lexer(text.rest().substr(0, end), begin);
    for (PrintToken token = lexer.next(); token.kind != PrintToken::Kind::end;
         token = lexer.next()) {
        if (token.kind == PrintToken::Kind::number)
            numbers.push_back(token.number);
    }
    return numbers;
}

PrintedValue known_value(const PasteText& text, PrintMeaning meaning, std::string label,
                         std::vector<PrintedNumber> numbers)
{
    PrintedValue value;
    value.meaning = std::move(meaning);
    value.label.text = std::move(label);
    if (!numbers.empty() && numbers.front().place != PrintedNumber::no_place)
        value.line = static_cast<int>(text.line_at(numbers.front().place)) + 1;
    value.label.line = value.line;
    if (numbers.size() > 1) {
        value.form = PrintedValue::Form::list;
        value.dimensions = {{.count = static_cast<std::int64_t>(numbers.size())}};
    }
    value.numbers = std::move(numbers);
    return value;
}

} // namespace qbn
