#include "core/paste/print_labels.h"
#include "core/paste/print_lexer.h"
#include "core/paste/recogniser.h"
#include "core/paste/recogniser_tools.h"

#include <algorithm>
#include <map>
#include <utility>

namespace qbn {

namespace {

/// gamma=0.8 in a line.
struct LogEntry
{
    std::string name;
    PrintedNumber number;
};

// The names and numbers of a line that is made of name=number, name: number and name number; none
// where something else stands in it.
std::vector<LogEntry> entries_of_line(const PasteText& text, std::size_t index)
{
    constexpr std::size_t longest_name = 40;
    const PlainLine& place = text.place_of_line(index);
    PrintLexer lexer(text.rest().substr(0, place.end), place.begin);
    std::vector<LogEntry> entries;
    std::string name;
    bool is_assigned = false;
    bool is_tagged = false;
    for (PrintToken token = lexer.next(); token.kind != PrintToken::Kind::end;
         token = lexer.next()) {
        if (token.kind == PrintToken::Kind::number && !name.empty()) {
            entries.push_back({.name = std::exchange(name, {}), .number = token.number});
            is_assigned = false;
        } else if (token.kind == PrintToken::Kind::word && !is_assigned) {
            if (is_tagged) // "bn: x 1"
                name.clear();
            name += (name.empty() ? "" : " ") + std::string(token.text.substr(0, longest_name));
        } else if (token.is('=') || token.is(':')) {
            is_assigned = token.is('=') && !name.empty();
            is_tagged = token.is(':');
            continue;
        } else if (token.kind == PrintToken::Kind::number || token.is('(') || token.is('[')
                   || is_assigned) {
            // "[bn] x=1": a tag
            const bool is_tag = token.is('[') && entries.empty() && name.empty();
            if (!is_tag)
                return {};
        } else {
            name.clear();
        }
        is_tagged = false;
    }
    return entries;
}

bool ends_with_channel(std::string_view name)
{
    const auto space = name.rfind(' ');
    if (space != std::string_view::npos)
        name.remove_prefix(space + 1);
    return names_channel(name) || name == "c" || name == "oc";
}

// What printf's %f prints has six digits behind the point.
bool is_of_printf(const PrintedNumber& number)
{
    return number.half_unit > 4e-7 && number.half_unit < 6e-7;
}

class LogReader
{
public:
    explicit LogReader(PasteText& text)
        : text_(text)
    { }

    void read()
    {
        for (std::size_t i = 0; i < text_.line_count(); ++i) {
            const std::vector<LogEntry> entries = entries_of_line(text_, i);
            if (entries.size() > 1 && take(entries))
                text_.claim_line(i);
        }
        read_arrows();
        for (auto& [key, numbers] : pixels_)
            add_pixels(key.first, key.second, std::move(numbers));
        for (auto& [role, channels] : parameters_)
            add_parameters(role, channels);
    }

private:
    using Numbers = std::vector<PrintedNumber>;

    bool take(const std::vector<LogEntry>& entries)
    {
        int channel = -1;
        const LogEntry* input = nullptr;
        const LogEntry* output = nullptr;
        std::vector<std::pair<PrintRole, const LogEntry*>> parameters;
        for (const LogEntry& entry : entries) {
            const PrintMeaning meaning = meaning_of({.text = entry.name});
            constexpr std::int64_t most_channels = 4096;
            if (ends_with_channel(entry.name))
                channel = static_cast<int>(
                    std::clamp<std::int64_t>(entry.number.whole(), -1, most_channels - 1));
            else if (meaning.role == PrintRole::input)
                input = &entry;
            else if (meaning.role == PrintRole::output)
                output = &entry;
            else if (is_per_channel_role(meaning.role))
                parameters.emplace_back(meaning.role, &entry);
        }
        if (input && output && parameters.empty()) {
            pixels_[{PrintRole::input, channel}].push_back(input->number);
            pixels_[{PrintRole::output, channel}].push_back(output->number);
            return true;
        }
        if (channel >= 0 && !parameters.empty() && !input && !output) {
            for (const auto& [role, entry] : parameters)
                parameters_[role].emplace(channel, entry->number);
            return true;
        }
        return take_rounded(entries);
    }

    // -128 -> -38, and "channel 1: 0 -> 13": two lines of it at least.
    void read_arrows()
    {
        std::vector<std::size_t> lines;
        for (std::size_t i = 0; i < text_.line_count(); ++i) {
            if (arrow_of(i))
                lines.push_back(i);
        }
        for (const std::size_t line : lines) {
            if (lines.size() < 2)
                return;
            const Arrow arrow = *arrow_of(line);
            pixels_[{PrintRole::input, arrow.channel}].push_back(arrow.input);
            pixels_[{PrintRole::output, arrow.channel}].push_back(arrow.output);
            text_.claim_line(line);
        }
    }

    struct Arrow
    {
        int channel = -1;
        PrintedNumber input;
        PrintedNumber output;
    };

    std::optional<Arrow> arrow_of(std::size_t index) const
    {
        const std::string_view line = text_.line(index);
        const auto at = line.find("->");
        if (at == std::string_view::npos || line.find_first_of("([") != std::string_view::npos)
            return std::nullopt;
        const PlainLine& place = text_.place_of_line(index);
        const auto before = numbers_between(text_, place.begin, place.begin + at);
        const auto behind = numbers_between(text_, place.begin + at + 2, place.end);
        std::string_view words = trimmed(line.substr(0, at));
        words = words.substr(0, words.find_first_of(" 0123456789-+."));
        const bool is_bare = words.empty() && before.size() == 1;
        const bool has_channel = ends_with_channel(words) && before.size() == 2;
        if ((!is_bare && !has_channel) || behind.size() != 1)
            return std::nullopt;
        constexpr std::int64_t most_channels = 4096;
        return Arrow{.channel = is_bare ? -1
                                        : static_cast<int>(std::clamp<std::int64_t>(
                                              before[0].whole(), -1, most_channels - 1)),
                     .input = before.back(),
                     .output = behind[0]};
    }

    // in_scale=0.023529 in_zp=-128: as a print, but rounded.
    bool take_rounded(const std::vector<LogEntry>& entries)
    {
        const bool are_known = std::all_of(entries.begin(), entries.end(), [](const LogEntry& e) {
            const PrintRole role = meaning_of({.text = e.name}).role;
            return role == PrintRole::scale || role == PrintRole::zero_point
                || role == PrintRole::eps;
        });
        const bool is_rounded = std::any_of(entries.begin(), entries.end(), [](const LogEntry& e) {
            return is_of_printf(e.number);
        });
        if (!are_known || !is_rounded)
            return false;
        PrintSide side = PrintSide::unknown;
        for (const LogEntry& entry : entries) {
            PrintMeaning meaning = meaning_of({.text = entry.name});
            // "input scale 0.5 zero point 3"
            side = meaning.side == PrintSide::unknown ? side : meaning.side;
            meaning.side = side;
            PrintedValue value = known_value(text_, meaning, entry.name, {entry.number});
            if (is_of_printf(entry.number))
                value.form = PrintedValue::Form::array;
            text_.values.push_back(std::move(value));
        }
        return true;
    }

    static bool is_per_channel_role(PrintRole role)
    {
        return role == PrintRole::mean || role == PrintRole::var || role == PrintRole::gamma
            || role == PrintRole::beta;
    }

    void add_pixels(PrintRole role, int channel, Numbers numbers)
    {
        const bool are_codes = std::all_of(numbers.begin(), numbers.end(),
                                           [](const PrintedNumber& n) { return n.is_integer; });
        PrintedValue value = known_value(text_, {.role = role, .is_code = are_codes},
                                         role == PrintRole::input ? "x" : "y", std::move(numbers));
        value.dimensions = {{.count = static_cast<std::int64_t>(value.numbers.size())}};
        if (channel >= 0)
            value.label.index = {{.first = 0}, {.first = channel}};
        text_.values.push_back(std::move(value));
    }

    void add_parameters(PrintRole role, const std::map<int, PrintedNumber>& channels)
    {
        Numbers numbers;
        for (const auto& [channel, number] : channels) {
            if (static_cast<std::size_t>(channel) != numbers.size())
                return; // a channel is not there
            numbers.push_back(number);
        }
        const bool is_rounded = std::any_of(numbers.begin(), numbers.end(), is_of_printf);
        const auto count = static_cast<std::int64_t>(numbers.size());
        PrintedValue value
            = known_value(text_, {.role = role}, "a line a channel", std::move(numbers));
        value.dimensions = {{.count = count}};
        value.form = is_rounded ? PrintedValue::Form::array : PrintedValue::Form::list;
        text_.values.push_back(std::move(value));
    }

    PasteText& text_;
    std::map<std::pair<PrintRole, int>, Numbers> pixels_; // by role and channel, -1 where none
    std::map<PrintRole, std::map<int, PrintedNumber>> parameters_; // by channel
};

} // namespace

void read_pair_lines(PasteText& text)
{
    LogReader(text).read();
}

} // namespace qbn
