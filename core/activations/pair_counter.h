#pragma once

#include "core/activations/byte_counter.h"
#include "core/apply/kernels.h"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace qbn::activations {

/// A pair of bytes of a channel.
struct BytePair
{
    std::uint32_t cell = 0; ///< 256 * channel + input byte
    std::uint8_t output = 0;
    std::uint64_t count = 0;
    std::uint64_t first = 0;
};

/// Notes which output byte stands beside each input byte of a channel. A layer gives one to each, so the first that is seen is held
/// against all others, which is one look-up and one comparison; only what differs from it is counted. How often the first one was
/// seen follows from how often the input byte was.
class PairCounter
{
public:
    explicit PairCounter(const Grid& grid, apply::Kernel kernel = apply::best_kernel());

    /// Elements from `first` on, whole planes or a part of one, which are longer than 1. Of a channel, in ascending order. `ahead`: as
    /// ByteCounter's.
    void add_planes(std::uint64_t first, Bytes input, Bytes output, std::size_t ahead);
    /// The same, of columns of one byte from `column` on.
    void add_row(std::uint64_t column, std::uint64_t first, Bytes input, Bytes output,
                 std::size_t ahead);

    /// Input bytes with several output bytes: more than several_outputs_limit, and no more are noted.
    bool is_full() const { return is_full_; }

    /// All pairs by cell and output. `inputs`: how often each cell was added.
    std::vector<BytePair> take(std::span<const std::uint64_t> inputs) const;

private:
    static constexpr std::uint16_t nothing = 256;
    /// The other output bytes of a cell.
    struct Others
    {
        std::array<std::uint64_t, 256> counts{};
        std::array<std::uint64_t, 256> firsts{};
    };

    void add_run(std::size_t channel, std::uint64_t first, Bytes input, Bytes output,
                 std::size_t ahead);
    void look_up(std::uint64_t first, Bytes input, Bytes output);
    void add(std::uint32_t cell, std::uint64_t element, std::uint8_t output);

    std::vector<std::uint16_t> expected_; ///< of each cell
    std::vector<std::uint64_t> firsts_;
    std::vector<std::uint32_t> others_of_; ///< 1 more than the place in others_; 0: none
    std::vector<Others> others_;
    bool is_full_ = false;
    const Grid& grid_;
    apply::Kernel kernel_;
    /// What is expected, of each channel: of a byte that was not seen the two differ, so that no output is both.
    std::array<apply::Aligned<apply::Table>, 2> tables_;
    std::vector<std::uint16_t>
        of_columns_; ///< of columns of one byte: `nothing`, or what is expected
};

/// Two lists of take() as one.
std::vector<BytePair> merged(const std::vector<BytePair>& a, const std::vector<BytePair>& b);

} // namespace qbn::activations
