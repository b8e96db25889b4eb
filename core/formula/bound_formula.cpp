#include "core/formula/bound_formula.h"

#include "core/formula/layer_inputs.h"

#include <algorithm>
#include <cstring>
#include <optional>

namespace qbn::formula {

namespace {

constexpr int least_block = 8; // channels, which take as long as one
constexpr int block_limit = 256;

/// Room for lanes of any type.
template <typename Line> std::byte* reserve(std::vector<Line>& lines, std::size_t lanes)
{
    const std::size_t count = (lanes * 8 + sizeof(Line) - 1) / sizeof(Line);
    if (lines.size() < count)
        lines.resize(count);
    return reinterpret_cast<std::byte*>(lines.data());
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
        registers_[kernels_.size()].source = kernels_.size();
        kernels_.push_back(find_kernel(instruction.op, operand, instruction.type));
    }
    if (program_->sees_all_channels())
        find_gathered();
    lay_out();
}

/// One piece of memory for all: hundreds of small ones would take as long as the computing.
void BoundFormula::lay_out()
{
    const auto instructions = program_->instructions();
    std::size_t lines = 0;
    const auto room = [&](std::size_t lanes, Type type) {
        const std::size_t first = lines;
        lines += (lanes * size_of(type) + sizeof(Line) - 1) / sizeof(Line);
        return first;
    };
    std::vector<std::size_t> values;
    std::vector<std::optional<std::size_t>> wide(instructions.size());
    for (std::size_t i = 0; i < instructions.size(); ++i) {
        const Instruction& instruction = instructions[i];
        const int channels = !instruction.per_channel ? 1
            : registers_[i].is_gathered               ? layer_.channels()
                                                      : std::min(layer_.channels(), block_limit);
        values.push_back(
            room(instruction.per_code ? code_lanes_ : static_cast<std::size_t>(channels),
                 instruction.type));
        for (std::size_t slot = 0; instruction.per_code && slot < instruction.count; ++slot) {
            const auto operand = static_cast<std::size_t>(instruction.operands[slot]);
            if (!instructions[operand].per_code && !wide[operand])
                wide[operand] = room(code_lanes_, instructions[operand].type);
        }
    }
    memory_.resize(lines);
    const auto at
        = [this](std::size_t line) { return reinterpret_cast<std::byte*>(memory_.data() + line); };
    for (std::size_t i = 0; i < instructions.size(); ++i) {
        registers_[i].values = at(values[i]);
        if (wide[i])
            registers_[i].wide = at(*wide[i]);
    }
}

/// What any() and its like look at, and what that is made of.
void BoundFormula::find_gathered()
{
    const auto instructions = program_->instructions();
    for (std::size_t i = instructions.size(); i-- > 0;) {
        const Instruction& instruction = instructions[i];
        for (std::size_t slot = 0; slot < instruction.count; ++slot) {
            const auto operand = static_cast<std::size_t>(instruction.operands[slot]);
            if (instructions[operand].per_channel
                && (instruction.op >= Op::any || registers_[i].is_gathered))
                registers_[operand].is_gathered = true;
        }
    }
}

BoundFormula::Channels BoundFormula::channels_of(std::size_t index) const
{
    if (registers_[index].is_gathered)
        return {0, layer_.channels()};
    return program_->instructions()[index].per_channel ? Channels{first_, count_} : Channels{0, 1};
}

std::size_t BoundFormula::lanes_of(std::size_t index) const
{
    return program_->instructions()[index].per_code
        ? code_lanes_
        : static_cast<std::size_t>(channels_of(index).count);
}

std::size_t BoundFormula::lane_in(std::size_t index, std::size_t code_lane) const
{
    const Instruction& instruction = program_->instructions()[index];
    if (instruction.per_code)
        return code_lane;
    return instruction.per_channel ? static_cast<std::size_t>(channel_ - channels_of(index).first)
                                   : 0;
}

void BoundFormula::set_input(std::size_t index) const
{
    const Instruction& instruction = program_->instructions()[index];
    std::byte* to = registers_[index].values;
    const std::size_t size = size_of(instruction.type);
    const Channels channels = channels_of(index);
    if (const auto* values = parameter(layer_, instruction.input)) {
        for (int i = 0; i < channels.count; ++i, to += size)
            store(instruction.type, to,
                  (*values)[static_cast<std::size_t>(std::int64_t{channels.first} + i)]);
    } else if (instruction.input == Input::x) {
        for (std::size_t i = 0; i < code_lanes_; ++i, to += size)
            store_integer(to, layer_.input.type.qmin() + static_cast<std::int64_t>(i));
    } else if (instruction.per_channel) {
        for (int i = 0; i < channels.count; ++i, to += size)
            store_integer(to, whole_input(layer_, instruction.input, channels.first + i, 0));
    } else if (instruction.type == Type::boolean) {
        *to = static_cast<std::byte>(whole_input(layer_, instruction.input, 0, 0));
    } else if (instruction.type == Type::i64) {
        store_integer(to, whole_input(layer_, instruction.input, 0, 0));
    } else {
        store(instruction.type, to, real_input(layer_, instruction.input, 0));
    }
}

/// The operand's values as the kernel wants them: as many as the result has.
const void* BoundFormula::operand(std::size_t index, std::size_t slot) const
{
    const auto instructions = program_->instructions();
    const Instruction& instruction = instructions[index];
    const auto from = registers_[static_cast<std::size_t>(instruction.operands[slot])].source;
    const Instruction& operand = instructions[from];
    Register& values = registers_[from];
    const std::size_t size = size_of(operand.type);
    if (instruction.per_code && operand.per_code)
        return values.values;
    if (!instruction.per_code && operand.per_channel == instruction.per_channel) {
        const int ahead = channels_of(index).first - channels_of(from).first;
        return values.values + static_cast<std::size_t>(ahead) * size;
    }
    const std::size_t lanes = lanes_of(index);
    const void* value = values.values + lane_in(from, 0) * size;
    if (!instruction.per_code) {
        std::byte* wide = reserve(splats_[slot], lanes);
        splat_kernel(operand.type)(lanes, wide, &value);
        return wide;
    }
    if (values.wide_in != run_ && (operand.per_channel || values.wide_in == 0)) {
        const Action action{.kernel = splat_kernel(operand.type),
                            .result = values.wide,
                            .index = from,
                            .is_splat = true};
        action.kernel(lanes, action.result, &value);
        values.wide_in = run_;
        if (plan_.is_begun && operand.per_channel)
            plan_.actions.push_back(action);
    }
    return values.wide;
}

void BoundFormula::reduce(std::size_t index) const
{
    const Instruction& instruction = program_->instructions()[index];
    const auto operand = static_cast<std::size_t>(instruction.operands[0]);
    const Instruction& of = program_->instructions()[operand];
    const std::byte* from = registers_[operand].values;
    const std::size_t size = size_of(of.type);
    const std::size_t lanes = lanes_of(operand);
    std::byte* to = registers_[index].values;
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

void BoundFormula::execute(std::size_t index) const
{
    const Instruction& instruction = program_->instructions()[index];
    const std::size_t lanes = lanes_of(index);
    std::byte* const result = registers_[index].values;
    if (instruction.op == Op::constant) {
        std::memcpy(result, &instruction.value, size_of(instruction.type));
    } else if (instruction.op == Op::input) {
        set_input(index);
    } else if (!kernels_[index]) {
        reduce(index);
    } else {
        std::array<const void*, 4> operands{};
        for (std::size_t slot = 0; slot < instruction.count; ++slot)
            operands[slot] = operand(index, slot);
        kernels_[index](lanes, result, operands.data());
        if (plan_.is_begun && instruction.per_channel)
            plan_.actions.push_back({.kernel = kernels_[index],
                                     .result = result,
                                     .operands = operands,
                                     .index = index});
    }
}

/// One side of a choice that all codes share stands for both; the other is not computed.
void BoundFormula::choose(std::size_t index) const
{
    const Instruction& instruction = program_->instructions()[index];
    const int condition = instruction.operands[0];
    const bool is_first = raw_value(condition, 0).boolean != 0;
    if (plan_.is_begun)
        plan_.choices.push_back({condition, is_first});
    const auto chosen = static_cast<std::size_t>(instruction.operands[is_first ? 1 : 2]);
    need(chosen);
    registers_[index].source = registers_[chosen].source;
}

/// The values for all codes of the channel, and before them those that they are made of.
void BoundFormula::need(std::size_t index) const
{
    const Instruction& instruction = program_->instructions()[index];
    Register& values = registers_[index];
    const bool is_done
        = values.done_in == run_ || (!instruction.per_channel && values.done_in != 0);
    if (!instruction.per_code || is_done)
        return;
    values.done_in = run_;
    const auto instructions = program_->instructions();
    if (instruction.op == Op::select
        && !instructions[static_cast<std::size_t>(instruction.operands[0])].per_code)
        return choose(index);
    for (std::size_t slot = 0; slot < instruction.count; ++slot)
        need(static_cast<std::size_t>(instruction.operands[slot]));
    execute(index);
}

/// Everything that depends on no code, for a block of channels.
void BoundFormula::prepare(int channel)
{
    if (count_ > 0 && channel >= first_ && channel < first_ + count_)
        return;
    const bool goes_on = count_ > 0 && channel == first_ + count_;
    const int ahead = goes_on ? std::min(2 * count_, block_limit) : least_block;
    const bool first_time = count_ == 0;
    first_ = channel;
    count_ = std::min(ahead, layer_.channels() - channel);
    const auto instructions = program_->instructions();
    for (std::size_t i = 0; i < instructions.size(); ++i) {
        const bool is_of_block = instructions[i].per_channel && !registers_[i].is_gathered;
        if (!instructions[i].per_code && (is_of_block || first_time))
            execute(i);
    }
}

void BoundFormula::run(int channel)
{
    if (channel == channel_)
        return;
    prepare(channel);
    channel_ = channel;
    ++run_;
    if (repeats())
        return repeat();
    plan_ = {.actions = {}, .choices = {}, .is_begun = true};
    need(static_cast<std::size_t>(program_->output()));
    plan_.is_begun = false;
}

/// Whether the last plan is that of this channel.
bool BoundFormula::repeats() const
{
    return !plan_.actions.empty()
        && std::all_of(plan_.choices.begin(), plan_.choices.end(), [this](const Choice& choice) {
               return (raw_value(choice.condition, 0).boolean != 0) == choice.is_first;
           });
}

void BoundFormula::repeat() const
{
    for (const Action& action : plan_.actions) {
        Register& values = registers_[action.index];
        if (action.is_splat) {
            const Type type = program_->instructions()[action.index].type;
            const void* value = values.values + lane_in(action.index, 0) * size_of(type);
            action.kernel(code_lanes_, action.result, &value);
            values.wide_in = run_;
        } else {
            action.kernel(code_lanes_, action.result, action.operands.data());
            values.done_in = run_;
        }
    }
}

} // namespace qbn::formula
