#pragma once

#include <cstddef>
#include <cstdint>

namespace qbn::apply {

/// The numbers of AffineChannel for a run of bytes: byte k has those at first + k, counted in a circle of `period` entries; 32 more
/// stand behind the circle, the first ones again. A period of 0: one entry for all bytes.
struct Numbers
{
    const float* a = nullptr;
    const float* b = nullptr;
    const float* low = nullptr;
    const float* high = nullptr;
    std::size_t first = 0;
    std::size_t period = 0;
    std::int32_t z = 0; ///< of the output code less its qmin, so that what is packed lies in 0..255
    std::uint8_t input_flip = 0; ///< 0x80 for signed codes: byte ^ flip is the lane
    std::uint8_t output_flip = 0;
};

/// Computes a part of the bytes and returns how many: all but the last few.
using Kernel = std::size_t (*)(const Numbers& numbers, const std::uint8_t* in, std::uint8_t* out,
                               std::size_t size);

std::size_t run_plain(const Numbers& numbers, const std::uint8_t* in, std::uint8_t* out,
                      std::size_t size);
std::size_t run_avx2(const Numbers& numbers, const std::uint8_t* in, std::uint8_t* out,
                     std::size_t size);

/// The best one that this machine has.
Kernel best_kernel();

} // namespace qbn::apply
