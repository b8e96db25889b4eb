#include "core/formula/mixture.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

namespace qbn::formula {

namespace {

using Names = std::map<int, std::string_view>;

/// The first name of each instruction; a parameter is known by its own.
Names names_of(const Program& program)
{
    Names names;
    for (const Named& named : program.names()) {
        if (program.instructions()[static_cast<std::size_t>(named.instruction)].op != Op::input)
            names.emplace(named.instruction, named.name);
    }
    return names;
}

const Instruction& at(const Program& program, int index)
{
    return program.instructions()[static_cast<std::size_t>(index)];
}

Type type_of(const Program& program, std::string_view name)
{
    return at(program, program.find(name)->instruction).type;
}

} // namespace

bool are_alike(const Program& first, const Program& second, std::string_view name)
{
    if (!first.find(name) || !second.find(name))
        return false;
    const Type a = type_of(first, name);
    const Type b = type_of(second, name);
    return a == b || (is_float(a) && is_float(b)) || name == "y";
}

std::vector<bool> ancestors_of_output(const Program& program)
{
    return ancestors(program, program.output());
}

std::vector<bool> ancestors(const Program& program, int of)
{
    std::vector<bool> needed(program.instructions().size());
    needed[static_cast<std::size_t>(of)] = true;
    for (std::size_t i = needed.size(); i-- > 0;) {
        const Instruction& instruction = program.instructions()[i];
        for (std::size_t slot = 0; needed[i] && slot < instruction.count; ++slot)
            needed[static_cast<std::size_t>(instruction.operands[slot])] = true;
    }
    return needed;
}

std::shared_ptr<const Program> gathered(const BoundFormula& bound)
{
    auto result = std::make_shared<Program>(bound.program());
    for (std::size_t i = 0; i < result->instructions_.size(); ++i) {
        Instruction& instruction = result->instructions_[i];
        if (instruction.op < Op::any)
            continue;
        instruction.value = bound.raw_value(static_cast<int>(i), 0);
        instruction.op = Op::constant;
        instruction.count = 0;
    }
    result->sees_all_channels_ = false;
    return result;
}

/// Copies instructions of two programs into one, from the last word back.
class Mixer
{
public:
    Mixer(const std::shared_ptr<const Program>& first, const std::shared_ptr<const Program>& second,
          std::span<const Exchange> exchanges, const std::set<std::string_view>& distinct)
        : sides_{first.get(), second ? second.get() : first.get()}
        , exchanges_(exchanges)
        , distinct_(distinct)
        , result_(std::make_shared<Program>())
    {
        result_->text_ = first->text_;
        result_->kept_ = {first, second};
        for (std::size_t side = 0; side < 2; ++side) {
            names_[side] = names_of(*sides_[side]);
            done_[side].assign(sides_[side]->instructions().size(), unknown);
        }
    }

    std::shared_ptr<const Program> run()
    {
        for (const Named& named : sides_[0]->names()) {
            Named copy = named;
            copy.instruction = operand(0, named.instruction);
            result_->names_.push_back(copy);
        }
        result_->output_ = result_->find("y")->instruction;
        return fails_ ? nullptr : result_;
    }

private:
    static constexpr int unknown = -1;
    static constexpr int in_work = -2;

    const Exchange* exchange(Exchange::Kind kind, std::string_view name = {}) const
    {
        const auto found
            = std::find_if(exchanges_.begin(), exchanges_.end(), [&](const Exchange& other) {
                  return other.kind == kind && other.name == name;
              });
        return found == exchanges_.end() ? nullptr : &*found;
    }

    int push(Instruction instruction)
    {
        const bool gathers = instruction.op >= Op::any;
        for (std::size_t slot = 0; slot < instruction.count; ++slot) {
            const Instruction& operand = at(*result_, instruction.operands[slot]);
            instruction.per_channel = instruction.per_channel || operand.per_channel;
            instruction.per_code = instruction.per_code || operand.per_code;
        }
        if (gathers) {
            instruction.per_channel = false;
            result_->sees_all_channels_ = true;
        }
        result_->instructions_.push_back(instruction);
        return static_cast<int>(result_->instructions_.size()) - 1;
    }

    int pushed(Op op, Type type, std::initializer_list<int> operands)
    {
        Instruction instruction{
            .op = op, .type = type, .count = static_cast<std::uint8_t>(operands.size())};
        std::copy(operands.begin(), operands.end(), instruction.operands.begin());
        return push(instruction);
    }

    /// The value that an instruction of a side stands for.
    int operand(std::size_t side, int index)
    {
        const auto found = names_[side].find(index);
        if (found == names_[side].end())
            return emit(side, index);
        const std::string_view name = found->second;
        const Type type = at(*sides_[side], index).type;
        if (const Exchange* constant = exchange(Exchange::Kind::value, name))
            return number(type, constant->value);
        const bool is_shared
            = are_alike(*sides_[0], *sides_[1], name) && distinct_.count(name) == 0;
        const std::size_t from = !is_shared             ? side
            : exchange(Exchange::Kind::statement, name) ? 1U
                                                        : 0U;
        const int definition = sides_[from]->find(name)->instruction;
        const Type own = at(*sides_[from], definition).type;
        int result = emit(from, definition);
        if (own != type && is_float(own))
            result = pushed(Op::convert, type, {result});
        if (exchange(Exchange::Kind::flip, name))
            result = pushed(Op::logical_not, Type::boolean, {result});
        return result;
    }

    int number(Type type, double value)
    {
        Instruction instruction{.op = Op::constant, .type = type};
        if (type == Type::f64)
            instruction.value.f64 = value;
        else if (type == Type::i64)
            instruction.value.i64 = static_cast<std::int64_t>(value);
        else if (type == Type::i32)
            instruction.value.i32 = static_cast<std::int32_t>(value);
        else
            instruction.value.f32 = static_cast<float>(value);
        return push(instruction);
    }

    int emit(std::size_t side, int index)
    {
        int& known = done_[side][static_cast<std::size_t>(index)];
        if (known >= 0)
            return known;
        fails_ = fails_ || known == in_work;
        if (fails_)
            return 0;
        known = in_work;
        const int result = copied(side, index);
        known = result;
        return result;
    }

    int copied(std::size_t side, int index)
    {
        Instruction instruction = at(*sides_[side], index);
        const bool eligible = instruction.per_code && is_float(instruction.type);
        if (eligible && instruction.op == Op::add && exchange(Exchange::Kind::fuse)) {
            for (const std::size_t slot : {std::size_t{0}, std::size_t{1}}) {
                const Instruction& product = at(*sides_[side], instruction.operands[slot]);
                if (product.op != Op::multiply || !product.per_code)
                    continue;
                const int a = operand(side, product.operands[0]);
                const int b = operand(side, product.operands[1]);
                const int c = operand(side, instruction.operands[1 - slot]);
                return fails_ ? 0 : pushed(Op::fma, instruction.type, {a, b, c});
            }
        }
        for (std::size_t slot = 0; slot < instruction.count; ++slot)
            instruction.operands[slot] = operand(side, instruction.operands[slot]);
        if (fails_)
            return 0;
        if (eligible && instruction.op == Op::fma && exchange(Exchange::Kind::unfuse)) {
            const int product = pushed(Op::multiply, instruction.type,
                                       {instruction.operands[0], instruction.operands[1]});
            return pushed(Op::add, instruction.type, {product, instruction.operands[2]});
        }
        if (instruction.count > 0)
            instruction.per_channel = instruction.per_code = false; // as its operands are here
        return push(instruction);
    }

    std::array<const Program*, 2> sides_;
    std::span<const Exchange> exchanges_;
    const std::set<std::string_view>& distinct_;
    std::shared_ptr<Program> result_;
    std::array<Names, 2> names_;
    std::array<std::vector<int>, 2> done_;
    bool fails_ = false;
};

std::shared_ptr<const Program> mixed(const std::shared_ptr<const Program>& first,
                                     const std::shared_ptr<const Program>& second,
                                     std::span<const Exchange> exchanges,
                                     const std::set<std::string_view>& distinct)
{
    return Mixer(first, second, exchanges, distinct).run();
}

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
        const Instruction& instruction = at(program_, index);
        switch (instruction.op) {
        case Op::constant:
            return {.text = number(instruction)};
        case Op::input:
            return {.text = std::string(name_of(instruction.input)) + type_text(instruction.type)};
        case Op::convert:
            if (likeness_.types && is_float(instruction.type)
                && is_float(at(program_, instruction.operands[0]).type))
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
