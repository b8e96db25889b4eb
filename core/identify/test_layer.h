#pragma once

#include "core/identify/identify.h"

#include <cstddef>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace qbn {

/// A layer that was made so that formulas part on it.
struct TestLayer
{
    BatchNormLayer layer;
    std::vector<std::vector<std::size_t>>
        groups; ///< candidates that give the same codes on it, the largest group last
    int tried = 0; ///< channels that were made

    std::size_t candidates() const;
};

/// Searches near-ties, exact halves and codes out of range at random, with the code types and the scales of `like` among others, for
/// the layer on which most of the candidates give different codes; with a fixed seed, so the same again for the same candidates.
/// It has as few channels as that takes. Of formulas that stay together nothing is proved.
TestLayer make_test_layer(const BatchNormLayer& like, std::span<const Candidate> candidates,
                          const std::stop_token& stop = {});

/// One that tells the formulas apart that reproduce everything: the simplest of each class, then more of the first ones, some two
/// dozen at most. Nothing where there are no two.
std::optional<TestLayer> telling_layer(const BatchNormLayer& like, const Identification& found,
                                       const std::stop_token& stop = {});

} // namespace qbn
