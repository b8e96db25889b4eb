#include "core/export/listing.h"

#include "core/formula/functions.h"
#include "core/text/characters.h"

#include <algorithm>
#include <set>

namespace qbn {

using formula::Instruction;
using formula::Op;

Listing::Listing(const formula::Program& program,
                 const std::function<bool(std::string_view)>& is_reserved)
    : program_(program)
    , names_(program.instructions().size())
    , statements_(program.instructions().size(), -1)
{
    std::set<std::string, std::less<>> taken;
    const auto free_name = [&](std::string name) {
        if (is_reserved(name))
            name = "v_" + name + "_"; // neither begins nor ends as reserved names do
        while (!taken.insert(name).second)
            name += '_';
        return name;
    };
    const auto all = program.names();
    std::size_t next = 0;
    for (std::size_t k = 0; k < all.size(); ++k) {
        const auto last = static_cast<std::size_t>(all[k].instruction);
        if (last < next)
            continue; // another name of what has one
        for (; next <= last; ++next)
            statements_[next] = static_cast<int>(k);
        names_[last] = free_name(std::string(all[k].name));
    }
    int count = 0;
    for (std::size_t i = 0; i < names_.size(); ++i) {
        count = i > 0 && statements_[i] == statements_[i - 1] ? count : 0;
        if (names_[i].empty() && statements_[i] >= 0 && is_line(static_cast<int>(i))) {
            const auto of = static_cast<std::size_t>(statements_[i]);
            names_[i] = free_name(std::string(all[of].name) + '_' + std::to_string(++count));
        }
    }
}

bool Listing::is_line(int instruction) const
{
    const auto index = static_cast<std::size_t>(instruction);
    const Op op = program_.instructions()[index].op;
    return op != Op::input && (op != Op::constant || !names_[index].empty());
}

std::string Listing::statement_of(int instruction) const
{
    const int of = statements_[static_cast<std::size_t>(instruction)];
    if (of < 0)
        return {};
    const formula::Named& named = program_.names()[static_cast<std::size_t>(of)];
    return std::string(named.name) + " = " + in_one_line(named.text);
}

std::vector<int> Listing::needed(std::span<const int> targets,
                                 const std::function<bool(int)>& is_known) const
{
    const auto instructions = program_.instructions();
    std::vector<bool> wanted(instructions.size());
    for (const int target : targets)
        wanted[static_cast<std::size_t>(target)] = true;
    for (std::size_t i = instructions.size(); i-- > 0;) {
        if (!wanted[i] || (is_known && is_known(static_cast<int>(i))))
            continue;
        for (std::size_t slot = 0; slot < instructions[i].count; ++slot)
            wanted[static_cast<std::size_t>(instructions[i].operands[slot])] = true;
    }
    std::vector<int> list;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (wanted[i])
            list.push_back(static_cast<int>(i));
    }
    return list;
}

std::string_view function_name(Op op)
{
    for (const formula::Function& function : formula::all_functions()) {
        if (function.op == op)
            return function.name;
    }
    return {};
}

std::string in_one_line(std::string_view text)
{
    std::string line;
    bool in_comment = false;
    for (const char c : text) {
        in_comment = c == '#' || (in_comment && c != '\n');
        const bool is_space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (!in_comment && !is_space)
            line += c;
        else if (!line.empty() && line.back() != ' ')
            line += ' ';
    }
    while (!line.empty() && line.back() == ' ')
        line.pop_back();
    return line;
}

std::string identifier_of(std::string_view layer_name)
{
    std::string name;
    for (const char c : layer_name) {
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        name += is_letter || is_digit(c) ? c : '_';
    }
    return name.starts_with("bn") ? name : "bn_" + (name.empty() ? "layer" : name);
}

} // namespace qbn
