#include "core/apply/kernels.h"

#ifdef QBN_HAS_AVX2_KERNELS

#include <immintrin.h>

#include <algorithm>

namespace qbn::apply {

namespace {

constexpr std::size_t ahead = 4096; // bytes: what is not in the first caches takes as long as these
constexpr std::size_t least_looked_up = 64; // planes that are worth the load of a table

inline __m512i load(const void* from)
{
    return _mm512_loadu_si512(from);
}

inline void fetch_ahead(const std::uint8_t* in)
{
    _mm_prefetch(in + ahead, _MM_HINT_T0);
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

/// A plane by its table in four registers, of which an instruction looks 64 bytes up in two.
void look_up(const Table& table, const std::uint8_t* in, std::uint8_t* out, std::size_t size,
             bool past_caches)
{
    const __m512i first_quarter = load(&table[0]);
    const __m512i second_quarter = load(&table[64]);
    const __m512i third_quarter = load(&table[128]);
    const __m512i fourth_quarter = load(&table[192]);
    const auto codes = [&](__m512i bytes) {
        const __m512i lower = _mm512_permutex2var_epi8(first_quarter, bytes, second_quarter);
        const __m512i upper = _mm512_permutex2var_epi8(third_quarter, bytes, fourth_quarter);
        return _mm512_mask_blend_epi8(_mm512_movepi8_mask(bytes), lower, upper);
    };
    const auto some = [&](std::size_t from, std::size_t count) {
        const __mmask64 bytes = first(count);
        _mm512_mask_storeu_epi8(out + from, bytes,
                                codes(_mm512_maskz_loadu_epi8(bytes, in + from)));
    };
    std::size_t done = 0;
    if (past_caches) {
        done = std::min(-reinterpret_cast<std::uintptr_t>(out) % 64, size);
        some(0, done);
    }
    for (; done + 64 <= size; done += 64) {
        fetch_ahead(in + done);
        store(out + done, codes(load(in + done)), past_caches);
    }
    if (done < size)
        some(done, size - done);
}

/// The numbers of 32 bytes, every second of 64.
struct Vectors
{
    __m512i a, b, scale, c;
};

inline Vectors vectors(const Lines& lines, std::size_t at)
{
    return {load(lines.a + at), load(lines.b + at), load(lines.scale + at), load(lines.c + at)};
}

/// The codes of 64 bytes, but for what is clamped.
inline __m512i line_codes(__m512i bytes, const Vectors& even, const Vectors& odd)
{
    const auto code = [](__m512i x, const Vectors& line) {
        const __m512i t = _mm512_adds_epi16(_mm512_mulhi_epi16(x, line.a), line.b);
        return _mm512_mulhi_epi16(t, line.scale);
    };
    constexpr int and_xor = 0x6a; // (x & y) ^ z
    const __m512i upper = _mm512_set1_epi16(static_cast<short>(0xff00));
    // Packing puts eight even ones before eight odd ones.
    const __m512i order = _mm512_broadcast_i32x4(
        _mm_setr_epi8(0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15));
    const __m512i first = code(_mm512_xor_si512(_mm512_slli_epi16(bytes, 8), even.c), even);
    const __m512i second = code(_mm512_ternarylogic_epi64(bytes, upper, odd.c, and_xor), odd);
    return _mm512_shuffle_epi8(_mm512_packus_epi16(first, second), order);
}

inline __m512i clamped(__m512i codes, __m512i low, __m512i high, const Common& common)
{
    return _mm512_xor_si512(_mm512_min_epu8(_mm512_max_epu8(codes, low), high),
                            _mm512_set1_epi8(static_cast<char>(common.output_flip)));
}

/// `is_simple`: unsigned codes, and none that is clamped but by packing.
bool is_simple(const Common& common)
{
    return !common.is_clamped && common.output_flip == 0;
}

// Numbers are copied: what a store may change would be loaded for each vector.
template <bool simple>
std::size_t run_channels(const Numbers numbers, const std::uint8_t* in, std::uint8_t* out,
                         std::size_t size)
{
    std::size_t at = numbers.first;
    std::size_t done = 0;
    for (; done + 64 <= size; done += 64) {
        fetch_ahead(in + done);
        __m512i codes
            = line_codes(load(in + done), vectors(numbers.even, at), vectors(numbers.odd, at));
        if (!simple)
            codes = clamped(codes, load(numbers.low + 2 * at), load(numbers.high + 2 * at),
                            numbers.common);
        store(out + done, codes, numbers.common.past_caches);
        at += 32;
        at -= at >= numbers.period ? numbers.period : 0;
    }
    return done;
}

/// Vectors of several planes each. `is_paired`: bytes 2k and 2k + 1 are of one channel.
template <bool simple, bool is_paired>
std::size_t run_short(const Planes planes, const std::uint8_t* in, std::uint8_t* out,
                      std::size_t size)
{
    const auto count = static_cast<std::size_t>(planes.plane);
    const auto word
        = [](std::size_t value) { return _mm512_set1_epi16(static_cast<short>(value)); };
    const __m512i even
        = _mm512_set_epi16(62, 60, 58, 56, 54, 52, 50, 48, 46, 44, 42, 40, 38, 36, 34, 32, 30, 28,
                           26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0);
    // The upper 16 bits of a product with it are the quotient, as what is divided is less than 128.
    const __m512i reciprocal = word(0x10000 / count + 1);
    std::size_t at = planes.channel;
    std::size_t place = count - planes.rest; // of the vector's first byte in its plane
    const std::size_t left = 64 % count;
    __m512i first = _mm512_setzero_si512();
    __m512i second = first;
    std::size_t done = 0;
    for (; done + 64 <= size; done += 64) {
        const auto of = [&](__m512i channels) {
            const auto pick = [&](const std::int16_t* from) {
                const auto* const some = reinterpret_cast<const __m256i*>(from + at);
                return _mm512_permutexvar_epi16(channels,
                                                _mm512_castsi256_si512(_mm256_loadu_si256(some)));
            };
            return Vectors{pick(planes.lines.a), pick(planes.lines.b), pick(planes.lines.scale),
                           pick(planes.lines.c)};
        };
        if (left != 0 || done == 0) {
            const __m512i places = _mm512_add_epi16(even, word(place));
            first = _mm512_mulhi_epu16(places, reciprocal);
            second = is_paired ? first
                               : _mm512_mulhi_epu16(_mm512_add_epi16(places, word(1)), reciprocal);
        }
        const Vectors line = of(first);
        __m512i codes = line_codes(load(in + done), line, is_paired ? line : of(second));
        if (!simple) {
            const __m512i channels = _mm512_or_si512(first, _mm512_slli_epi16(second, 8));
            codes
                = clamped(codes, _mm512_permutexvar_epi8(channels, load(planes.low + at)),
                          _mm512_permutexvar_epi8(channels, load(planes.high + at)), planes.common);
        }
        store(out + done, codes, false);
        place += 64 % count;
        at += 64 / count + (place >= count ? 1 : 0);
        place -= place >= count ? count : 0;
        at -= at >= planes.period ? planes.period : 0;
    }
    return done;
}

} // namespace

std::size_t run_avx512(const Numbers& numbers, const std::uint8_t* in, std::uint8_t* out,
                       std::size_t size)
{
    const std::size_t done = is_simple(numbers.common)
        ? run_channels<true>(numbers, in, out, size)
        : run_channels<false>(numbers, in, out, size);
    if (numbers.common.past_caches)
        _mm_sfence();
    return done;
}

std::size_t run_planes_avx512(const Planes& planes, const std::uint8_t* in, std::uint8_t* out,
                              std::size_t size)
{
    // Then 64 bytes are of 16 channels at most, whose numbers are one load each.
    const bool has_few = planes.plane > 4 || (planes.plane == 4 && planes.rest == 4);
    if (has_few && planes.plane < least_looked_up && planes.lines.a != nullptr) {
        const bool simple = is_simple(planes.common);
        const bool is_paired = planes.plane % 2 == 0 && planes.rest % 2 == 0;
        const auto run = simple ? is_paired ? run_short<true, true> : run_short<true, false>
            : is_paired ? run_short<false, true>
                                : run_short<false, false>;
        return run(planes, in, out, size);
    }
    std::size_t channel = planes.channel;
    std::size_t length = std::min(planes.rest, size);
    for (std::size_t done = 0; done < size; length = std::min(planes.plane, size - done)) {
        look_up(planes.tables[channel], in + done, out + done, length, planes.common.past_caches);
        done += length;
        channel = channel + 1 == planes.channels ? 0 : channel + 1;
    }
    if (planes.common.past_caches)
        _mm_sfence();
    return size;
}

} // namespace qbn::apply

#endif
