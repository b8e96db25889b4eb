#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace qbn {

/// A channel as arithmetic in integers of 16 bits. For lane i, which is input code qmin + i,
///     t    = floor(a * (256 * (i - 128) + c) / 2^16) + b     saturated to 16 bits
///     code = min(max(floor(t / 2^shift), 0), 255)
/// which is one line, cut off once: floor((a * (256 * (i - 128) + c) + b * 2^16) / 2^(16 + shift)). A code is counted from the least
/// that a byte of the output type holds.
struct AffineChannel
{
    std::int16_t a = 0, b = 0;
    std::uint8_t c = 0;
    std::uint8_t shift
        = 7; ///< 2 to 7: t saturates beyond all codes, and 2^(16 - shift) has its type
};

/// What the arithmetic gives for a lane.
std::int32_t affine_code(const AffineChannel& channel, std::int32_t lane);

/// Numbers with which the arithmetic, kept between the least and the greatest of the codes, gives each of them, lane by lane; nothing
/// where none were found. All lanes are tried, so it is a proof. The search begins at `slope`, in output steps a lane, where that is
/// finite, and prefers what gives the codes without being kept between them. Requires: at most 256 codes, in 0..255.
std::optional<AffineChannel> fit_affine(std::span<const std::int32_t> codes, double slope);

} // namespace qbn
