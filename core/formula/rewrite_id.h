#pragma once

#include <cstdint>

namespace qbn::formula {

/// The place of a rewrite in all_rewrites().
enum class RewriteId : std::uint8_t
{
    half_away,
    half_up,
    half_even,
    truncated,
    down,
    shift_away,
    shift_up,
    shift_down,
    zero_inside,
    reciprocal,
    division,
    fused,
    unfused,
    other_order,
    in_binary64,
    in_binary16,
    in_bfloat16,
    eps_outside,
    no_eps,
    wrapping,
    narrow,
    other_relu,
};

} // namespace qbn::formula
