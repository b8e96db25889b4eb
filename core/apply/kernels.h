#pragma once

#include "core/apply/affine_fit.h"

#include <cstddef>
#include <cstdint>

namespace qbn::apply {

/// The numbers of AffineChannel for a run of bytes: byte k has those at first + k, counted in a circle of `period` entries; 64 more
/// stand behind the circle, the first ones again. A period of 0: one entry for all bytes. i = byte ^ input_flip, and what the
/// arithmetic gives is the output code less the least that its byte can hold, so that all lies in 0..255; the output is that ^
/// output_flip.
struct Numbers
{
    const float* a = nullptr;
    const float* b = nullptr;
    const std::uint8_t* low = nullptr;
    const std::uint8_t* high = nullptr;
    bool is_clamped = true; ///< by low and high in some channel, and not only by 0 and 255
    const std::uint8_t* table = nullptr; ///< of a period of 0: what each of the 256 bytes gives
    std::size_t first = 0;
    std::size_t period = 0;
    std::int32_t z = 0; ///< up to 2^13 from 0
    std::uint8_t input_flip = 0; ///< 0x80 for signed codes: byte ^ flip is the lane
    std::uint8_t output_flip = 0;
    bool past_caches
        = false; ///< the output is written past them, as it does not fit; for one that begins at a multiple of 64
};

/// Computes a part of the bytes and returns how many: all but the last few.
using Run = std::size_t (*)(const Numbers& numbers, const std::uint8_t* in, std::uint8_t* out,
                            std::size_t size);

struct Kernel
{
    Run run = nullptr;
    bool by_table = false; ///< runs of one channel are looked up, so that no arithmetic is needed
    Form form = Form::rounded_twice;
};

std::size_t run_plain(const Numbers& numbers, const std::uint8_t* in, std::uint8_t* out,
                      std::size_t size);
std::size_t run_avx2(const Numbers& numbers, const std::uint8_t* in, std::uint8_t* out,
                     std::size_t size);
std::size_t run_avx512(const Numbers& numbers, const std::uint8_t* in, std::uint8_t* out,
                       std::size_t size);

/// The best one that this machine has.
Kernel best_kernel();

} // namespace qbn::apply
