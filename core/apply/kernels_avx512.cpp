#include "core/apply/kernels.h"

#ifdef QBN_HAS_AVX2_KERNELS

#include <immintrin.h>

namespace qbn::apply {

namespace {

inline __m512i load(const std::uint8_t* from)
{
    return _mm512_loadu_si512(from);
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
    std::size_t done = 0;
    for (; done + 64 <= size; done += 64) {
        const __m512i bytes = load(in + done);
        const __m512i lower = _mm512_permutex2var_epi8(table[0], bytes, table[1]);
        const __m512i upper = _mm512_permutex2var_epi8(table[2], bytes, table[3]);
        store(out + done, _mm512_mask_blend_epi8(_mm512_movepi8_mask(bytes), lower, upper),
              numbers.past_caches);
    }
    return done;
}

/// As in kernels_avx2.cpp, with vectors of twice the width.
std::size_t run_channels(const Numbers& numbers, const std::uint8_t* in, std::uint8_t* out,
                         std::size_t size)
{
    const __m512i z = _mm512_set1_epi16(static_cast<short>(numbers.z));
    const __m512i input_flip = _mm512_set1_epi8(static_cast<char>(numbers.input_flip));
    const __m512i output_flip = _mm512_set1_epi8(static_cast<char>(numbers.output_flip));
    const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    std::size_t at = numbers.first;
    std::size_t done = 0;
    for (; done + 64 <= size; done += 64) {
        const __m512i bytes = _mm512_xor_si512(load(in + done), input_flip);
        const auto whole = [&](__m128i quarter, std::size_t k) {
            const __m512 x = _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(quarter));
            const __m512 product = _mm512_mul_ps(x, _mm512_loadu_ps(numbers.a + at + k));
            return _mm512_cvtps_epi32(_mm512_add_ps(product, _mm512_loadu_ps(numbers.b + at + k)));
        };
        const __m512i first = _mm512_packs_epi32(whole(_mm512_castsi512_si128(bytes), 0),
                                                 whole(_mm512_extracti32x4_epi32(bytes, 1), 16));
        const __m512i second = _mm512_packs_epi32(whole(_mm512_extracti32x4_epi32(bytes, 2), 32),
                                                  whole(_mm512_extracti32x4_epi32(bytes, 3), 48));
        const __m512i mixed
            = _mm512_packus_epi16(_mm512_adds_epi16(first, z), _mm512_adds_epi16(second, z));
        const __m512i codes = _mm512_permutexvar_epi32(order, mixed);
        const __m512i clamped = _mm512_min_epu8(_mm512_max_epu8(codes, load(numbers.low + at)),
                                                load(numbers.high + at));
        store(out + done, _mm512_xor_si512(clamped, output_flip), numbers.past_caches);
        at += 64;
        at -= at >= numbers.period ? numbers.period : 0;
    }
    return done;
}

} // namespace

std::size_t run_avx512(const Numbers& numbers, const std::uint8_t* in, std::uint8_t* out,
                       std::size_t size)
{
    const std::size_t done = numbers.period == 0 ? run_table(numbers, in, out, size)
                                                 : run_channels(numbers, in, out, size);
    if (numbers.past_caches)
        _mm_sfence();
    return done;
}

} // namespace qbn::apply

#endif
