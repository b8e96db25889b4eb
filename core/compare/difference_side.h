#pragma once

#include "core/compare/difference.h"

#include <optional>
#include <string>
#include <string_view>

namespace qbn {

/// One backend of a Difference.
struct Side
{
    const Backend& backend;
    const Trace& trace;

    std::int32_t code() const { return trace.result.output_code; }
    double steps() const { return trace.result.steps; }
    std::string title() const { return std::string(backend.title); }
    /// It has a formula, whose steps are of that type.
    bool is_binary32() const;
    bool is_binary64() const;
    /// Integer hardware: its formula has fraction_bits.
    bool has_fraction_bits() const { return has("fraction_bits"); }
    /// Its sums and products of a code are whole numbers.
    bool computes_in_integers() const;
    bool saturates() const; ///< its integers stop at the ends of int32
    bool accumulates_in_int64() const; ///< acc is not narrowed to int32
    bool has_lanes() const { return has("simd"); }
    bool has(std::string_view name) const { return backend.program && backend.program->find(name); }
    /// The statement that makes a whole number of the steps, of its lane; y where there is none of its own. Nothing without a formula.
    const formula::Named* conversion() const;
    /// NaN, infinity or so large that the conversion to an integer decides.
    bool is_wild() const;
    /// The value of an intermediate, NaN where there is none of that name.
    double value_of(std::string_view name) const;
};

inline Side first_side(const Difference& difference)
{
    return {*difference.first, difference.first_trace};
}

inline Side second_side(const Difference& difference)
{
    return {*difference.second, difference.second_trace};
}

/// The kernel's other lane; nothing for a backend without lanes.
std::optional<Trace> in_other_lane(const Side& side, const BatchNormLayer& layer, int channel,
                                   std::int32_t input_code);

/// What the side makes of another side's steps; nothing where its formula does not compute the code from requantized.
std::optional<std::int32_t> code_by_rule_of(const Side& side, double steps,
                                            const BatchNormLayer& layer, int channel,
                                            std::int32_t input_code);

/// The sum of the rounded steps and the zero point did not fit into the kernel's integer and
/// wrapped: int32_wrap or int64_wrap.
std::optional<Cause> wrapped_sum(const Side& side, const BatchNormLayer& layer);

/// What became of integers that do not fit.
enum class IntegerLoss : std::uint8_t
{
    none,
    multiplier, ///< real_multiplier does not fit, M is 0
    offset, ///< real_offset does not fit, B is 0
    accumulator, ///< acc wraps at its width
    saturation, ///< gemmlowp's integers stop at the ends of int32
};
IntegerLoss loss_of(const Side& side);

/// How one side came to its code, where steps does not say it: conversions, integers that do not
/// fit. A clause that begins with the backend's title.
std::string way_to_the_code(const Side& side, const BatchNormLayer& layer);

} // namespace qbn
