#include "core/paste/module_paths.h"

#include "core/paste/print_tuple.h"

#include <algorithm>
#include <utility>

namespace qbn {

namespace {

constexpr std::size_t longest_path = 200;
constexpr std::size_t most_parentheses = 64;

} // namespace

void ModulePaths::open(PrintLexer& lexer)
{
    using Kind = PrintToken::Kind;
    PrintLexer ahead = lexer;
    const PrintToken name = ahead.next();
    const bool is_name = name.kind == Kind::word || name.kind == Kind::number;
    const std::string outer = open_.empty() ? std::string() : open_.back();
    if (is_name && ahead.next().is(')') && ahead.next().is(':')) {
        lexer = ahead;
        pending_ = outer.empty() ? outer : outer + '.';
        pending_.append(name.text.substr(0, longest_label));
        pending_.resize(std::min(pending_.size(), longest_path));
        return;
    }
    std::string path = pending_.empty() ? outer : take();
    if (open_.size() < most_parentheses)
        open_.push_back(std::move(path));
}

void ModulePaths::close()
{
    if (!open_.empty())
        open_.pop_back();
}

std::string ModulePaths::take()
{
    return std::exchange(pending_, {});
}

} // namespace qbn
