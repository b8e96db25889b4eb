#include "core/apply/kernels.h"

#ifdef QBN_HAS_AVX2_KERNELS

#include <immintrin.h>

namespace qbn::apply {

namespace {

struct Lanes
{
    __m256 a, b, low, high;
};

inline Lanes load(const Numbers& numbers, std::size_t at)
{
    return {_mm256_loadu_ps(numbers.a + at), _mm256_loadu_ps(numbers.b + at),
            _mm256_loadu_ps(numbers.low + at), _mm256_loadu_ps(numbers.high + at)};
}

inline Lanes spread(const Numbers& numbers)
{
    return {_mm256_set1_ps(*numbers.a), _mm256_set1_ps(*numbers.b), _mm256_set1_ps(*numbers.low),
            _mm256_set1_ps(*numbers.high)};
}

inline __m256i codes(__m128i bytes, const Lanes& lanes, __m256i z)
{
    const __m256 x = _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(bytes));
    const __m256 t = _mm256_add_ps(_mm256_mul_ps(x, lanes.a), lanes.b);
    const __m256 clamped = _mm256_min_ps(_mm256_max_ps(t, lanes.low), lanes.high);
    return _mm256_add_epi32(_mm256_cvtps_epi32(clamped), z); // half to even, as the program runs
}

template <bool per_byte>
std::size_t run(const Numbers& numbers, const std::uint8_t* in, std::uint8_t* out, std::size_t size)
{
    const __m256i z = _mm256_set1_epi32(numbers.z);
    const __m128i input_flip = _mm_set1_epi8(static_cast<char>(numbers.input_flip));
    const __m256i output_flip = _mm256_set1_epi8(static_cast<char>(numbers.output_flip));
    const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7); // packing works on halves
    const Lanes all = per_byte ? Lanes{} : spread(numbers);
    std::size_t at = numbers.first;
    std::size_t done = 0;
    for (; done + 32 <= size; done += 32) {
        const auto* const from = reinterpret_cast<const __m128i*>(in + done);
        const __m128i first = _mm_xor_si128(_mm_loadu_si128(from), input_flip);
        const __m128i second = _mm_xor_si128(_mm_loadu_si128(from + 1), input_flip);
        const auto lanes = [&](std::size_t k) { return per_byte ? load(numbers, at + k) : all; };
        const __m256i r0 = codes(first, lanes(0), z);
        const __m256i r1 = codes(_mm_srli_si128(first, 8), lanes(8), z);
        const __m256i r2 = codes(second, lanes(16), z);
        const __m256i r3 = codes(_mm_srli_si128(second, 8), lanes(24), z);
        const __m256i packed
            = _mm256_packus_epi16(_mm256_packs_epi32(r0, r1), _mm256_packs_epi32(r2, r3));
        const __m256i bytes
            = _mm256_xor_si256(_mm256_permutevar8x32_epi32(packed, order), output_flip);
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + done), bytes);
        if (per_byte) {
            at += 32;
            at -= at >= numbers.period ? numbers.period : 0;
        }
    }
    return done;
}

} // namespace

std::size_t run_avx2(const Numbers& numbers, const std::uint8_t* in, std::uint8_t* out,
                     std::size_t size)
{
    return numbers.period == 0 ? run<false>(numbers, in, out, size)
                               : run<true>(numbers, in, out, size);
}

} // namespace qbn::apply

#endif
