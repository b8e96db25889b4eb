#include "core/apply/kernels.h"

#ifdef QBN_HAS_AVX2_KERNELS

#include <immintrin.h>

namespace qbn::apply {

namespace {

inline __m512i load(const std::uint8_t* from)
{
    return _mm512_loadu_si512(from);
}

/// As many bytes as are left, 64 at most.
inline __mmask64 first(std::size_t count)
{
    return count >= 64 ? ~__mmask64{0} : (__mmask64{1} << count) - 1;
}

inline void store(std::uint8_t* out, __m512i bytes, bool past_caches)
{
    if (past_caches)
        _mm512_stream_si512(reinterpret_cast<__m512i*>(out), bytes);
    else
        _mm512_storeu_si512(out, bytes);
}

/// One channel: the table in four registers, of which an instruction looks 64 bytes up in two.
std::size_t run_table(const Numbers& numbers, const std::uint8_t* in, std::uint8_t* out,
                      std::size_t size)
{
    const __m512i table[] = {load(numbers.table), load(numbers.table + 64),
                             load(numbers.table + 128), load(numbers.table + 192)};
    const auto codes = [&table](__m512i bytes) {
        const __m512i lower = _mm512_permutex2var_epi8(table[0], bytes, table[1]);
        const __m512i upper = _mm512_permutex2var_epi8(table[2], bytes, table[3]);
        return _mm512_mask_blend_epi8(_mm512_movepi8_mask(bytes), lower, upper);
    };
    std::size_t done = 0;
    for (; done + 64 <= size; done += 64)
        store(out + done, codes(load(in + done)), numbers.past_caches);
    const __mmask64 rest = first(size - done);
    _mm512_mask_storeu_epi8(out + done, rest, codes(_mm512_maskz_loadu_epi8(rest, in + done)));
    return size;
}

/// Channels by turns, fused. 1.5 * 2^23 + z is added, which leaves t + z as a whole number in the low 16 bits of each sum.
/// `is_simple`: unsigned codes, and none that is clamped but by packing.
template <bool is_simple>
std::size_t run_channels(const Numbers& numbers, const std::uint8_t* in, std::uint8_t* out,
                         std::size_t size)
{
    const __m128i input_flip = _mm_set1_epi8(static_cast<char>(numbers.input_flip));
    const __m512i output_flip = _mm512_set1_epi8(static_cast<char>(numbers.output_flip));
    const __m512 rounder = _mm512_set1_ps(static_cast<float>((3 << 22) + numbers.z));
    // Every second word of two vectors, and the order that packing in quarters leaves.
    const __m512i low_words
        = _mm512_set_epi16(62, 60, 58, 56, 54, 52, 50, 48, 46, 44, 42, 40, 38, 36, 34, 32, 30, 28,
                           26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0);
    const __m512i order = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);
    std::size_t at = numbers.first;
    std::size_t done = 0;
    for (; done + 64 <= size; done += 64) {
        const auto sum = [&](std::size_t k) {
            __m128i quarter = _mm_loadu_si128(reinterpret_cast<const __m128i*>(in + done + k));
            if (!is_simple)
                quarter = _mm_xor_si128(quarter, input_flip);
            const __m512 lane = _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(quarter));
            const __m512 moved = _mm512_add_ps(lane, _mm512_loadu_ps(numbers.b + at + k));
            return _mm512_castps_si512(
                _mm512_fmadd_ps(moved, _mm512_loadu_ps(numbers.a + at + k), rounder));
        };
        const __m512i first = _mm512_permutex2var_epi16(sum(0), low_words, sum(16));
        const __m512i second = _mm512_permutex2var_epi16(sum(32), low_words, sum(48));
        __m512i codes = _mm512_permutexvar_epi64(order, _mm512_packus_epi16(first, second));
        if (!is_simple) {
            codes = _mm512_min_epu8(_mm512_max_epu8(codes, load(numbers.low + at)),
                                    load(numbers.high + at));
            codes = _mm512_xor_si512(codes, output_flip);
        }
        store(out + done, codes, numbers.past_caches);
        at += 64;
        at -= at >= numbers.period ? numbers.period : 0;
    }
    return done;
}

} // namespace

std::size_t run_avx512(const Numbers& numbers, const std::uint8_t* in, std::uint8_t* out,
                       std::size_t size)
{
    const bool is_simple
        = !numbers.is_clamped && numbers.input_flip == 0 && numbers.output_flip == 0;
    const auto run = numbers.period == 0 ? run_table
        : is_simple                      ? run_channels<true>
                                         : run_channels<false>;
    const std::size_t done = run(numbers, in, out, size);
    if (numbers.past_caches)
        _mm_sfence();
    return done;
}

} // namespace qbn::apply

#endif
