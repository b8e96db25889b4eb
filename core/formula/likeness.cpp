#include "core/formula/likeness.h"

#include "core/formula/mixture.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
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

/// One of two formulas.
struct Side
{
    Side(const Program& of, const Program& other)
        : program(of)
        , shared(of.instructions().size())
    {
        for (const auto& [index, name] : names_of(of)) {
            if (are_alike(of, other, name))
                shared[static_cast<std::size_t>(index)] = name;
        }
    }

    const Program& program;
    std::vector<std::string_view>
        shared; ///< by instruction: its name, where the other has one like it
};

/// The shared names that a name stands on.
std::set<std::string_view> used_by(const Side& side, std::string_view name)
{
    std::set<std::string_view> used;
    std::vector<bool> seen(side.shared.size());
    const auto walk = [&](const auto& self, int index) -> void {
        const Instruction& instruction
            = side.program.instructions()[static_cast<std::size_t>(index)];
        for (std::size_t slot = 0; slot < instruction.count; ++slot) {
            const auto operand = static_cast<std::size_t>(instruction.operands[slot]);
            if (seen[operand])
                continue;
            seen[operand] = true;
            if (!side.shared[operand].empty())
                used.insert(side.shared[operand]);
            else
                self(self, instruction.operands[slot]);
        }
    };
    walk(walk, side.program.find(name)->instruction);
    return used;
}

class Writer
{
public:
    /// Texts of writers are compared that share their short names.
    Writer(const Side& side, const Likeness& likeness, ShortNames& short_names,
           std::set<std::string_view> expanded = {})
        : side_(side)
        , program_(side.program)
        , likeness_(likeness)
        , short_names_(short_names)
        , expanded_(std::move(expanded))
        , written_(program_.instructions().size())
    { }

    std::string of(std::string_view name) const
    {
        const Canonical canonical = expression(program_.find(name)->instruction);
        return (canonical.negative ? "-" : "") + canonical.text;
    }

private:
    Canonical operand(const Instruction& instruction, std::size_t slot) const
    {
        const int index = instruction.operands[slot];
        const std::string_view name = side_.shared[static_cast<std::size_t>(index)];
        if (!name.empty() && expanded_.count(name) == 0)
            return {.text = std::string(name)};
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

    const Side& side_;
    const Program& program_;
    Likeness likeness_;
    ShortNames& short_names_;
    std::set<std::string_view> expanded_;
    mutable std::vector<std::optional<Canonical>> written_; // by instruction
};

} // namespace

class Likenesses::Sides
{
public:
    Sides(const Program& first, const Program& second)
        : sides_{Side(first, second), Side(second, first)}
    { }

    bool same(std::string_view name, const Likeness& likeness)
    {
        if (are_same(name, likeness))
            return true;
        const auto& expanded = expanded_of(name);
        return !expanded.empty()
            && Writer(sides_[0], likeness, names_, expanded).of(name)
            == Writer(sides_[1], likeness, names_, expanded).of(name);
    }

private:
    /// What one of them names and the other writes out.
    const std::set<std::string_view>& expanded_of(std::string_view name)
    {
        const auto [found, is_new] = expanded_.try_emplace(name);
        if (!is_new)
            return found->second;
        const auto in_first = used_by(sides_[0], name);
        const auto in_second = used_by(sides_[1], name);
        std::set<std::string_view>& expanded = found->second;
        std::set_symmetric_difference(in_first.begin(), in_first.end(), in_second.begin(),
                                      in_second.end(), std::inserter(expanded, expanded.end()));
        std::erase_if(expanded, [this](std::string_view other) { return !are_same(other, {}); });
        return expanded;
    }

    bool are_same(std::string_view name, const Likeness& likeness)
    {
        const std::size_t kind = (likeness.fused ? 1U : 0U) + (likeness.reciprocal ? 2U : 0U)
            + (likeness.types ? 4U : 0U);
        const auto written = [&](std::size_t side) {
            std::optional<Writer>& writer = writers_[side][kind];
            if (!writer)
                writer.emplace(sides_[side], likeness, names_);
            return writer->of(name);
        };
        return written(0) == written(1);
    }

    std::array<Side, 2> sides_;
    ShortNames names_;
    std::map<std::string_view, std::set<std::string_view>> expanded_;
    std::array<std::array<std::optional<Writer>, 8>, 2> writers_; ///< of each likeness
};

Likenesses::Likenesses(const Program& first, const Program& second)
    : sides_(std::make_unique<Sides>(first, second))
{ }

Likenesses::~Likenesses() = default;

bool Likenesses::same(std::string_view name, const Likeness& likeness)
{
    return sides_->same(name, likeness);
}

} // namespace qbn::formula
