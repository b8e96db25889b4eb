#pragma once

#include "core/backends/backend.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qbn::conformance {

/// The subject's formula with one operation made otherwise.
struct Variant
{
    std::string_view name; ///< "multiply-add apart"
    const Backend* backend = nullptr;
    bool decidesNearTies = false; ///< else exact ties, or what is not a sane number
};

/// A formula that is held against a real operator, and what that operator takes.
struct Subject
{
    std::string_view name; ///< "pytorch"; the operator's program knows it by this name
    const Backend* backend = nullptr;
    std::vector<Variant> variants;
    bool binary64Scales = false; ///< scales that are not binary32 numbers
    std::int32_t wildestZeroPoint = 0; ///< outside of the code's type; 0: none is taken there
    bool mixedTypes = false; ///< quint8 in and qint8 out, or the reverse
    bool unsignedAlone = false; ///< quint8 in and out
    bool withoutRelu = false;
    /// Weights of 8 bits: beta moves the result in steps that are too wide for a near tie. And a
    /// gain or an offset that is not finite is refused.
    bool integerWeights = false;
    /// Of integer weights: one scale for all channels, from their extremes or from the file. Half of the layers have an
    /// IntermediateQuantization.
    bool layerScales = false;
    /// Of integer weights; from it on a layer is refused, and one with a bias scale that is no normal
    /// number runs other kernels. 0: all are taken.
    double largestMultiplier = 0;
    double steepest = 0x1p10; ///< output codes an input code
    bool positiveScales = false; ///< and normal numbers; what others would give is not known
    /// Numbers near the ends of binary32 are left out: what the operator does there is not settled.
    bool tamed = false;
};

/// The subject of a name. Error: no such subject, or a formula in which a change of the table in
/// planted_changes.h finds nothing to change.
Result<Subject> findSubject(std::string_view name);

/// The backends whose operators can be installed, and PyTorch's reference pattern as it is computed
/// without FMA, which is no backend of its own.
std::vector<std::string_view> subjectNames();

} // namespace qbn::conformance
