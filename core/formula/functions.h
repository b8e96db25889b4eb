#pragma once

#include "core/formula/program.h"

namespace qbn::formula {

/// Which types an operation takes and gives.
enum class Shape : std::uint8_t
{
    floats, ///< one type of f64, f32, f16, bf16 for all operands and the result
    numbers, ///< these or i64, i32
    integers, ///< i64 or i32
    comparison, ///< numbers of one type, gives bool
    logic, ///< bool, gives bool
    choice, ///< bool, then two of one type, which it gives
    classification, ///< a float, gives bool
    to_i32, ///< f32 or f64, gives i32
    to_i64, ///< f32 or f64, gives i64
    i64_to_i32,
    i64_to_i64,
    i32s, ///< i32 alone
    f64_to_i32,
    coding, ///< a float and i64, gives i64
    bits, ///< two f64 and two i64, gives i64
    logic_of_channels, ///< bool of each channel, gives bool of the layer
    number_of_channels, ///< a number of each channel, gives one of the layer
};

struct Function
{
    std::string_view name; ///< operators too: "+", "negate"
    Op op;
    std::uint8_t arity;
    Shape shape;
    std::string_view semantics; ///< exactly, for the help
};

/// All of them but for the casts f64(), f32(), f16(), bf16(), i64(), i32(): those round once, half to even; of an integer i32 keeps the
/// low 32 bits; of a bool i64 and i32 give 0 or 1. A float becomes an integer by the to_ functions alone.
std::span<const Function> all_functions();
const Function* find_function(std::string_view name);

/// Of the operands that share a type, and of the result; "f32 or f64" as errors say it.
bool accepts(Shape shape, Type type);
std::string_view accepted_types(Shape shape);
Type result_type(Shape shape, Type operand);

} // namespace qbn::formula
