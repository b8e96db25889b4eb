#include "core/formula/mixture.h"

#include <algorithm>
#include <array>

namespace qbn::formula {

namespace {

const Instruction& at(const Program& program, int index)
{
    return program.instructions()[static_cast<std::size_t>(index)];
}

Type type_of(const Program& program, std::string_view name)
{
    return at(program, program.find(name)->instruction).type;
}

} // namespace

Names names_of(const Program& program)
{
    Names names;
    for (const Named& named : program.names()) {
        if (at(program, named.instruction).op != Op::input)
            names.emplace(named.instruction, named.name);
    }
    return names;
}

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

} // namespace qbn::formula
