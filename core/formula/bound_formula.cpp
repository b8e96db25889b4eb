#include "core/formula/bound_formula.h"

#include "core/formula/layer_inputs.h"

#include <algorithm>
#include <cstring>

namespace qbn::formula {

namespace {

constexpr int block_limit = 256;

std::size_t size_of(Type type)
{
    switch (type) {
    case Type::f64:
    case Type::i64:
        return 8;
    case Type::boolean:
        return 1;
    default:
        return 4;
    }
}

template <typename T> void fill(std::byte* to, std::size_t lanes, const std::byte* from)
{
    T value;
    std::memcpy(&value, from, sizeof value);
    std::fill_n(reinterpret_cast<T*>(to), lanes, value);
}

void splat(Type type, std::byte* to, std::size_t lanes, const std::byte* from)
{
    switch (size_of(type)) {
    case 8:
        return fill<std::uint64_t>(to, lanes, from);
    case 4:
        return fill<std::uint32_t>(to, lanes, from);
    default:
        return fill<std::uint8_t>(to, lanes, from);
    }
}

/// Any number into a register of its type; those of type f32 are narrowed here.
void store(Type type, std::byte* to, double value)
{
    if (type == Type::f64) {
        std::memcpy(to, &value, sizeof value);
    } else {
        const auto narrowed = static_cast<float>(value);
        std::memcpy(to, &narrowed, sizeof narrowed);
    }
}

void store_integer(std::byte* to, std::int64_t value)
{
    std::memcpy(to, &value, sizeof value);
}

double as_real(Type type, const Value& value)
{
    switch (type) {
    case Type::f64:
        return value.f64;
    case Type::i64:
        return static_cast<double>(value.i64);
    case Type::i32:
        return value.i32;
    case Type::boolean:
        return value.boolean;
    default:
        return static_cast<double>(value.f32);
    }
}

} // namespace

BoundFormula::BoundFormula(std::shared_ptr<const Program> program, const BatchNormLayer& layer)
    : program_(std::move(program))
    , layer_(layer)
    , code_lanes_(static_cast<std::size_t>(layer.input.type.count()))
{
    const auto instructions = program_->instructions();
    registers_.resize(instructions.size());
    for (const Instruction& instruction : instructions) {
        const Type operand = instruction.count == 0
            ? instruction.type
            : instructions[static_cast<std::size_t>(instruction.operands[0])].type;
        kernels_.push_back(find_kernel(instruction.op, operand, instruction.type));
    }
}

std::size_t BoundFormula::lanes_of(const Instruction& instruction) const
{
    if (instruction.per_code)
        return code_lanes_;
    return instruction.per_channel ? static_cast<std::size_t>(count_) : 1;
}

std::size_t BoundFormula::lane_in(const Instruction& instruction, std::size_t code_lane) const
{
    if (instruction.per_code)
        return code_lane;
    return instruction.per_channel ? static_cast<std::size_t>(channel_ - first_) : 0;
}

void BoundFormula::set_input(std::size_t index)
{
    const Instruction& instruction = program_->instructions()[index];
    std::byte* to = registers_[index].data();
    const std::size_t size = size_of(instruction.type);
    if (const auto* values = parameter(layer_, instruction.input)) {
        for (int i = 0; i < count_; ++i, to += size)
            store(instruction.type, to, (*values)[static_cast<std::size_t>(first_ + i)]);
    } else if (instruction.input == Input::x) {
        for (std::size_t i = 0; i < code_lanes_; ++i, to += size)
            store_integer(to, layer_.input.type.qmin() + static_cast<std::int64_t>(i));
    } else if (instruction.per_channel) {
        for (int i = 0; i < count_; ++i, to += size)
            store_integer(to, whole_input(layer_, instruction.input, first_ + i, 0));
    } else if (instruction.input == Input::relu) {
        *to = static_cast<std::byte>(layer_.relu);
    } else if (instruction.type == Type::i64) {
        store_integer(to, whole_input(layer_, instruction.input, 0, 0));
    } else {
        store(instruction.type, to, real_input(layer_, instruction.input, 0));
    }
}

/// The operand's values as the kernel wants them: as many as the result has.
const void* BoundFormula::operand(const Instruction& instruction, std::size_t slot)
{
    const auto index = static_cast<std::size_t>(instruction.operands[slot]);
    const Instruction& operand = program_->instructions()[index];
    if (operand.per_code == instruction.per_code
        && (operand.per_channel == instruction.per_channel || instruction.per_code))
        return registers_[index].data();
    const std::size_t lanes = lanes_of(instruction);
    const std::size_t size = size_of(operand.type);
    std::vector<std::byte>& wide = splats_[slot];
    if (wide.size() < lanes * 8)
        wide.resize(lanes * 8);
    splat(operand.type, wide.data(), lanes, registers_[index].data() + lane_in(operand, 0) * size);
    return wide.data();
}

void BoundFormula::reduce(std::size_t index)
{
    const Instruction& instruction = program_->instructions()[index];
    const auto operand = static_cast<std::size_t>(instruction.operands[0]);
    const Instruction& of = program_->instructions()[operand];
    const std::byte* from = registers_[operand].data();
    const std::size_t size = size_of(of.type);
    const std::size_t lanes = lanes_of(of);
    std::byte* to = registers_[index].data();
    std::memcpy(to, from, size);
    const auto is_better = [&](const std::byte* a) {
        Value candidate{.i64 = 0};
        Value best{.i64 = 0};
        std::memcpy(&candidate, a, size);
        std::memcpy(&best, to, size);
        if (of.type == Type::i64)
            return instruction.op == Op::smallest ? candidate.i64 < best.i64
                                                  : candidate.i64 > best.i64;
        const double x = as_real(of.type, candidate);
        const double y = as_real(of.type, best);
        const bool smaller = instruction.op == Op::smallest || instruction.op == Op::all;
        return (y != y && x == x) || (smaller ? x < y : x > y);
    };
    for (std::size_t i = 1; i < lanes; ++i) {
        if (is_better(from + i * size))
            std::memcpy(to, from + i * size, size);
    }
}

void BoundFormula::execute(std::size_t index)
{
    const Instruction& instruction = program_->instructions()[index];
    const std::size_t lanes = lanes_of(instruction);
    std::vector<std::byte>& result = registers_[index];
    if (result.size() < lanes * size_of(instruction.type))
        result.resize(std::max<std::size_t>(8, lanes * size_of(instruction.type)));
    if (instruction.op == Op::constant) {
        std::memcpy(result.data(), &instruction.value, size_of(instruction.type));
    } else if (instruction.op == Op::input) {
        set_input(index);
    } else if (!kernels_[index]) {
        reduce(index);
    } else {
        std::array<const void*, 4> operands{};
        for (std::size_t slot = 0; slot < instruction.count; ++slot)
            operands[slot] = operand(instruction, slot);
        kernels_[index](lanes, result.data(), operands.data());
    }
}

/// Everything that depends on no code, for a block of channels.
void BoundFormula::prepare(int channel)
{
    if (count_ > 0 && channel >= first_ && channel < first_ + count_)
        return;
    const bool goes_on = count_ > 0 && channel == first_ + count_;
    const int ahead = goes_on ? std::min(2 * count_, block_limit) : 1;
    const bool first_time = count_ == 0;
    first_ = program_->sees_all_channels() ? 0 : channel;
    count_ = program_->sees_all_channels() ? layer_.channels()
                                           : std::min(ahead, layer_.channels() - channel);
    const auto instructions = program_->instructions();
    for (std::size_t i = 0; i < instructions.size(); ++i) {
        if (!instructions[i].per_code && (instructions[i].per_channel || first_time))
            execute(i);
    }
}

void BoundFormula::run(int channel)
{
    prepare(channel);
    channel_ = channel;
    const auto instructions = program_->instructions();
    for (std::size_t i = 0; i < instructions.size(); ++i) {
        if (instructions[i].per_code && (instructions[i].per_channel || !codes_are_ready_))
            execute(i);
    }
    codes_are_ready_ = true;
}

Value BoundFormula::raw_value(int instruction, std::size_t lane) const
{
    const auto index = static_cast<std::size_t>(instruction);
    const Instruction& of = program_->instructions()[index];
    const std::size_t size = size_of(of.type);
    Value value{.i64 = 0};
    std::memcpy(&value, registers_[index].data() + lane_in(of, lane) * size, size);
    return value;
}

double BoundFormula::value(int instruction, std::size_t lane) const
{
    return as_real(program_->instructions()[static_cast<std::size_t>(instruction)].type,
                   raw_value(instruction, lane));
}

std::int32_t BoundFormula::code(std::size_t lane) const
{
    const int index = program_->output();
    const Value y = raw_value(index, lane);
    const bool wide = program_->instructions()[static_cast<std::size_t>(index)].type == Type::i64;
    const std::int64_t whole = wide ? y.i64 : y.i32;
    const CodeType type = layer_.output.type;
    const auto mask = static_cast<std::uint64_t>(type.count()) - 1;
    const std::uint64_t low = (static_cast<std::uint64_t>(whole)
                               - static_cast<std::uint64_t>(std::int64_t{type.qmin()}))
        & mask;
    return type.qmin() + static_cast<std::int32_t>(low);
}

std::vector<std::int32_t> BoundFormula::codes() const
{
    std::vector<std::int32_t> codes(code_lanes_);
    for (std::size_t lane = 0; lane < code_lanes_; ++lane)
        codes[lane] = code(lane);
    return codes;
}

std::vector<Step> BoundFormula::steps(std::size_t lane) const
{
    std::vector<Step> steps;
    for (const Named& named : program_->names()) {
        const Type type
            = program_->instructions()[static_cast<std::size_t>(named.instruction)].type;
        steps.push_back({&named, type, value(named.instruction, lane)});
    }
    return steps;
}

} // namespace qbn::formula
