#include "core/apply/kernels.h"

#include <algorithm>

namespace qbn::apply {

namespace {

constexpr std::size_t block = 32;

/// Entry n of the lines for a byte.
inline std::uint8_t line_code(std::uint8_t byte, const Lines& lines, std::size_t n)
{
    const auto x = static_cast<std::int16_t>(static_cast<unsigned>(byte) << 8
                                             ^ static_cast<std::uint16_t>(lines.c[n]));
    const std::int32_t sum = ((lines.a[n] * x) >> 16) + lines.b[n];
    const std::int32_t t = std::min(std::max(sum, -0x8000), 0x7fff);
    return static_cast<std::uint8_t>(std::min(std::max((t * lines.scale[n]) >> 16, 0), 255));
}

// Loops of a fixed length without a branch, for the vectoriser.
template <bool per_byte>
void run_block(const Numbers& numbers, std::size_t at, const std::uint8_t* in, std::uint8_t* out)
{
    std::uint8_t codes[block];
    for (std::size_t k = 0; k < block; k += 2) {
        const std::size_t n = per_byte ? at + k / 2 : 0;
        codes[k] = line_code(in[k], numbers.even, n);
        codes[k + 1] = line_code(in[k + 1], per_byte ? numbers.odd : numbers.even, n);
    }
    for (std::size_t k = 0; k < block; ++k) {
        const std::size_t n = per_byte ? 2 * at + k : 0;
        out[k] = std::min(std::max(codes[k], numbers.low[n]), numbers.high[n])
            ^ numbers.common.output_flip;
    }
}

} // namespace

std::size_t run_plain(const Numbers& numbers, const std::uint8_t* in, std::uint8_t* out,
                      std::size_t size)
{
    std::size_t done = 0;
    std::size_t at = numbers.first;
    for (; done + block <= size; done += block) {
        if (numbers.period == 0) {
            run_block<false>(numbers, 0, in + done, out + done);
            continue;
        }
        run_block<true>(numbers, at, in + done, out + done);
        at += block / 2;
        at -= at >= numbers.period ? numbers.period : 0;
    }
    return done;
}

Kernel best_kernel()
{
#ifdef QBN_HAS_AVX2_KERNELS
    static const bool has_avx512 = __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi");
    static const bool has_avx2 = __builtin_cpu_supports("avx2");
    if (has_avx512)
        return {.run = run_avx512, .run_planes = run_planes_avx512};
    if (has_avx2)
        return {.run = run_avx2};
#endif
    return {.run = run_plain};
}

} // namespace qbn::apply
