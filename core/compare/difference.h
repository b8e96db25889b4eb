#pragma once

#include "core/arithmetic/exact.h"
#include "core/backends/backend.h"
#include "core/compare/decisive_roundings.h"
#include "core/compare/rounded_constants.h"
#include "core/layer/batch_norm.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qbn {

/// Why two backends give different codes for one input code.
enum class Cause : std::uint8_t
{
    multiply_add, ///< the multiply-add is fused in one, rounded twice in the other
    offset_multiply_add, ///< the same in beta - mean * gain
    reciprocal, ///< one multiplies by the rounded reciprocal of y_scale, the other divides
    order_of_operations, ///< two prepared parameters, or four stages
    precision, ///< roundings to binary32 or binary64 against a computation that has none of them
    tie, ///< exactly half way between two codes: the least rounding or the rule for halves decides
    fraction_bits, ///< integers with too few fraction bits
    integer_constants, ///< a weight or a bias was rounded to a whole number
    double_rounding, ///< integers are rounded twice on the way to the code
    overflow, ///< an intermediate becomes infinite or NaN, an integer parameter does not fit
    int32_wrap, ///< an int32 sum wrapped
    int64_wrap, ///< the same in int64
    lane, ///< the other lane of the kernel, SIMD or scalar, would give the other code
    conversion, ///< overflow or NaN is converted otherwise
};

/// "multiply-add", "tie", ...
std::string_view name_of(Cause cause);

/// "52.5 (-20.5 before the zero point)": with the zero point, as codes are counted, and without it, as formulas compare it.
std::string boundary_text(double nearest, std::int32_t zero_point);

/// A statement that decides: put in place of the other's, it carries one backend to the other's code. Or, of Cause::multiply_add,
/// those that stand for one multiply-add.
struct ExchangedStatement
{
    std::vector<Cause> causes;
    std::string_view first_name, first_expression; ///< as the first backend's formula writes it
    std::string_view second_name, second_expression;
};

/// One intermediate in both backends, by its name.
struct ComparedStep
{
    std::string_view name;
    std::optional<TraceStep> first; ///< none: this backend has no such intermediate
    std::optional<TraceStep> second;
    std::optional<double> exact; ///< what mathematics gives for it, rounded to binary64
    /// second - first, in units in the last place of the coarser of the two, at the larger value.
    /// None where one is missing, NaN or infinite.
    std::optional<double> ulp;

    /// Both have it, with different values.
    bool differs() const;
};

/// Two backends on one input code, side by side.
struct Difference
{
    const Backend* first = nullptr;
    const Backend* second = nullptr;
    int channel = 0;
    std::int32_t input_code = 0;
    Trace first_trace, second_trace;
    std::vector<ComparedStep> steps; ///< in the order of computation
    std::optional<std::size_t> first_differing; ///< of steps
    Boundary boundary; ///< the exact value and the nearest point where the code changes
    std::int32_t exact_code = 0; ///< what exact mathematics gives
    /// Those that together make the difference, the same whichever backend comes first; empty if
    /// there is none.
    std::vector<Cause> causes;
    /// The fewest statements by which one of two formulas in one precision comes to the code of the other.
    std::vector<ExchangedStatement> exchanged;
    /// Of Cause::integer_constants: those of the one backend that computes in integers.
    std::vector<RoundedConstant> constants;
    /// Where the cause is precision and one of the two alone departs from exact mathematics, in
    /// binary32: its decisive_roundings().
    std::vector<RoundingSet> decisive;
    std::string sentence; ///< the cause for a person; numbers in the C locale
};

/// The cause is found by trial, of any two formulas. Statements of the same name are exchanged, the multiply-adds of one are fused
/// or unfused, alone, then in pairs and so on, until the code follows (core/compare/exchange_search.h); what the exchanged
/// expressions are tells the cause. Where steps is NaN, infinite or huge, the conversion of each is tried on the other's steps, and
/// the other lane. Integers with fraction bits are held against exact mathematics, and so is their counterpart: the cause is that of
/// the one that departs.
Difference explain_difference(const Backend& first, const Backend& second,
                              const BatchNormLayer& layer, int channel, std::int32_t input_code);

} // namespace qbn
