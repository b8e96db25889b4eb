#include "core/formula/point_formula.h"

#include "core/formula/layer_inputs.h"
#include "core/formula/mixture.h"

#include <algorithm>
#include <cstring>
#include <memory>

namespace qbn::formula {

namespace {

constexpr std::size_t lanes_at_a_time = 64;
constexpr std::size_t widest = 8; // bytes of a value

template <typename T> void put(std::byte* to, std::size_t lane, T value)
{
    std::memcpy(to + lane * sizeof value, &value, sizeof value);
}

void put(Type type, std::byte* to, std::size_t lane, const Value& value)
{
    if (type == Type::f64 || type == Type::i64)
        put(to, lane, value.i64);
    else if (type == Type::boolean)
        put(to, lane, value.boolean);
    else
        put(to, lane, value.i32);
}

Value input_at(const Instruction& instruction, const BatchNormLayer& layer, const Point& point)
{
    Value value{.i64 = 0};
    if (!is_float(instruction.type))
        value.i64 = whole_input(layer, instruction.input, point.channel, point.code);
    else if (instruction.type == Type::f64)
        value.f64 = real_input(layer, instruction.input, point.channel);
    else
        value.f32 = static_cast<float>(real_input(layer, instruction.input, point.channel));
    if (instruction.type == Type::boolean)
        value.boolean = static_cast<std::uint8_t>(value.i64);
    return value;
}

/// A constant or an input.
void fill(const Instruction& instruction, const BatchNormLayer& layer,
          std::span<const Point> points, std::byte* to)
{
    Value value = instruction.value;
    for (std::size_t lane = 0; lane < points.size(); ++lane) {
        const bool differs = lane == 0 || instruction.per_code
            || (instruction.per_channel && points[lane].channel != points[lane - 1].channel);
        if (differs && instruction.op == Op::input)
            value = input_at(instruction, layer, points[lane]);
        put(instruction.type, to, lane, value);
    }
}

} // namespace

PointFormula::PointFormula(const Program& program, std::string_view statement)
{
    const auto instructions = program.instructions();
    const int target = program.find(statement)->instruction;
    const std::vector<bool> needed = ancestors(program, target);
    std::vector<int> step_of(instructions.size());
    for (std::size_t i = 0; i <= static_cast<std::size_t>(target); ++i) {
        if (!needed[i])
            continue;
        Step step{.instruction = instructions[i]};
        Type operand = step.instruction.type;
        if (step.instruction.count > 0)
            operand = instructions[static_cast<std::size_t>(step.instruction.operands[0])].type;
        step.kernel = find_kernel(step.instruction.op, operand, step.instruction.type);
        for (std::size_t slot = 0; slot < step.instruction.count; ++slot) {
            int& index = step.instruction.operands[slot];
            index = step_of[static_cast<std::size_t>(index)];
        }
        step_of[i] = static_cast<int>(steps_.size());
        steps_.push_back(step);
    }
}

void PointFormula::run(const BatchNormLayer& layer, std::span<const Point> points,
                       std::span<double> values) const
{
    const std::size_t stride = std::min(points.size(), lanes_at_a_time) * widest;
    const auto memory = std::make_unique_for_overwrite<std::byte[]>(steps_.size() * stride);
    for (std::size_t begin = 0; begin < points.size(); begin += lanes_at_a_time) {
        const auto part = points.subspan(begin, std::min(lanes_at_a_time, points.size() - begin));
        std::byte* result = memory.get();
        for (const auto& [instruction, kernel] : steps_) {
            std::array<const void*, 4> operands{};
            for (std::size_t slot = 0; slot < instruction.count; ++slot)
                operands[slot]
                    = memory.get() + static_cast<std::size_t>(instruction.operands[slot]) * stride;
            if (kernel)
                kernel(part.size(), result, operands.data());
            else
                fill(instruction, layer, part, result);
            result += stride;
        }
        std::memcpy(values.data() + begin, result - stride, part.size() * sizeof(double));
    }
}

} // namespace qbn::formula
