#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <vector>

namespace qbn::apply {

/// A vector that begins with a line of the caches, as a load that lies in two of them takes as long as two.
template <typename T> struct LineAllocator
{
    using value_type = T;

    LineAllocator() = default;
    template <typename U> LineAllocator(const LineAllocator<U>&) { }

    T* allocate(std::size_t count)
    {
        return static_cast<T*>(::operator new(count * sizeof(T), line));
    }
    void deallocate(T* from, std::size_t) { ::operator delete(from, line); }
    bool operator==(const LineAllocator&) const = default;

    static constexpr std::align_val_t line{64};
};
template <typename T> using Aligned = std::vector<T, LineAllocator<T>>;

using Table = std::array<std::uint8_t, 256>; ///< of a channel, by the input's byte

/// The numbers of AffineChannel as vectors take them, entry after entry. A byte of the input, shifted left by 8, is 256 * (i - 128) + c
/// after an exclusive or with `c`; a product with `scale`, of which the upper 16 bits stay, shifts to the right.
struct Lines
{
    const std::int16_t* a = nullptr;
    const std::int16_t* b = nullptr;
    const std::int16_t* scale = nullptr;
    const std::int16_t* c = nullptr;
};

/// What all bytes have in common. Arithmetic gives the output code less the least that its byte can hold, so that all lies in 0..255; the
/// output is that ^ output_flip.
struct Common
{
    bool is_clamped = true; ///< by low and high in some channel, and not only by 0 and 255
    std::uint8_t output_flip = 0;
    bool past_caches = false; ///< the output is written past them, as it does not fit
};

/// Bytes of channels by turns, or of one. Bytes 2k and 2k + 1 have entry first + k of `even` and `odd`, counted in a circle of `period`
/// pairs; 64 bytes more stand behind the circle, the first ones again. A period of 0: the entries of `even` and `low` and `high` there for all bytes.
struct Numbers
{
    Lines even, odd;
    const std::uint8_t* low = nullptr; ///< of each byte
    const std::uint8_t* high = nullptr;
    std::size_t first = 0;
    std::size_t period = 0;
    Common common; ///< past_caches: for an output that begins at a multiple of 64
};

/// Planes, one after the other: the first of `channel`, of which `rest` bytes are left.
struct Planes
{
    const Table* tables = nullptr; ///< of each channel
    std::size_t channels = 0;
    std::size_t channel = 0;
    std::size_t plane = 0;
    std::size_t rest = 0;
    Lines
        lines; ///< of each channel, in a circle of `period` channels with 64 more behind; none where some channel is its table alone
    const std::uint8_t* low = nullptr;
    const std::uint8_t* high = nullptr;
    std::size_t period = 0;
    Common common;
};

/// Computes a part of the bytes and returns how many: all but the last few.
using Run = std::size_t (*)(const Numbers& numbers, const std::uint8_t* in, std::uint8_t* out,
                            std::size_t size);
using RunPlanes = std::size_t (*)(const Planes& planes, const std::uint8_t* in, std::uint8_t* out,
                                  std::size_t size);

struct Kernel
{
    Run run = nullptr;
    RunPlanes run_planes = nullptr; ///< where there is a better way than a run for each
};

std::size_t run_plain(const Numbers& numbers, const std::uint8_t* in, std::uint8_t* out,
                      std::size_t size);
std::size_t run_avx2(const Numbers& numbers, const std::uint8_t* in, std::uint8_t* out,
                     std::size_t size);
std::size_t run_avx512(const Numbers& numbers, const std::uint8_t* in, std::uint8_t* out,
                       std::size_t size);
std::size_t run_planes_avx512(const Planes& planes, const std::uint8_t* in, std::uint8_t* out,
                              std::size_t size);

/// The best one that this machine has.
Kernel best_kernel();

} // namespace qbn::apply
