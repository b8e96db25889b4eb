#include "core/formula/trial.h"

#include "core/formula/layer_inputs.h"

#include "core/formula/float16.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace qbn::formula {

namespace {

using Real = long double;

bool rounds(const Instruction& instruction, Type operand)
{
    switch (instruction.op) {
    case Op::add:
    case Op::subtract:
    case Op::multiply:
    case Op::divide:
    case Op::fma:
    case Op::sqrt:
        return is_float(instruction.type);
    case Op::convert:
        return is_float(instruction.type) && operand != Type::boolean
            && instruction.type != operand;
    case Op::input:
        return instruction.type == Type::f32;
    default:
        return false;
    }
}

Real rounded_to(Type type, Real value)
{
    switch (type) {
    case Type::f64:
        return static_cast<double>(value);
    case Type::f32:
        return static_cast<float>(value);
    case Type::f16:
        return round_to_f16(static_cast<double>(value));
    case Type::bf16:
        return round_to_bf16(static_cast<double>(value));
    default:
        return value;
    }
}

Value value_of(Type type, Real real, std::int64_t whole)
{
    Value value{.i64 = 0};
    if (type == Type::f64)
        value.f64 = static_cast<double>(real);
    else if (is_float(type))
        value.f32 = static_cast<float>(real);
    else if (type == Type::i64)
        value.i64 = whole;
    else if (type == Type::i32)
        value.i32 = static_cast<std::int32_t>(whole);
    else
        value.boolean = static_cast<std::uint8_t>(whole);
    return value;
}

/// Half up, of the exact fraction.
Real round_up(Real value)
{
    const Real whole = std::floor(value);
    return whole + (value - whole >= 0.5L ? 1 : 0);
}

std::int64_t to_integer(Real value, int bits)
{
    const Real rounded = std::nearbyint(value);
    const Real end = std::ldexp(Real(1), bits - 1);
    if (rounded >= -end && rounded < end)
        return static_cast<std::int64_t>(rounded);
    return bits == 32 ? std::numeric_limits<std::int32_t>::min()
                      : std::numeric_limits<std::int64_t>::min();
}

} // namespace

Trial::Trial(const BoundFormula& bound, const BatchNormLayer& layer, int channel, std::size_t lane)
    : bound_(bound)
    , layer_(layer)
    , channel_(channel)
    , lane_(lane)
{
    const auto instructions = bound.program().instructions();
    for (std::size_t i = 0; i < instructions.size(); ++i) {
        const Type operand = instructions[i].count == 0
            ? Type::f64
            : instructions[static_cast<std::size_t>(instructions[i].operands[0])].type;
        if (rounds(instructions[i], operand))
            roundings_.push_back(static_cast<int>(i));
    }
}

std::string Trial::name_of(int instruction) const
{
    const auto names = bound_.program().names();
    const Instruction& of = bound_.program().instructions()[static_cast<std::size_t>(instruction)];
    if (of.op == Op::input)
        return std::string(formula::name_of(of.input));
    const auto statement
        = std::find_if(names.begin(), names.end(), [instruction](const Named& named) {
              return named.instruction == instruction;
          });
    return std::string(statement == names.end() ? of.text : statement->name);
}

Trial::Number Trial::known(int index) const
{
    const Type type = bound_.program().instructions()[static_cast<std::size_t>(index)].type;
    const Value value = bound_.raw_value(index, lane_);
    switch (type) {
    case Type::f64:
        return {.real = value.f64};
    case Type::i64:
        return {.real = static_cast<Real>(value.i64), .whole = value.i64};
    case Type::i32:
        return {.real = static_cast<Real>(value.i32), .whole = value.i32};
    case Type::boolean:
        return {.real = static_cast<Real>(value.boolean), .whole = value.boolean};
    default:
        return {.real = value.f32};
    }
}

void Trial::compute_real(const Instruction& instruction, Number& result) const
{
    const Real a = operand(instruction, 0).real;
    const Real b = instruction.count > 1 ? operand(instruction, 1).real : 0;
    const Real c = instruction.count > 2 ? operand(instruction, 2).real : 0;
    switch (instruction.op) {
    case Op::add:
        result.real = a + b;
        break;
    case Op::subtract:
        result.real = a - b;
        break;
    case Op::multiply:
        result.real = a * b;
        break;
    case Op::divide:
        result.real = a / b;
        break;
    case Op::negate:
        result.real = -a;
        break;
    case Op::fma:
        result.real = a * b + c;
        break;
    case Op::sqrt:
        result.real = std::sqrt(a);
        break;
    case Op::abs:
        result.real = std::abs(a);
        break;
    case Op::min:
        result.real = a < b ? a : b;
        break;
    case Op::max:
        result.real = a > b ? a : b;
        break;
    case Op::clamp: {
        const Real raised = a > b ? a : b;
        result.real = raised < c ? raised : c;
        break;
    }
    case Op::floor:
        result.real = std::floor(a);
        break;
    case Op::ceil:
        result.real = std::ceil(a);
        break;
    case Op::trunc:
        result.real = std::trunc(a);
        break;
    case Op::rint:
        result.real = std::nearbyint(a);
        break;
    case Op::round_away:
        result.real = std::round(a);
        break;
    case Op::round_up:
        result.real = round_up(a);
        break;
    default:
        result.real = a; // a conversion of a float
        break;
    }
}

/// What makes a whole number or a bool of a float, which may not have been rounded to its type.
bool Trial::compute_from_real(const Instruction& instruction, Number& result) const
{
    const Number& a = operand(instruction, 0);
    const Real b = instruction.count > 1 ? operand(instruction, 1).real : 0;
    switch (instruction.op) {
    case Op::less:
        result.whole = a.real < b;
        return true;
    case Op::less_equal:
        result.whole = a.real <= b;
        return true;
    case Op::equal:
        result.whole = a.real == b;
        return true;
    case Op::not_equal:
        result.whole = a.real != b;
        return true;
    case Op::is_nan:
        result.whole = std::isnan(a.real);
        return true;
    case Op::to_int32_x86:
        result.whole = to_integer(a.real, 32);
        return true;
    case Op::to_int64_x86:
        result.whole = to_integer(a.real, 64);
        return true;
    case Op::to_code: {
        const std::int64_t qmin = operand(instruction, 2).whole;
        const std::int64_t qmax = operand(instruction, 3).whole;
        const Real near = std::clamp(a.real, -0x1p40L, 0x1p40L);
        result.whole = std::isnan(a.real)
            ? qmin
            : std::clamp(operand(instruction, 1).whole + to_integer(near, 64), qmin, qmax);
        return true;
    }
    default:
        return false; // rounded to their type first, which changes no exponent but at its edge
    }
}

/// By the kernel of the formula itself, for one lane.
void Trial::compute_whole(const Instruction& instruction, Number& result) const
{
    const auto instructions = bound_.program().instructions();
    std::array<Value, 4> values{};
    std::array<const void*, 4> pointers{};
    Type first = Type::i64;
    for (std::size_t slot = 0; slot < instruction.count; ++slot) {
        const Number& number = operand(instruction, slot);
        const Type type = instructions[static_cast<std::size_t>(instruction.operands[slot])].type;
        first = slot == 0 ? type : first;
        values[slot] = value_of(type, number.real, number.whole);
        pointers[slot] = &values[slot];
    }
    Value value{.i64 = 0};
    find_kernel(instruction.op, first, instruction.type)(1, &value, pointers.data());
    result.whole = instruction.type == Type::i64 ? value.i64
        : instruction.type == Type::i32          ? value.i32
                                                 : value.boolean;
}

Trial::Number Trial::computed(const Instruction& instruction, bool exactly) const
{
    Number result{.changed = true};
    if (instruction.op == Op::select) {
        result = operand(instruction, operand(instruction, 0).whole != 0 ? 1 : 2);
        result.changed = true;
        return result;
    }
    if (is_float(instruction.type)) {
        compute_real(instruction, result);
        if (!exactly)
            result.real = rounded_to(instruction.type, result.real);
    } else {
        if (!compute_from_real(instruction, result))
            compute_whole(instruction, result);
        result.real = static_cast<Real>(result.whole);
    }
    return result;
}

std::int32_t Trial::code_without(std::span<const int> left_out)
{
    const auto instructions = bound_.program().instructions();
    numbers_.clear();
    for (int i = 0; i < static_cast<int>(instructions.size()); ++i) {
        const Instruction& instruction = instructions[static_cast<std::size_t>(i)];
        const bool exactly = std::find(left_out.begin(), left_out.end(), i) != left_out.end();
        bool changed = exactly;
        for (std::size_t slot = 0; slot < instruction.count; ++slot)
            changed = changed || operand(instruction, slot).changed;
        const bool gathered = instruction.op >= Op::any;
        if (!changed || gathered)
            numbers_.push_back(known(i));
        else if (instruction.op == Op::input)
            numbers_.push_back({.real = real_input(layer_, instruction.input, channel_)});
        else
            numbers_.push_back(computed(instruction, exactly));
        numbers_.back().changed = changed && !gathered;
    }
    const CodeType type = layer_.output.type;
    const std::int64_t y = numbers_[static_cast<std::size_t>(bound_.program().output())].whole;
    const std::int64_t low = (y - type.qmin()) & (type.count() - 1);
    return static_cast<std::int32_t>(type.qmin() + low);
}

} // namespace qbn::formula
