#pragma once

#include "core/explain/diagnosis.h"

#include <optional>
#include <stop_token>

namespace qbn {

/// What to measure next, so that as few explanations as possible remain.
struct NextMeasurement
{
    struct Prediction
    {
        std::size_t explanation = 0; ///< index in Diagnosis::explanations
        double code = 0;
    };

    int channel = 0;
    std::int32_t input_code = 0;
    std::vector<Prediction> predictions; ///< of each remaining explanation, best first
    int distinct = 0; ///< how many different codes they are
};

/// How many remaining explanations are told apart at once, the best ones.
inline constexpr std::size_t remaining_limit = 12;

/// How many channels are looked at, those that were observed first; each of equal ones once.
inline constexpr std::size_t searched_channels_limit = 4096;

/// Among these channels and all input codes, the one at which the explanations of all observations (the
/// first remaining_limit of them) give the most different codes; then the one where the two
/// nearest of those codes lie farthest apart; then a channel that was observed before others, the
/// first channel, the lowest input code. Nothing where fewer than two explanations remain or no
/// input code tells any two of them apart. `diagnosis` is of the same layer.
std::optional<NextMeasurement> next_measurement(const BatchNormLayer& layer,
                                                const Diagnosis& diagnosis,
                                                const std::stop_token& stop = {});

} // namespace qbn
