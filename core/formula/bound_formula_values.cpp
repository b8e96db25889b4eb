// What a run gave.
#include "core/formula/bound_formula.h"

#include <algorithm>
#include <cstring>

namespace qbn::formula {

namespace {

/// A whole number as a cast stores it into the output type: its low bits.
std::int32_t stored(CodeType type, std::int64_t whole)
{
    const auto mask = static_cast<std::uint64_t>(type.count()) - 1;
    const auto qmin = static_cast<std::uint64_t>(std::int64_t{type.qmin()});
    return type.qmin()
        + static_cast<std::int32_t>((static_cast<std::uint64_t>(whole) - qmin) & mask);
}

} // namespace

Value BoundFormula::raw_value(int instruction, std::size_t lane) const
{
    need(static_cast<std::size_t>(instruction));
    const std::size_t index = registers_[static_cast<std::size_t>(instruction)].source;
    const Instruction& of = program_->instructions()[index];
    const std::size_t size = size_of(of.type);
    Value value{.i64 = 0};
    std::memcpy(&value, registers_[index].values + lane_in(index, lane) * size, size);
    return value;
}

double BoundFormula::value(int instruction, std::size_t lane) const
{
    return as_real(program_->instructions()[static_cast<std::size_t>(instruction)].type,
                   raw_value(instruction, lane));
}

std::array<double, 256> BoundFormula::values(int instruction) const
{
    std::array<double, 256> values;
    const double first = value(instruction, 0);
    const std::size_t index = registers_[static_cast<std::size_t>(instruction)].source;
    const Instruction& of = program_->instructions()[index];
    const std::byte* const from = registers_[index].values;
    const auto copy = [&]<typename T>(T) {
        const auto* const lanes = reinterpret_cast<const T*>(from);
        std::transform(lanes, lanes + code_lanes_, values.begin(),
                       [](T lane) { return static_cast<double>(lane); });
    };
    if (!of.per_code)
        values.fill(first);
    else if (of.type == Type::f64)
        copy(double{});
    else if (of.type == Type::i64)
        copy(std::int64_t{});
    else if (of.type == Type::i32)
        copy(std::int32_t{});
    else if (of.type == Type::boolean)
        copy(std::uint8_t{});
    else
        copy(float{});
    return values;
}

std::int32_t BoundFormula::code(std::size_t lane) const
{
    const int index = program_->output();
    const Value y = raw_value(index, lane);
    const bool wide = program_->instructions()[static_cast<std::size_t>(index)].type == Type::i64;
    return stored(layer_.output.type, wide ? y.i64 : y.i32);
}

void BoundFormula::bytes(std::span<std::uint8_t> codes) const
{
    const std::size_t index = registers_[static_cast<std::size_t>(program_->output())].source;
    const Instruction& y = program_->instructions()[index];
    if (!y.per_code) {
        std::fill(codes.begin(), codes.end(), static_cast<std::uint8_t>(code(0)));
        return;
    }
    const std::int32_t qmin = layer_.output.type.qmin();
    const std::int32_t mask = layer_.output.type.count() - 1;
    const std::array<const void*, 3> operands{registers_[index].values, &qmin, &mask};
    storing_kernel(y.type)(code_lanes_, codes.data(), operands.data());
}

std::vector<std::int32_t> BoundFormula::codes() const
{
    std::array<std::uint8_t, 256> bytes{};
    this->bytes(std::span(bytes).first(code_lanes_));
    std::vector<std::int32_t> codes(code_lanes_);
    std::transform(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(code_lanes_),
                   codes.begin(),
                   [type = layer_.output.type](std::uint8_t byte) { return type.code_of(byte); });
    return codes;
}

std::vector<std::uint64_t> BoundFormula::gathered() const
{
    std::vector<std::uint64_t> bits;
    const auto instructions = program_->instructions();
    for (std::size_t i = 0; i < instructions.size(); ++i) {
        if (instructions[i].op >= Op::any)
            bits.push_back(static_cast<std::uint64_t>(raw_value(static_cast<int>(i), 0).i64));
    }
    return bits;
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
