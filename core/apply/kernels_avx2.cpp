#include "core/apply/kernels.h"

#ifdef QBN_HAS_AVX2_KERNELS

#include <immintrin.h>

namespace qbn::apply {

namespace {

inline __m256i load(const void* from)
{
    return _mm256_loadu_si256(static_cast<const __m256i*>(from));
}

inline void store(std::uint8_t* out, __m256i bytes, bool past_caches)
{
    auto* const to = reinterpret_cast<__m256i*>(out);
    if (past_caches)
        _mm256_stream_si256(to, bytes);
    else
        _mm256_storeu_si256(to, bytes);
}

/// The numbers of 16 bytes, every second of 32.
struct Vectors
{
    __m256i a, b, scale, c;
};

inline Vectors vectors(const Lines& lines, std::size_t at)
{
    return {load(lines.a + at), load(lines.b + at), load(lines.scale + at), load(lines.c + at)};
}

inline Vectors one(const Lines& lines)
{
    return {_mm256_set1_epi16(*lines.a), _mm256_set1_epi16(*lines.b),
            _mm256_set1_epi16(*lines.scale), _mm256_set1_epi16(*lines.c)};
}

inline __m256i code(__m256i x, const Vectors& line)
{
    const __m256i t = _mm256_adds_epi16(_mm256_mulhi_epi16(x, line.a), line.b);
    return _mm256_mulhi_epi16(t, line.scale);
}

inline __m256i line_codes(__m256i bytes, const Vectors& even, const Vectors& odd)
{
    const __m256i upper = _mm256_set1_epi16(static_cast<short>(0xff00));
    // Packing puts eight even ones before eight odd ones.
    const __m256i order = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15));
    const __m256i first = code(_mm256_xor_si256(_mm256_slli_epi16(bytes, 8), even.c), even);
    const __m256i second = code(_mm256_xor_si256(_mm256_and_si256(bytes, upper), odd.c), odd);
    return _mm256_shuffle_epi8(_mm256_packus_epi16(first, second), order);
}

// Numbers are copied: what a store may change would be loaded for each vector.
template <bool per_byte>
std::size_t run(const Numbers numbers, const std::uint8_t* in, std::uint8_t* out, std::size_t size)
{
    const Vectors line = one(numbers.even);
    const __m256i low = _mm256_set1_epi8(static_cast<char>(*numbers.low));
    const __m256i high = _mm256_set1_epi8(static_cast<char>(*numbers.high));
    const __m256i flip = _mm256_set1_epi8(static_cast<char>(numbers.common.output_flip));
    std::size_t at = numbers.first;
    std::size_t done = 0;
    for (; done + 32 <= size; done += 32) {
        const __m256i bytes = load(in + done);
        const __m256i codes = per_byte
            ? line_codes(bytes, vectors(numbers.even, at), vectors(numbers.odd, at))
            : line_codes(bytes, line, line);
        const __m256i clamped
            = _mm256_min_epu8(_mm256_max_epu8(codes, per_byte ? load(numbers.low + 2 * at) : low),
                              per_byte ? load(numbers.high + 2 * at) : high);
        store(out + done, _mm256_xor_si256(clamped, flip), numbers.common.past_caches);
        if (per_byte) {
            at += 16;
            at -= at >= numbers.period ? numbers.period : 0;
        }
    }
    if (numbers.common.past_caches)
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
