#include "core/compare/code_differences.h"

#include <algorithm>

namespace qbn {

void DifferenceFinder::find(CodeDifferences& found, const CodeBytes& first, const CodeBytes& second,
                            bool is_signed)
{
    const int flip = is_signed ? 0x80 : 0; // then signed codes are in order too
    std::array<std::int16_t, 256> differences;
    std::int16_t least = 0;
    std::int16_t most = 0;
    for (std::size_t i = 0; i < differences.size(); ++i) {
        const auto difference = static_cast<std::int16_t>((second[i] ^ flip) - (first[i] ^ flip));
        differences[i] = difference;
        least = std::min(least, difference);
        most = std::max(most, difference);
    }
    for (std::size_t i = 0; i < differences.size(); i += tables) {
        for (std::size_t table = 0; table < tables; ++table)
            ++count_of(counts_[table], differences[i + table]);
    }
    found.differing = 0;
    found.counts.clear();
    for (std::int32_t difference = least; difference <= most; ++difference) {
        std::int64_t count = 0;
        for (DifferenceCounts& table : counts_)
            count += std::exchange(count_of(table, difference), 0);
        if (difference == 0 || count == 0)
            continue;
        found.differing += count;
        found.counts.emplace_back(difference, count);
    }
}

} // namespace qbn
