#pragma once

#include "core/explain/explanation.h"
#include "core/explain/rounded_codes.h"
#include "core/layer/observation.h"
#include "core/text/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

namespace qbn {

struct ExplainedObservation
{
    Observation observation;
    std::int32_t predicted = 0; ///< by the chosen backend
    /// What it can be while parameters that were printed rounded are any that print alike; else
    /// `predicted` alone.
    CodeRange possible;
    std::vector<std::size_t> explained_by; ///< indices in Diagnosis::explanations, in their order
    std::vector<const Backend*> backends; ///< all that give the observed code

    /// Not predicted, and given by parameters that print like the layer's.
    bool is_within_rounding() const
    {
        return observation.output_code != predicted && possible.contains(observation.output_code);
    }
};

struct Diagnosis
{
    std::vector<ExplainedObservation> observations;
    /// Best first: see rank() in ranking.h.
    std::vector<Explanation> explanations;
};

/// Of channels times observations.
inline constexpr std::size_t paired_channels_limit = 100'000;
/// Of channels times different observations.
inline constexpr std::size_t other_channels_limit = 250'000'000;
/// Of channels that are listed, times observations.
inline constexpr std::size_t listed_codes_limit = 4'000'000;

/// Tries every recipe, and where none explains all observations every compatible pair of two. A
/// recipe that changes no code of the observed channels is left out, and so is a backend that gives
/// the chosen one's codes there; a pair is listed where it explains more than any single recipe.
/// Another channel's parameters are tried up to other_channels_limit, pairs with them up to
/// paired_channels_limit; beyond listed_codes_limit only the channels that explain the most are
/// listed. Time grows with recipes x different observations, and with channels x different
/// observations up to these limits. Held against it are all_backends(), the chosen one and those in `also`, which are
/// meant for fixed point with a number of fraction bits. The prediction explains what it gives
/// within the rounding of printed parameters as well; recipes are computed with the numbers as they
/// stand. Fails on an observation that the layer cannot have: no such channel or input code.
/// When a stop is requested it returns soon, and what it returns means nothing.
Result<Diagnosis> explain(const BatchNormLayer& layer, const Backend& chosen,
                          std::span<const Observation> observations,
                          std::span<const Backend* const> also = {},
                          const std::stop_token& stop = {});

} // namespace qbn
