#include "core/formula/functions.h"

#include <algorithm>

namespace qbn::formula {

std::span<const Function> all_functions()
{
    using enum Shape;
    static constexpr Function functions[]{
        {"+", Op::add, 2, numbers, "rounds once; integers wrap"},
        {"-", Op::subtract, 2, numbers, "rounds once; integers wrap"},
        {"*", Op::multiply, 2, numbers, "rounds once; integers wrap"},
        {"/", Op::divide, 2, numbers, "rounds once; integers truncate, and by 0 give 0"},
        {"negate", Op::negate, 1, numbers, "the sign alone, also of 0 and NaN; integers wrap"},
        {"<", Op::less, 2, comparison, "false for NaN"},
        {"<=", Op::less_equal, 2, comparison, "false for NaN"},
        {"==", Op::equal, 2, comparison, "false for NaN"},
        {"!=", Op::not_equal, 2, comparison, "true for NaN"},
        {"&&", Op::logical_and, 2, logic, "both"},
        {"||", Op::logical_or, 2, logic, "one or both"},
        {"!", Op::logical_not, 1, logic, "not"},
        {"select", Op::select, 3, choice, "c ? a : b"},
        {"fma", Op::fma, 3, floats, "a * b + c, rounded once (IEEE 754 fusedMultiplyAdd)"},
        {"sqrt", Op::sqrt, 1, floats, "rounded once; NaN below 0"},
        {"abs", Op::abs, 1, numbers, "the sign off; the least integer stays"},
        {"min", Op::min, 2, numbers, "a < b ? a : b, so b where one is NaN (minps)"},
        {"max", Op::max, 2, numbers, "a > b ? a : b, so b where one is NaN (maxps)"},
        {"clamp", Op::clamp, 3, numbers, "min(max(v, low), high), so NaN gives low"},
        {"floor", Op::floor, 1, floats, "down"},
        {"ceil", Op::ceil, 1, floats, "up"},
        {"trunc", Op::trunc, 1, floats, "towards 0"},
        {"rint", Op::rint, 1, floats, "to nearest, halves to even"},
        {"round_away", Op::round_away, 1, floats, "to nearest, halves away from 0 (C's round)"},
        {"round_up", Op::round_up, 1, floats,
         "to nearest, halves up: floor(v + 1/2) without a rounding of the sum"},
        {"is_nan", Op::is_nan, 1, classification, "NaN"},
        {"to_int32_x86", Op::to_int32_x86, 1, to_i32,
         "cvtps2dq: halves to even; NaN and what does not fit give -2^31"},
        {"to_int64_x86", Op::to_int64_x86, 1, to_i64,
         "cvtss2si: halves to even; NaN and what does not fit give -2^63"},
        {"saturate_int32", Op::saturate_int32, 1, i64_to_i32, "clamped to -2^31 .. 2^31 - 1"},
        {"to_code", Op::to_code, 2, coding,
         "clamp(z + v, qmin, qmax) of a whole v, however large; NaN gives qmin"},
        {"wrap_code", Op::wrap_code, 1, i64_to_i64, "the low bits as a code of the output type"},
        {"mod", Op::mod, 2, integers, "C's remainder; by 0 gives 0"},
        {"shift_left", Op::shift_left, 2, integers, "v * 2^n, wraps; n is taken modulo the width"},
        {"shift_right", Op::shift_right, 2, integers,
         "floor(v / 2^n); n is taken modulo the width"},
        {"shift_round_half_up", Op::shift_round_half_up, 2, integers,
         "floor(v / 2^n + 1/2), exactly; n below 1 gives v"},
        {"divide_by_pot_round", Op::divide_by_pot_round, 2, integers,
         "v / 2^n, halves away from 0 (gemmlowp RoundingDivideByPOT); n below 1 gives v"},
        {"high_mul_round", Op::high_mul_round, 2, i32s,
         "(2 * a * b + 2^31) / 2^32 truncated, nudged as gemmlowp "
         "SaturatingRoundingDoublingHighMul; -2^31 twice saturates"},
        {"quantized_multiplier", Op::quantized_multiplier, 1, f64_to_i32,
         "M of d = M * 2^(e - 31), halves away from 0; 2^31 becomes 2^30 with e + 1; e below -31, "
         "0 and what is not finite give 0 (TFLite QuantizeMultiplier)"},
        {"quantized_shift", Op::quantized_shift, 1, f64_to_i32, "e of the same"},
        {"exponent", Op::exponent, 1, to_i32,
         "floor(log2(|v|)); of 0 and what is not finite -2^31"},
        {"most_fraction_bits", Op::most_fraction_bits, 4, bits,
         "of (m, o, first, last) the most n of 4 .. 30 with which rint(m * 2^n), rint(o * 2^n) and "
         "rint(m * 2^n) * c + rint(o * 2^n) for c of first and last fit into int32; 4 if none do"},
        {"gemmlowp_fraction_bits", Op::gemmlowp_fraction_bits, 4, bits,
         "of (m, o, first, last) the most n of 0 .. 30 with which rint(o * 2^n), "
         "c * 2^clamp(n + e, 0, 30) and gemmlowp's product with m in 2^-n plus rint(o * 2^n) for c "
         "of first and last fit into int32, e being quantized_shift(m); 0 if none do"},
        {"any", Op::any, 1, logic_of_channels, "true in some channel"},
        {"all", Op::all, 1, logic_of_channels, "true in every channel"},
        {"smallest", Op::smallest, 1, number_of_channels, "of all channels; NaN is passed over"},
        {"largest", Op::largest, 1, number_of_channels, "of all channels; NaN is passed over"},
    };
    return functions;
}

const Function* find_function(std::string_view name)
{
    const auto functions = all_functions();
    const auto found = std::find_if(functions.begin(), functions.end(),
                                    [name](const Function& f) { return f.name == name; });
    return found == functions.end() ? nullptr : &*found;
}

bool accepts(Shape shape, Type type)
{
    switch (shape) {
    case Shape::floats:
    case Shape::classification:
    case Shape::coding:
        return is_float(type);
    case Shape::numbers:
    case Shape::comparison:
    case Shape::number_of_channels:
        return type != Type::boolean;
    case Shape::integers:
        return is_integer(type);
    case Shape::logic:
    case Shape::logic_of_channels:
        return type == Type::boolean;
    case Shape::choice:
        return true;
    case Shape::to_i32:
    case Shape::to_i64:
        return type == Type::f32 || type == Type::f64;
    case Shape::i64_to_i32:
    case Shape::i64_to_i64:
        return type == Type::i64;
    case Shape::i32s:
        return type == Type::i32;
    case Shape::f64_to_i32:
    case Shape::bits:
        return type == Type::f64;
    }
    return false;
}

std::string_view accepted_types(Shape shape)
{
    switch (shape) {
    case Shape::floats:
    case Shape::classification:
    case Shape::coding:
        return "f64, f32, f16 or bf16";
    case Shape::integers:
        return "i64 or i32";
    case Shape::logic:
    case Shape::logic_of_channels:
        return "bool";
    case Shape::to_i32:
    case Shape::to_i64:
        return "f32 or f64";
    case Shape::i64_to_i32:
    case Shape::i64_to_i64:
        return "i64";
    case Shape::i32s:
        return "i32";
    case Shape::f64_to_i32:
    case Shape::bits:
        return "f64";
    default:
        return "a number";
    }
}

Type result_type(Shape shape, Type operand)
{
    switch (shape) {
    case Shape::comparison:
    case Shape::logic:
    case Shape::classification:
    case Shape::logic_of_channels:
        return Type::boolean;
    case Shape::to_i32:
    case Shape::i64_to_i32:
    case Shape::f64_to_i32:
        return Type::i32;
    case Shape::to_i64:
    case Shape::i64_to_i64:
    case Shape::coding:
    case Shape::bits:
        return Type::i64;
    default:
        return operand;
    }
}

} // namespace qbn::formula
