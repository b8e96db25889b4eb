#include "core/formula/error_bound.h"

#include "core/formula/layer_inputs.h"
#include "core/formula/mixture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace qbn::formula {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// A computed value and how far it may lie from the real one.
struct Number
{
    double value = 0;
    double error = 0;
};

/// Half a unit in the last place of a result, or of the smallest number.
double rounding_of(Type type, double value)
{
    switch (type) {
    case Type::f64:
        return std::max(0x1p-53 * std::abs(value), 5e-324);
    case Type::f32:
        return std::max(0x1p-24 * std::abs(value), 0x1p-150);
    case Type::f16:
        return std::max(0x1p-11 * std::abs(value), 0x1p-25);
    case Type::bf16:
        return std::max(0x1p-8 * std::abs(value), 0x1p-134);
    default:
        return 0;
    }
}

double product_error(Number a, Number b)
{
    return std::abs(a.value) * b.error + std::abs(b.value) * a.error + a.error * b.error;
}

/// A float rounds once; what an integer is off, by wrapping or by a rounding of its own, is seen.
double off(Type type, double value, double exact)
{
    return is_float(type) ? rounding_of(type, value) : std::abs(value - exact);
}

double quotient_error(Type type, double value, Number a, Number b)
{
    const double least = std::abs(b.value) - b.error;
    if (!(least > 0))
        return infinity;
    // |a / b| is at most a rounding more than |value|.
    const double quotient = std::abs(value) + rounding_of(type, value);
    return (a.error + quotient * b.error) / least + off(type, value, a.value / b.value);
}

double root_error(Type type, double value, Number a)
{
    const double rounding = rounding_of(type, value);
    if (a.error == 0)
        return rounding;
    return value > rounding ? a.error / (value - rounding) + rounding : infinity;
}

bool makes_whole(Op op)
{
    return (op >= Op::floor && op <= Op::round_up) || op == Op::to_int32_x86
        || op == Op::to_int64_x86;
}

bool shifts_right(Op op)
{
    return op == Op::shift_right || op == Op::shift_round_half_up || op == Op::divide_by_pot_round;
}

/// Of one result; operands in the order of the instruction.
double error_of(const Instruction& instruction, double value, const std::array<Number, 4>& of)
{
    const auto& [a, b, c, d] = of;
    const Type type = instruction.type;
    const double shift
        = b.error == 0 ? std::exp2(b.value) : std::nan(""); // of a known number of bits only
    if (makes_whole(instruction.op))
        return a.error + std::abs(value - a.value);
    if (shifts_right(instruction.op))
        return a.error / shift + std::abs(value - a.value / shift);
    switch (instruction.op) {
    case Op::add:
        return a.error + b.error + off(type, value, a.value + b.value);
    case Op::subtract:
        return a.error + b.error + off(type, value, a.value - b.value);
    case Op::multiply:
        return product_error(a, b) + off(type, value, a.value * b.value);
    case Op::fma:
        return product_error(a, b) + c.error + rounding_of(type, value);
    case Op::divide:
        return quotient_error(type, value, a, b);
    case Op::sqrt:
        return root_error(type, value, a);
    case Op::negate:
    case Op::abs:
        return a.error;
    case Op::min:
    case Op::max:
        return std::max(a.error, b.error);
    case Op::clamp:
        return std::max({a.error, b.error, c.error});
    case Op::select:
        return a.value != 0 ? b.error : c.error;
    case Op::convert:
    case Op::saturate_int32:
        return a.error + std::abs(value - a.value);
    case Op::shift_left:
        return a.error * shift + std::abs(value - a.value * shift);
    case Op::high_mul_round:
        return product_error(a, b) * 0x1p-31 + std::abs(value - a.value * b.value * 0x1p-31);
    case Op::quantized_multiplier: {
        int exponent = 0;
        (void)std::frexp(a.value, &exponent);
        const double scale = std::exp2(31 - exponent);
        return a.error * scale + std::abs(value - a.value * scale);
    }
    case Op::to_code:
        return a.error + std::abs(value - std::clamp(a.value + b.value, c.value, d.value));
    case Op::wrap_code:
        return a.error + std::abs(value - a.value);
    case Op::mod:
    case Op::smallest:
    case Op::largest:
        return infinity;
    default:
        return 0; // comparisons and what counts bits: taken as they are
    }
}

class Analysis
{
public:
    Analysis(const BoundFormula& bound, const BatchNormLayer& layer, int channel)
        : bound_(bound)
        , layer_(layer)
        , channel_(channel)
        , lanes_(static_cast<std::size_t>(layer.input.type.count()))
        , numbers_(bound.program().instructions().size())
        , is_whole_(numbers_.size())
        , is_decided_before_(numbers_.size())
    {
        const std::vector<bool> needed = ancestors_of_output(bound.program());
        for (std::size_t i = 0; i < numbers_.size(); ++i)
            is_whole_[i] = needed[i] && whole(at(i));
        mark_decided(static_cast<std::size_t>(bound_.program().output()));
        for (std::size_t i = 0; i < numbers_.size(); ++i) {
            if (needed[i])
                analyse(i);
        }
    }

    std::vector<double> run()
    {
        visit(static_cast<std::size_t>(bound_.program().output()));
        if (!is_decided_)
            bounds_.assign(lanes_, infinity);
        const auto output = static_cast<std::size_t>(bound_.program().output());
        for (std::size_t lane = 0; lane < lanes_; ++lane) {
            double& bound = bounds_[lane];
            bound = bound * 1.0001 + 1e-300; // for the roundings of the bound itself
            // What comes after the last rounding is exact, unless a sum wrapped, which moves it by far more.
            if (!(number(output, lane).error < 0.75 + 2 * bound))
                bound = infinity;
        }
        return bounds_;
    }

private:
    const Instruction& at(std::size_t index) const
    {
        return bound_.program().instructions()[index];
    }
    static std::size_t operand(const Instruction& instruction, std::size_t slot)
    {
        return static_cast<std::size_t>(instruction.operands[slot]);
    }
    const Number& number(std::size_t index, std::size_t lane) const
    {
        return numbers_[index][at(index).per_code ? lane : 0];
    }

    void analyse(std::size_t index)
    {
        const Instruction& instruction = at(index);
        for (std::size_t lane = 0; lane < (instruction.per_code ? lanes_ : 1); ++lane) {
            std::array<Number, 4> operands{};
            for (std::size_t slot = 0; slot < instruction.count; ++slot)
                operands[slot] = number(operand(instruction, slot), lane);
            if (instruction.op == Op::shift_right)
                operands[0].value -= half_added(instruction, operands[1].value);
            Number result{.value = bound_.value(static_cast<int>(index), lane)};
            if (instruction.op == Op::input)
                result.error = narrowing(instruction, result.value);
            else
                result.error = error_of(instruction, result.value, operands);
            if (!std::isfinite(result.value) || std::isnan(result.error)
                || cuts(index, result.value, operands[0])
                || gives_up(instruction, operands[0].value != 0))
                result.error = instruction.op == Op::constant ? 0 : infinity;
            numbers_[index].push_back(result);
        }
    }

    /// A code between two operators that left its range, which real numbers do not.
    bool cuts(std::size_t index, double value, Number clamped) const
    {
        const Instruction& instruction = at(index);
        return instruction.op == Op::clamp && !is_decided_before_[index]
            && is_whole_[operand(instruction, 0)] && clamped.error > 0 && value != clamped.value;
    }

    /// A half that was added for the shift to round: no more than a rounding, so no part of the real number.
    double half_added(const Instruction& shift, double bits) const
    {
        const Instruction& shifted = at(operand(shift, 0));
        if (shifted.op != Op::add || at(operand(shifted, 1)).op != Op::constant)
            return 0;
        const double added = number(operand(shifted, 1), 0).value;
        return added == std::exp2(bits - 1) ? added : 0;
    }

    /// A choice of a number that is written in the text in the place of what was computed: where something did not fit.
    bool gives_up(const Instruction& choice, bool first) const
    {
        const auto is_number
            = [&](std::size_t slot) { return at(operand(choice, slot)).op == Op::constant; };
        return choice.op == Op::select && at(operand(choice, 0)).op != Op::input
            && is_number(first ? 1 : 2) && !is_number(first ? 2 : 1);
    }

    /// What a parameter lost when it became a binary32 number.
    double narrowing(const Instruction& instruction, double value) const
    {
        return is_float(instruction.type)
            ? std::abs(value - real_input(layer_, instruction.input, channel_))
            : 0;
    }

    /// A whole number whatever the operands are.
    bool whole(const Instruction& instruction) const
    {
        const auto is = [&](std::size_t slot) { return is_whole_[operand(instruction, slot)]; };
        if (is_integer(instruction.type) || makes_whole(instruction.op))
            return true;
        switch (instruction.op) {
        case Op::add:
        case Op::subtract:
        case Op::min:
        case Op::max:
            return is(0) && is(1);
        case Op::clamp:
            return is(0) && is(1) && is(2);
        case Op::select:
            return is(1) && is(2);
        case Op::negate:
        case Op::abs:
        case Op::convert:
            return is(0);
        default:
            return false;
        }
    }

    bool decides(const Instruction& instruction) const
    {
        return shifts_right(instruction.op)
            || (makes_whole(instruction.op) && !is_whole_[operand(instruction, 0)]);
    }

    /// What stands between y and the roundings that nothing else rounds.
    void mark_decided(std::size_t index)
    {
        const Instruction& instruction = at(index);
        if (!instruction.per_code || decides(instruction))
            return;
        is_decided_before_[index] = true;
        for (std::size_t slot = instruction.op == Op::select ? 1 : 0; slot < instruction.count;
             ++slot)
            mark_decided(operand(instruction, slot));
    }

    /// Goes back from y to these roundings.
    void visit(std::size_t index)
    {
        const Instruction& instruction = at(index);
        if (!instruction.per_code)
            return;
        if (decides(instruction))
            return decide(instruction);
        for (std::size_t slot = instruction.op == Op::select ? 1 : 0; slot < instruction.count;
             ++slot)
            visit(operand(instruction, slot));
    }

    void decide(const Instruction& instruction)
    {
        is_decided_ = true;
        bounds_.resize(lanes_, 0);
        for (std::size_t lane = 0; lane < lanes_; ++lane) {
            double error = number(operand(instruction, 0), lane).error;
            if (shifts_right(instruction.op)) {
                const Number bits = number(operand(instruction, 1), lane);
                error = bits.error == 0 ? error / std::exp2(bits.value) : infinity;
            }
            bounds_[lane] = std::max(bounds_[lane], error);
        }
    }

    const BoundFormula& bound_;
    const BatchNormLayer& layer_;
    int channel_;
    std::size_t lanes_;
    std::vector<std::vector<Number>> numbers_; ///< one, or one a code
    std::vector<bool> is_whole_;
    std::vector<bool> is_decided_before_; ///< it comes after the last rounding
    std::vector<double> bounds_;
    bool is_decided_ = false;
};

} // namespace

std::vector<double> error_bounds(const BoundFormula& bound, const BatchNormLayer& layer,
                                 int channel)
{
    return Analysis(bound, layer, channel).run();
}

} // namespace qbn::formula
