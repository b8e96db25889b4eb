#include "core/apply/kernels.h"

#include <algorithm>

namespace qbn::apply {

namespace {

constexpr std::size_t block = 32;

// Loops of a fixed length without a branch, for the vectoriser.
template <bool per_byte>
void run_block(const Numbers& numbers, std::size_t at, const std::uint8_t* in, std::uint8_t* out)
{
    // Adding it rounds to a whole number, half to even, where the sum's last bit is 1.
    constexpr float rounder = 12582912.0F; // 1.5 * 2^23
    constexpr float farthest = 32767; // beyond it no code lies
    float t[block];
    for (std::size_t k = 0; k < block; ++k) {
        const std::size_t n = per_byte ? at + k : 0;
        const auto lane = static_cast<float>(static_cast<std::int32_t>(in[k] ^ numbers.input_flip));
        const float sum = lane * numbers.a[n] + numbers.b[n];
        t[k] = (std::min(std::max(sum, -farthest), farthest) + rounder) - rounder;
    }
    for (std::size_t k = 0; k < block; ++k) {
        const std::size_t n = per_byte ? at + k : 0;
        const std::int32_t code = static_cast<std::int32_t>(t[k]) + numbers.z;
        const std::int32_t clamped
            = std::min<std::int32_t>(std::max<std::int32_t>(code, numbers.low[n]), numbers.high[n]);
        out[k] = static_cast<std::uint8_t>(clamped ^ numbers.output_flip);
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
        at += block;
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
        return {.run = run_avx512, .by_table = true, .form = Form::fused};
    if (has_avx2)
        return {.run = run_avx2};
#endif
    return {.run = run_plain};
}

} // namespace qbn::apply
