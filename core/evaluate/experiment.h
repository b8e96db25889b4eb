#pragma once

#include "core/layer/batch_norm.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace qbn {

/// A backend that is computed beside the chosen one.
struct BackendChoice
{
    std::string id; ///< find_backend() knows it
    bool compared = true; ///< where it gives another code than the chosen one, that is marked

    bool operator==(const BackendChoice&) const = default;
};

/// All backends, of which six are compared.
std::vector<BackendChoice> default_backends();

/// Everything that a user edits, as one value: an undo step is the value before and after.
struct Experiment
{
    Model model; ///< one layer at least
    std::string backend = "pytorch"; ///< id of the chosen one of `backends`
    std::vector<BackendChoice> backends = default_backends(); ///< in display order
    /// The model as it was opened or pasted, to which single values are reset; may be null.
    std::shared_ptr<const Model> original = nullptr;

    bool operator==(const Experiment&) const = default;
};

/// How many fraction bits `fixed-point` has in the experiment; 0: the most that are safe.
int fraction_bits(const Experiment& experiment);

/// Makes a formula a backend of the experiment, compared with the others, or gives that of its id another text.
/// Requires: it compiles and no built-in backend has its id.
void set_formula(Experiment& experiment, const UserFormula& formula);

/// Another model in the place of the experiment's. Backends stay, the user's formulas too, but for those that the model has itself.
void replace_model(Experiment& experiment, Model model);

/// Has find_backend() find the formulas of the experiment's model as they stand, and lists them among its backends.
void register_formulas(Experiment& experiment);

/// Chooses a backend, fixed point with a number of fraction bits among them; one that the
/// experiment does not know is passed over.
void choose_backend(Experiment& experiment, std::string_view id);

/// Requires: 0 or min_fraction_bits to max_fraction_bits.
void set_fraction_bits(Experiment& experiment, int bits);

/// The model of `edited`, looked at as `present` is: by its backends, as far as they exist there.
/// Undo restores what was edited, not what was looked at.
Experiment looked_at_as(const Experiment& present, const Experiment& edited);

/// The selected layer as it was opened or pasted; null where there is none of its name and channels.
const BatchNormLayer* original_layer(const Experiment& experiment, int layer);

/// What is being looked at. Not undoable.
struct Selection
{
    int layer = 0;
    int channel = 0;
    std::int32_t code = 0; ///< input code
    /// Id of the backend whose difference from the chosen one is explained; empty: the first
    /// compared one that differs.
    std::string against = {};

    bool operator==(const Selection&) const = default;
};

/// The nearest selection that exists in the experiment's model.
Selection clamped(Selection selection, const Experiment& experiment);

/// Where to look first in an opened model: at what its question is about, else at the first
/// observation, else at the first channel and code.
Selection first_selection(const Model& model);

/// The layer of the question that this program answers: 3 channels, of which the first turns code
/// 38 into 52. Mean, variance, scales and zero points of the first two channels are as published in
/// 2023 in the PyTorch forum, thread 170173; gamma, beta and the third channel are made up.
Experiment example_experiment();
inline constexpr std::int32_t example_input_code = 38;

} // namespace qbn
