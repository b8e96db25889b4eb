#pragma once

#include "core/formula/syntax.h"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qbn::formula {

/// f16 and bf16 are held as the binary32 of the same value.
enum class Type : std::uint8_t
{
    f64,
    f32,
    f16,
    bf16,
    i64,
    i32,
    boolean,
};

std::string_view name_of(Type type);
constexpr bool is_float(Type type)
{
    return type <= Type::bf16;
}
constexpr bool is_integer(Type type)
{
    return type == Type::i64 || type == Type::i32;
}

/// What one instruction does; core/formula/functions.h says exactly what for each.
enum class Op : std::uint8_t
{
    constant,
    input,
    add,
    subtract,
    multiply,
    divide,
    negate,
    fma,
    sqrt,
    abs,
    min,
    max,
    clamp,
    floor,
    ceil,
    trunc,
    rint,
    round_away,
    round_up,
    less,
    less_equal,
    equal,
    not_equal,
    logical_and,
    logical_or,
    logical_not,
    select,
    is_nan,
    convert,
    to_int32_x86,
    to_int64_x86,
    saturate_int32,
    to_code,
    wrap_code,
    mod,
    shift_left,
    shift_right,
    shift_round_half_up,
    divide_by_pot_round,
    high_mul_round,
    quantized_multiplier,
    quantized_shift,
    exponent,
    most_fraction_bits,
    gemmlowp_fraction_bits,
    any,
    all,
    smallest,
    largest,
};

/// What a formula is given.
enum class Input : std::uint8_t
{
    mean,
    var,
    gamma,
    beta, ///< of the channel
    eps,
    s_in,
    z_in,
    s_out,
    z_out, ///< of the layer
    x, ///< the input code
    x_min,
    x_max,
    qmin,
    qmax, ///< the ranges of input and output code
    relu, ///< the layer has a fused ReLU
    channel,
    channels, ///< from 0, and how many
    observed, ///< how many observations the layer has of the channel
    has_product, ///< the layer has an IntermediateQuantization; without it the next six are 1 and 0
    s_gain,
    z_gain,
    s_offset,
    z_offset,
    s_product,
    z_product,
};

inline constexpr int input_count = 25;
std::string_view name_of(Input input);

/// One number in its own type: a double, float, int64, int32 or bool at its begin.
union Value {
    double f64;
    float f32;
    std::int64_t i64;
    std::int32_t i32;
    std::uint8_t boolean;
};
/// Bytes of a value.
std::size_t size_of(Type type);
/// As binary64: exact but for i64 beyond 2^53.
double as_real(Type type, const Value& value);

struct Instruction
{
    Op op = Op::constant;
    Type type = Type::f32; ///< of the result
    std::uint8_t count = 0; ///< of operands
    bool per_channel = false; ///< may be another in each channel
    bool per_code = false; ///< may be another for each input code
    std::array<int, 4> operands{}; ///< instructions before this one
    Input input = Input::mean; ///< of Op::input
    Value value{.i64 = 0}; ///< of Op::constant
    Position position;
    std::string_view text = {}; ///< the expression as written
};

/// A statement: what its name stands for.
struct Named
{
    std::string_view name;
    std::string_view text; ///< the expression as written
    Section section = Section::code;
    int instruction = 0;
    Position position;
};

class Program;
class BoundFormula;

/// Parses and types a formula. Errors: one sentence with line and column. Types must agree: nothing is converted unasked, but that
/// a number written in the text takes the type of what stands beside it. A name is given once, before it is used. The last word
/// is y, a whole number (i64 or i32), which is stored into the output type as a cast does: its low bits.
/// Values of the section `layer` are of the layer, those of `channel` of a channel, those of `code` of a code; the sections may
/// alternate. `parameters f64` in the header gives mean, var, gamma, beta and eps unrounded, `scales f64` the scales; they are f32
/// else. x, x_min, x_max, z_in, z_out, z_gain, z_offset, z_product, qmin, qmax, channel, channels and observed are i64, relu and
/// has_product are bool.
Result<std::shared_ptr<const Program>> compile(std::string text);

/// The text with another expression for a statement, or another value for a header; the same text if there is none of that name.
std::string with_replaced(const Program& program, std::string_view name,
                          std::string_view replacement);

/// A formula that is right: typed, each operation one instruction, each of which rounds once.
class Program
{
public:
    std::string_view header(std::string_view key) const; ///< empty where the text does not have it
    std::span<const Instruction> instructions() const { return instructions_; }
    std::span<const Named> names() const { return names_; }
    const Named* find(std::string_view name) const;
    int output() const { return output_; } ///< the instruction of y
    bool sees_all_channels() const { return sees_all_channels_; } ///< any, all, smallest or largest
    const std::string& text() const { return *text_; }
    const Syntax& syntax() const { return syntax_; }

private:
    friend class Compiler;
    friend class Mixer;
    friend std::shared_ptr<const Program> gathered(const BoundFormula& bound);
    friend Result<std::shared_ptr<const Program>> compile(std::string text);
    std::shared_ptr<const std::string> text_; ///< all views point into it
    std::vector<std::shared_ptr<const Program>> kept_; ///< of a mixture, or into the texts of these
    Syntax syntax_;
    std::vector<Instruction> instructions_;
    std::vector<Named> names_;
    int output_ = 0;
    bool sees_all_channels_ = false;
};

} // namespace qbn::formula
