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
    bool is_integer() const;
    bool is_binary32() const;
    bool is_gemmlowp() const;
    /// Its formula alone says what it computes.
    bool is_own_formula() const { return backend.program && !backend.arithmetic; }
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

/// What the side's conversion makes of another side's steps. Requires: no integer side.
std::int32_t code_by_rule_of(const Side& side, double steps, const BatchNormLayer& layer);

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

/// Both compute in binary32: the fewest choices that carry either to the code of the other.
std::vector<Cause> differing_choices(const Side& first, const Side& second,
                                     const BatchNormLayer& layer, int channel,
                                     std::int32_t input_code);

/// How one side came to its code, where steps does not say it: conversions, integers that do not
/// fit. A clause that begins with the backend's title.
std::string way_to_the_code(const Side& side, const BatchNormLayer& layer);

} // namespace qbn
