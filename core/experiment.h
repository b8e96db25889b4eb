#pragma once

#include "core/batch_norm.h"

#include <cstdint>
#include <string>

namespace qbn {

/// Everything that a user edits, as one value: an undo step is the value before and after.
struct Experiment
{
    Model model; ///< one layer at least
    std::string backend = "pytorch"; ///< id of the chosen backend (core/backends/backend.h)

    bool operator==(const Experiment&) const = default;
};

/// What is being looked at. Not undoable.
struct Selection
{
    int layer = 0;
    int channel = 0;
    std::int32_t code = 0; ///< input code

    bool operator==(const Selection&) const = default;
};

/// The nearest selection that exists in the experiment's model.
Selection clamped(Selection selection, const Experiment& experiment);

/// The layer of the question that this program answers: 3 channels, of which the first turns code
/// 38 into 52. Mean, variance, scales and zero points of the first two channels are as published in
/// 2023 in the PyTorch forum, thread 170173; gamma, beta and the third channel are made up.
Experiment example_experiment();
inline constexpr std::int32_t example_input_code = 38;

} // namespace qbn
