#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace qbn {

/// The output codes of a channel as bytes, signed ones in two's complement; 0 behind the last one.
using CodeBytes = std::array<std::uint8_t, 256>;

constexpr std::int32_t most_difference = 255;
/// How often two codes differ by how much, from -255 on.
using DifferenceCounts = std::array<std::int64_t, 2 * most_difference + 1>;

inline std::int64_t& count_of(DifferenceCounts& counts, std::int32_t difference)
{
    return counts[static_cast<std::size_t>(std::int64_t{difference} + most_difference)];
}

/// By how much the codes of two backends differ how often.
struct CodeDifferences
{
    std::int64_t differing = 0;
    std::vector<std::pair<std::int32_t, std::int64_t>> counts; ///< second - first, not 0, rising
};

/// Finds them without a jump, as nothing could foresee where codes differ.
class DifferenceFinder
{
public:
    void find(CodeDifferences& found, const CodeBytes& first, const CodeBytes& second,
              bool is_signed);

private:
    static constexpr std::size_t tables = 4; // taken by turns, as a count waits for the one before
    std::array<DifferenceCounts, tables> counts_{}; ///< 0 between calls
};

} // namespace qbn
