#pragma once

#include "core/region/convex_region.h"
#include "core/region/feasible_region.h"

#include <optional>
#include <vector>

namespace qbn {

/// Why the pair cannot be solved for in this channel; nothing where it can.
std::optional<Error> why_not_solvable(const BatchNormLayer& layer, int channel,
                                      const UnknownPair& unknowns);

/// What observations of a channel say about an unknown pair, as half-planes in it.
/// Requires: why_not_solvable() has no reason.
class ObservedHalfPlanes
{
public:
    ObservedHalfPlanes(const BatchNormLayer& layer, int channel, const UnknownPair& unknowns);

    /// What holds without any observation: a scale is above 0.
    std::vector<HalfPlane> domain() const;
    /// Two half-planes, or one where the code is at an end of the range, or none. A code that the
    /// layer never gives has one without any point.
    std::vector<HalfPlane> of(const Observation& observation) const;

private:
    struct Parameters
    {
        Dyadic gamma, beta, mean, input_scale, output_scale;

        Dyadic& of(Field field);
    };

    HalfPlane bound(std::int32_t input_code, double steps, bool is_lower) const;
    Surd excess(Parameters parameters, const Dyadic& x, const Dyadic& y, std::int32_t input_code,
                double steps) const;

    UnknownPair unknowns_;
    Parameters known_;
    std::shared_ptr<const Dyadic> var_eps_;
    QuantizationParameters input_, output_;
    bool relu_;
};

} // namespace qbn
