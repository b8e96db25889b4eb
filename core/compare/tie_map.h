#pragma once

#include "core/backends/backend.h"
#include "core/layer/batch_norm.h"

#include <cmath>
#include <vector>

namespace qbn {

/// How far the exact value of one input code lies from the nearest boundary, the point half way
/// between two output codes where the code changes. Boundaries beyond the clamp, or below the zero
/// point of a fused ReLU, change nothing and do not count.
struct CodeMargin
{
    /// In output steps, right to 28 bits; infinity without any boundary, NaN without a real answer.
    double steps = 0;
    double ulp = 0; ///< the same in units in the last place of the backend's own steps
    bool tie = false; ///< exactly on the boundary
    bool near = false; ///< not on it, but another order of binary32 roundings could cross it
    double bound = 0; ///< rounding_error_bound() of the code

    /// Extreme parameters, of which nothing can be said, make every code uncertain; those are no
    /// near ties.
    bool near_tie() const { return near && steps <= bound && std::isfinite(bound); }
};

struct ChannelTieMap
{
    std::vector<CodeMargin> codes; ///< index i is input code qmin + i
    int ties = 0;
    int near = 0;

    /// Every sound backend (Backend::is_sound()) gives the same codes: see rounding_error_bound().
    bool certified() const { return ties == 0 && near == 0; }
};

/// ulp is that of binary32 for backends that compute in it, of binary64 for `textbook` and `exact`,
/// and 2^-n for integers.
ChannelTieMap tie_map(const Backend& backend, const BatchNormLayer& layer, int channel);

/// What the tie map of any backend counts, without the margins.
struct TieCounts
{
    int ties = 0;
    int near = 0; ///< CodeMargin::near_tie()
    int uncertain = 0; ///< near, but no near ties

    void add(const CodeMargin& margin);
};
TieCounts counts_of(const ChannelTieMap& map);
TieCounts count_ties(const BatchNormLayer& layer, int channel);

/// A bound on |steps - exact steps| for one input code in every sound backend: one that narrows
/// each parameter to binary32 at most once and computes the formula in binary32 or better, in
/// any order of operations with at most one rounding for each of them. With u = 2^-24,
/// c = (|var| + |eps|) / (var + eps), gain = gamma / sqrt(var + eps):
///     u * ((14 + c) * |gain| * (|dequantized| + |mean|) + 7 * |beta|) / y_scale + 1e-12
/// Roundings counted on the longest path: var and eps c/2 (the root halves it), their sum 1/2,
/// root, reciprocal, gamma and its product 4, dequantized 3 with the mean subtracted, multiply and
/// add 2, a factor of the scale 3; 1e-12 pays for underflow. Infinity where a parameter is so large
/// or small that binary32 might overflow, or where steps may not fit into int32.
double rounding_error_bound(const BatchNormLayer& layer, int channel, std::int32_t input_code);

} // namespace qbn
