#include "core/formula/likeness.h"

#include "core/formula/mixture.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace qbn::formula {

namespace {

/// An expression as a text in which what is alike is the same; the sign stands before it.
struct Canonical
{
    bool negative = false;
    std::string text;
};

/// Gives each text a short name, the same for the same text: what stands in several places is written once.
class ShortNames
{
public:
    std::string of(const std::string& text)
    {
        const auto number = names_.size();
        return '#' + std::to_string(names_.emplace(text, number).first->second);
    }

private:
    std::unordered_map<std::string, std::size_t> names_;
};

class Writer
{
public:
    /// Texts of writers are compared that share their short names.
    Writer(const Program& program, const Program& other, const Likeness& likeness,
           ShortNames& short_names, const std::set<std::string_view>& expanded = {})
        : program_(program)
        , other_(other)
        , likeness_(likeness)
        , short_names_(short_names)
        , expanded_(expanded)
        , names_(names_of(program))
        , written_(program.instructions().size())
    { }

    std::string of(std::string_view name) const
    {
        const Canonical canonical = expression(program_.find(name)->instruction);
        return (canonical.negative ? "-" : "") + canonical.text;
    }

    /// The shared names that it stands on. Requires: nothing was written before.
    std::set<std::string_view> used_by(std::string_view name) const
    {
        expression(program_.find(name)->instruction);
        return used_;
    }

private:
    Canonical operand(const Instruction& instruction, std::size_t slot) const
    {
        const int index = instruction.operands[slot];
        const auto name = names_.find(index);
        if (name != names_.end() && are_alike(program_, other_, name->second)
            && expanded_.count(name->second) == 0) {
            used_.insert(name->second);
            return {.text = std::string(name->second)};
        }
        return expression(index);
    }

    std::string type_text(Type type) const
    {
        return likeness_.types && is_float(type) ? std::string() : ":" + std::string(name_of(type));
    }

    Canonical expression(int index) const
    {
        std::optional<Canonical>& known = written_[static_cast<std::size_t>(index)];
        if (!known)
            known = written(index);
        return *known;
    }

    Canonical written(int index) const
    {
        const Instruction& instruction = program_.instructions()[static_cast<std::size_t>(index)];
        switch (instruction.op) {
        case Op::constant:
            return {.text = number(instruction)};
        case Op::input:
            return {.text = std::string(name_of(instruction.input)) + type_text(instruction.type)};
        case Op::convert:
            if (likeness_.types && is_float(instruction.type)
                && is_float(
                    program_.instructions()[static_cast<std::size_t>(instruction.operands[0])]
                        .type))
                return operand(instruction, 0);
            break;
        case Op::negate: {
            Canonical inner = operand(instruction, 0);
            inner.negative = !inner.negative;
            return inner;
        }
        case Op::add:
            return sum(operand(instruction, 0), operand(instruction, 1), instruction.type);
        case Op::subtract: {
            Canonical taken = operand(instruction, 1);
            taken.negative = !taken.negative;
            return sum(operand(instruction, 0), taken, instruction.type);
        }
        case Op::fma:
            if (likeness_.fused)
                return sum(
                    product(operand(instruction, 0), operand(instruction, 1), instruction.type),
                    operand(instruction, 2), instruction.type);
            break;
        case Op::multiply:
            return product(operand(instruction, 0), operand(instruction, 1), instruction.type);
        case Op::divide:
            if (likeness_.reciprocal) {
                Canonical divisor = operand(instruction, 1);
                divisor.text = "1/" + divisor.text;
                return product(operand(instruction, 0), divisor, instruction.type);
            }
            break;
        default:
            break;
        }
        std::string text
            = std::to_string(static_cast<int>(instruction.op)) + type_text(instruction.type) + "(";
        for (std::size_t slot = 0; slot < instruction.count; ++slot) {
            const Canonical inner = operand(instruction, slot);
            text += (slot == 0 ? "" : ",") + std::string(inner.negative ? "-" : "") + inner.text;
        }
        return {.text = short_names_.of(text + ")")};
    }

    std::string number(const Instruction& instruction) const
    {
        const Value& value = instruction.value;
        const double real = instruction.type == Type::f64 ? value.f64
            : is_float(instruction.type)                  ? static_cast<double>(value.f32)
            : instruction.type == Type::i32               ? value.i32
                                                          : static_cast<double>(value.i64);
        return real == 1 && likeness_.reciprocal
            ? std::string("1")
            : std::to_string(real) + type_text(instruction.type);
    }

    Canonical sum(const Canonical& a, const Canonical& b, Type type) const
    {
        const bool swapped = b.text < a.text;
        const Canonical& first = swapped ? b : a;
        const Canonical& last = swapped ? a : b;
        return {.negative = first.negative,
                .text
                = short_names_.of("(" + first.text + (first.negative == last.negative ? "+" : "-")
                                  + last.text + ")" + type_text(type))};
    }

    Canonical product(const Canonical& a, const Canonical& b, Type type) const
    {
        const bool negative = a.negative != b.negative;
        if (likeness_.reciprocal && (a.text == "1" || b.text == "1"))
            return {.negative = negative, .text = a.text == "1" ? b.text : a.text};
        const auto& [first, last] = std::minmax(a.text, b.text);
        return {.negative = negative,
                .text = short_names_.of("(" + first + "*" + last + ")" + type_text(type))};
    }

    const Program& program_;
    const Program& other_;
    Likeness likeness_;
    ShortNames& short_names_;
    std::set<std::string_view> expanded_;
    Names names_;
    mutable std::vector<std::optional<Canonical>> written_; // by instruction
    mutable std::set<std::string_view> used_;
};

} // namespace

bool same_expression(const Program& first, const Program& second, std::string_view name,
                     const Likeness& likeness)
{
    ShortNames names;
    const auto alike = [&](const std::set<std::string_view>& expanded) {
        return Writer(first, second, likeness, names, expanded).of(name)
            == Writer(second, first, likeness, names, expanded).of(name);
    };
    if (alike({}))
        return true;
    // What one of them names and the other writes out.
    const auto in_first = Writer(first, second, likeness, names).used_by(name);
    const auto in_second = Writer(second, first, likeness, names).used_by(name);
    std::set<std::string_view> expanded;
    std::set_symmetric_difference(in_first.begin(), in_first.end(), in_second.begin(),
                                  in_second.end(), std::inserter(expanded, expanded.end()));
    std::erase_if(expanded, [&](std::string_view other) {
        return Writer(first, second, {}, names).of(other)
            != Writer(second, first, {}, names).of(other);
    });
    return !expanded.empty() && alike(expanded);
}

} // namespace qbn::formula
