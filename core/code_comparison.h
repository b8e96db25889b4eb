#pragma once

#include "core/backends/backend.h"
#include "core/batch_norm.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace qbn {

/// A code that two backends compute differently.
struct DifferingCode
{
    int channel = 0;
    std::int32_t input_code = 0;
    std::int32_t first = 0; ///< output code of the pair's first backend
    std::int32_t second = 0;
};

/// Two backends on all codes of all channels of one layer.
struct PairComparison
{
    const Backend* first = nullptr;
    const Backend* second = nullptr;
    std::int64_t differing = 0;
    std::map<std::int32_t, std::int64_t> by_difference; ///< second - first, how many codes
    std::vector<DifferingCode> places; ///< the first few, by channel and code
};

/// How many fraction bits `fixed-point` needs and has room for, the same for all channels.
struct FractionBits
{
    std::optional<int> largest_safe; ///< every channel's accumulator fits into int32
    std::optional<int> smallest_exact; ///< every channel gives the codes of `exact`
};

struct LayerComparison
{
    std::int64_t codes = 0; ///< compared, of all channels
    std::vector<PairComparison> pairs; ///< each backend with each after it
    std::int64_t ties = 0; ///< codes exactly half way between two output codes
    std::int64_t near = 0; ///< codes that another order of binary32 roundings could flip
    std::int32_t certified_channels = 0; ///< neither: every sound backend agrees (core/tie_map.h)

    bool differs() const;
    bool certified() const { return ties == 0 && near == 0; }
};

/// Requires: at least two backends. Lists at most `places` codes for each pair.
LayerComparison compare(const BatchNormLayer& layer, std::span<const Backend* const> backends,
                        std::size_t places = 5);

FractionBits fraction_bits_for(const BatchNormLayer& layer,
                               Arithmetic::Integer::Accumulator accumulator
                               = Arithmetic::Integer::Accumulator::int32);

} // namespace qbn
