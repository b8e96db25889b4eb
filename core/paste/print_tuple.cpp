#include "core/paste/print_tuple.h"

#include "core/paste/print_labels.h"

#include <algorithm>
#include <utility>

namespace qbn {

namespace {

constexpr std::size_t most_names = 8;

bool says_something(const PrintedLabel& name)
{
    return meaning_of(name).role != PrintRole::none;
}

// No input and no output: "for the input, scale is 0.5" are no two names.
bool is_parameter(const PrintedLabel& name)
{
    const PrintRole role = meaning_of(name).role;
    return role != PrintRole::input && role != PrintRole::output;
}

// 5.28, 73 without brackets, in round ones or in square ones.
bool is_list_of(const PrintedValue& value, std::size_t size)
{
    return value.form == PrintedValue::Form::list && value.type.empty() && value.attributes.empty()
        && value.dimensions.size() == 1 && value.numbers.size() == size && !value.cut_off
        && !value.is_elided();
}

// Into a value for each number.
void split(std::vector<PrintedValue>& values)
{
    PrintedValue list = std::move(values.back());
    values.pop_back();
    for (const PrintedNumber& number : list.numbers) {
        PrintedValue& value = values.emplace_back();
        value.label = list.label;
        value.line = list.line;
        value.numbers = {number};
    }
}

} // namespace

void append_word(std::string& words, std::string_view word)
{
    if (!words.empty())
        words += ' ';
    words += word.substr(0, longest_label);
    if (words.size() > longest_label) {
        const auto space = words.find(' ', words.size() - longest_label);
        words.erase(0, space == std::string::npos ? words.size() - longest_label : space + 1);
    }
}

void PrintTuple::clear_names()
{
    names_.clear();
    is_next_name_ = false;
}

void PrintTuple::add_word(std::string_view word)
{
    if (names_.empty() || std::exchange(is_next_name_, false)) {
        if (names_.size() > most_names)
            return;
        names_.emplace_back();
    }
    append_word(names_.back().text, word);
}

void PrintTuple::set_place(const PrintedLabel& label)
{
    if (names_.empty())
        return;
    names_.back().index = label.index;
    names_.back().is_reduced = label.is_reduced;
}

bool PrintTuple::has_names() const
{
    return names_.size() > 1 && names_.size() <= most_names
        && std::all_of(names_.begin(), names_.end(), says_something);
}

void PrintTuple::open(std::size_t first, const std::string& before, bool is_bracketed)
{
    open_ = {.names = std::exchange(names_, {}),
             .before = before,
             .first = first,
             .is_bracketed = is_bracketed};
    is_next_name_ = false;
}

bool PrintTuple::is_complete(const std::vector<PrintedValue>& values) const
{
    const std::size_t count = values.size() - open_->first;
    return count == open_->names.size()
        || (count == 1 && is_list_of(values.back(), open_->names.size()));
}

void PrintTuple::close_if_complete(std::vector<PrintedValue>& values)
{
    if (open_ && is_complete(values))
        close(values);
}

void PrintTuple::close(std::vector<PrintedValue>& values)
{
    if (!open_)
        return;
    const bool is_whole = is_complete(values);
    const Open tuple = *std::exchange(open_, std::nullopt);
    if (!is_whole && !tuple.is_bracketed) {
        if (std::all_of(tuple.names.begin(), tuple.names.end(), is_parameter))
            values[tuple.first].label.text.clear();
        return;
    }
    if (is_whole && values.size() - tuple.first == 1)
        split(values);
    std::string before = tuple.before;
    const std::size_t count = std::min(tuple.names.size(), values.size() - tuple.first);
    for (std::size_t i = 0; i < count; ++i) {
        PrintedLabel& label = values[tuple.first + i].label;
        label.text = tuple.names[i].text;
        label.index = tuple.names[i].index;
        label.is_reduced = tuple.names[i].is_reduced;
        label.before = before;
        append_word(before, label.text);
    }
}

} // namespace qbn
