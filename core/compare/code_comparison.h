#pragma once

#include "core/backends/backend.h"
#include "core/layer/batch_norm.h"

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

/// How near the codes of one channel lie to where they change (core/compare/tie_map.h), and how many
/// differ.
struct ChannelComparison
{
    std::int64_t differing = 0; ///< input codes on which any two of the backends differ
    std::int64_t ties = 0; ///< exactly half way between two output codes
    std::int64_t near = 0; ///< another order of binary32 roundings could flip them
    /// Nothing can be said of them: parameters too extreme, or a zero point outside of its type.
    std::int64_t uncertain = 0;

    /// Every sound backend in binary32 or better gives the same codes.
    bool certified() const { return ties == 0 && near == 0 && uncertain == 0; }
};

struct LayerComparison
{
    std::int64_t codes = 0; ///< compared, of all channels
    std::vector<PairComparison> pairs; ///< each backend with each after it
    std::vector<ChannelComparison> channels; ///< C of them

    bool differs() const;
    ChannelComparison all() const; ///< the sums over all channels
    std::int64_t certified_channels() const;
    bool certified() const { return all().certified(); }
};

/// Requires: at least two backends. Lists at most `places` codes for each pair. `threads` share the channels, 0: as many as the
/// machine runs at a time.
LayerComparison compare(const BatchNormLayer& layer, std::span<const Backend* const> backends,
                        std::size_t places = 5, int threads = 0);

} // namespace qbn
