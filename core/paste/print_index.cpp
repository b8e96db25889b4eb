#include "core/paste/print_index.h"

#include <algorithm>
#include <array>

namespace qbn {

namespace {

using Kind = PrintToken::Kind;

constexpr int most_tokens = 24;
constexpr int largest_index = 1 << 30;

// One entry, from its tokens: 0, :, 1:3, ::2, ..., i + 1
std::optional<PrintedIndex> entry_of(const std::vector<PrintToken>& tokens)
{
    if (tokens.size() == 1 && tokens.front().kind == Kind::ellipsis)
        return PrintedIndex{.kind = PrintedIndex::Kind::rest};
    std::array<int, 3> parts{0, 0, 1};
    std::size_t part = 0;
    bool is_unclear = tokens.empty();
    for (const PrintToken& token : tokens) {
        if (token.kind == Kind::number && !token.number.is_integer)
            return std::nullopt;
        if (token.is(':'))
            is_unclear = is_unclear || ++part == parts.size();
        else if (token.kind == Kind::number)
            parts[part] = static_cast<int>(
                std::clamp<std::int64_t>(token.number.whole(), -largest_index, largest_index));
        else
            is_unclear = true;
        if (is_unclear)
            return PrintedIndex{.kind = PrintedIndex::Kind::unclear};
    }
    if (part == 0)
        return tokens.size() == 1 ? std::optional(PrintedIndex{.first = parts[0]}) : std::nullopt;
    return PrintedIndex{.first = parts[0], .kind = PrintedIndex::Kind::range, .step = parts[2]};
}

} // namespace

std::optional<PrintedBrackets> read_brackets(PrintLexer& lexer)
{
    PrintLexer ahead = lexer;
    ahead.next();
    PrintedBrackets found;
    std::vector<PrintToken> entry;
    bool adds_dimension = false;
    int depth = 1;
    for (int i = 0; i < most_tokens; ++i) {
        const PrintToken token = ahead.next();
        depth += token.is('[') || token.is('(') ? 1 : token.is(']') || token.is(')') ? -1 : 0;
        if (token.kind == Kind::end || token.kind == Kind::line_end)
            return std::nullopt;
        adds_dimension = adds_dimension || token.text == "None" || token.text.ends_with("newaxis");
        if (depth > 0 && (depth > 1 || !token.is(','))) {
            if (token.kind == Kind::text)
                found.keys.push_back(token);
            else
                entry.push_back(token);
            continue;
        }
        if (!entry.empty()) {
            const auto index = entry_of(entry);
            if (!index)
                return std::nullopt;
            found.index.push_back(*index);
            entry.clear();
        }
        if (depth > 0)
            continue;
        if (adds_dimension)
            found.index = {{.kind = PrintedIndex::Kind::unclear}};
        if (found.index.empty() && found.keys.empty())
            return std::nullopt;
        lexer = ahead;
        return found;
    }
    return std::nullopt;
}

void append_index(std::vector<PrintedIndex>& index, const std::vector<PrintedIndex>& next)
{
    using enum PrintedIndex::Kind;
    const auto is_simple = [](const PrintedIndex& one) {
        return one.kind == PrintedIndex::Kind::one
            || (one.kind == range && one.first == 0 && one.step == 1);
    };
    if (index.empty()) {
        index = next;
        return;
    }
    if (!std::all_of(index.begin(), index.end(), is_simple)) {
        index = {{.kind = unclear}};
        return;
    }
    std::size_t at = 0;
    for (const PrintedIndex& entry : next) {
        while (at < index.size() && index[at].kind != range)
            ++at;
        if (at < index.size())
            index[at] = entry;
        else
            index.push_back(entry);
        ++at;
    }
}

} // namespace qbn
