#include "core/apply/kernels.h"

#ifdef QBN_HAS_AVX2_KERNELS

#include <immintrin.h>

namespace qbn::apply {

namespace {

/// What is the same for all bytes.
struct Shared
{
    explicit Shared(const Numbers& numbers)
        : z(_mm256_set1_epi16(static_cast<short>(numbers.z)))
        , output_flip(_mm256_set1_epi8(static_cast<char>(numbers.output_flip)))
        , input_flip(_mm_set1_epi8(static_cast<char>(numbers.input_flip)))
    { }

    __m256i z, output_flip;
    __m128i input_flip;
    __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7); // packing works on halves
};

inline __m256i whole(__m128i bytes, __m256 a, __m256 b)
{
    const __m256 x = _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(bytes));
    return _mm256_cvtps_epi32(
        _mm256_add_ps(_mm256_mul_ps(x, a), b)); // half to even, as the program runs
}

/// Packing saturates at 16 bits, beyond which no code lies, and at 8.
inline __m256i codes(const Shared& shared, const __m256i (&r)[4], __m256i low, __m256i high)
{
    const __m256i first = _mm256_adds_epi16(_mm256_packs_epi32(r[0], r[1]), shared.z);
    const __m256i second = _mm256_adds_epi16(_mm256_packs_epi32(r[2], r[3]), shared.z);
    const __m256i mixed = _mm256_packus_epi16(first, second);
    const __m256i bytes = _mm256_permutevar8x32_epi32(mixed, shared.order);
    return _mm256_xor_si256(_mm256_min_epu8(_mm256_max_epu8(bytes, low), high), shared.output_flip);
}

inline void store(std::uint8_t* out, __m256i bytes, bool past_caches)
{
    auto* const to = reinterpret_cast<__m256i*>(out);
    if (past_caches)
        _mm256_stream_si256(to, bytes);
    else
        _mm256_storeu_si256(to, bytes);
}

inline __m256i load(const std::uint8_t* from)
{
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}

template <bool per_byte>
std::size_t run(const Numbers& numbers, const std::uint8_t* in, std::uint8_t* out, std::size_t size)
{
    const Shared shared(numbers);
    const __m256 a = _mm256_set1_ps(*numbers.a);
    const __m256 b = _mm256_set1_ps(*numbers.b);
    const __m256i low = _mm256_set1_epi8(static_cast<char>(*numbers.low));
    const __m256i high = _mm256_set1_epi8(static_cast<char>(*numbers.high));
    std::size_t at = numbers.first;
    std::size_t done = 0;
    for (; done + 32 <= size; done += 32) {
        const auto* const from = reinterpret_cast<const __m128i*>(in + done);
        const __m128i first = _mm_xor_si128(_mm_loadu_si128(from), shared.input_flip);
        const __m128i second = _mm_xor_si128(_mm_loadu_si128(from + 1), shared.input_flip);
        const auto of = [&](__m128i bytes, std::size_t k) {
            return per_byte ? whole(bytes, _mm256_loadu_ps(numbers.a + at + k),
                                    _mm256_loadu_ps(numbers.b + at + k))
                            : whole(bytes, a, b);
        };
        const __m256i r[] = {of(first, 0), of(_mm_srli_si128(first, 8), 8), of(second, 16),
                             of(_mm_srli_si128(second, 8), 24)};
        store(out + done,
              per_byte ? codes(shared, r, load(numbers.low + at), load(numbers.high + at))
                       : codes(shared, r, low, high),
              numbers.past_caches);
        if (per_byte) {
            at += 32;
            at -= at >= numbers.period ? numbers.period : 0;
        }
    }
    if (numbers.past_caches)
        _mm_sfence();
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
