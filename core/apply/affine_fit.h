#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace qbn {

/// What vectors do with a channel's numbers.
enum class Form : std::uint8_t
{
    rounded_twice, ///< the same with and without FMA
    fused, ///< fewer operations, of FMA
};

/// A channel as arithmetic in binary32. For lane i, which is input code qmin + i,
///     t    = f32(f32(a * i) + b)                 rounded twice
///     code = z + rint(min(max(t, low), high))    half to even; low and high are whole, |t| < 2^30
/// or
///     t    = a * f32(i + b)                      fused: not rounded
///     code = min(max(rint(t + z), z + low), z + high)     half to even, |t| < 2^14
struct AffineChannel
{
    float a = 0, b = 0, low = 0, high = 0;
};

/// What the arithmetic gives for a lane.
std::int32_t affine_code(const AffineChannel& channel, Form form, std::int32_t z,
                         std::int32_t lane);

/// Numbers with which the arithmetic gives each of a channel's codes, lane by lane; nothing where none were found. All lanes are
/// tried, so it is a proof. `slope` and `offset`, in output steps a lane, are tried first; where they fail a and b are sought that
/// keep the greatest distance from every tie. Requires: at most 256 codes.
std::optional<AffineChannel> fit_affine(std::span<const std::int32_t> codes, Form form,
                                        std::int32_t z, double slope, double offset);

} // namespace qbn
