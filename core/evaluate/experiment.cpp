#include "core/evaluate/experiment.h"

#include "core/backends/backend.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

namespace qbn {

namespace {

constexpr std::string_view fixed_point_id = "fixed-point";

/// "fixed-point" or "fixed-point:16", but not "fixed-point-gemmlowp".
bool is_fixed_point(std::string_view id)
{
    return fixed_point_of(id).has_value();
}

/// What a newcomer needs: the truth, NumPy, and what people run who do not say what they run.
constexpr std::array<std::string_view, 6> usual{
    "exact", "textbook", "pytorch", "pytorch-wheel-reference", "onnxruntime", "openvino"};

} // namespace

std::vector<BackendChoice> default_backends()
{
    std::vector<BackendChoice> choices;
    for (const Backend& backend : all_backends())
        choices.push_back({std::string(backend.id),
                           std::find(usual.begin(), usual.end(), backend.id) != usual.end()});
    return choices;
}

int fraction_bits(const Experiment& experiment)
{
    for (const BackendChoice& choice : experiment.backends) {
        if (const auto fixed = fixed_point_of(choice.id))
            return fixed->fraction_bits;
    }
    return 0;
}

void set_fraction_bits(Experiment& experiment, int bits)
{
    assert(bits == 0 || (bits >= min_fraction_bits && bits <= max_fraction_bits));
    const std::string id
        = std::string(fixed_point_id) + (bits == 0 ? "" : ":" + std::to_string(bits));
    if (is_fixed_point(experiment.backend))
        experiment.backend = id;
    for (BackendChoice& choice : experiment.backends) {
        if (is_fixed_point(choice.id))
            choice.id = id;
    }
}

void choose_backend(Experiment& experiment, std::string_view id)
{
    if (!find_backend(id))
        return;
    if (const auto fixed = fixed_point_of(id); fixed && fixed->accumulator == Accumulator::int32)
        set_fraction_bits(experiment, fixed->fraction_bits);
    const bool known = std::any_of(experiment.backends.begin(), experiment.backends.end(),
                                   [id](const BackendChoice& choice) { return choice.id == id; });
    if (known)
        experiment.backend = id;
}

void set_formula(Experiment& experiment, const UserFormula& formula)
{
    auto& formulas = experiment.model.formulas;
    const auto known
        = std::find_if(formulas.begin(), formulas.end(),
                       [&](const UserFormula& other) { return other.id == formula.id; });
    if (known == formulas.end())
        formulas.push_back(formula);
    else
        known->text = formula.text;
    register_formulas(experiment);
}

void replace_model(Experiment& experiment, Model model)
{
    const std::vector<UserFormula> formulas
        = std::exchange(experiment.model, std::move(model)).formulas;
    for (const UserFormula& formula : formulas) {
        const auto& now = experiment.model.formulas;
        const bool replaced = std::any_of(now.begin(), now.end(), [&](const UserFormula& other) {
            return other.id == formula.id;
        });
        if (!replaced)
            experiment.model.formulas.push_back(formula);
    }
    experiment.original = std::make_shared<const Model>(experiment.model);
    register_formulas(experiment);
}

Experiment looked_at_as(const Experiment& present, const Experiment& edited)
{
    const auto has = [](const Model& model, std::string_view id) {
        return std::any_of(model.formulas.begin(), model.formulas.end(),
                           [id](const UserFormula& formula) { return formula.id == id; });
    };
    Experiment result = edited;
    result.backends = present.backends;
    std::erase_if(result.backends, [&](const BackendChoice& choice) {
        return has(present.model, choice.id) && !has(edited.model, choice.id);
    });
    register_formulas(result);
    const auto listed = [&result](std::string_view id) {
        return std::any_of(result.backends.begin(), result.backends.end(),
                           [id](const BackendChoice& choice) { return choice.id == id; });
    };
    if (listed(present.backend))
        result.backend = present.backend;
    else if (!listed(edited.backend))
        result.backend = result.backends.front().id;
    return result;
}

const BatchNormLayer* original_layer(const Experiment& experiment, int layer)
{
    const auto at = static_cast<std::size_t>(layer);
    if (!experiment.original || at >= experiment.original->layers.size())
        return nullptr;
    const BatchNormLayer& original = *experiment.original->layers[at];
    const BatchNormLayer& now = *experiment.model.layers[at];
    return original.name == now.name && original.channels() == now.channels() ? &original : nullptr;
}

void register_formulas(Experiment& experiment)
{
    for (const UserFormula& formula : experiment.model.formulas) {
        if (!add_backend(formula.id, formula.text))
            continue;
        const bool listed
            = std::any_of(experiment.backends.begin(), experiment.backends.end(),
                          [&](const BackendChoice& choice) { return choice.id == formula.id; });
        if (!listed)
            experiment.backends.push_back({formula.id, true});
    }
}

Selection first_selection(const Model& model)
{
    if (const auto& view = model.view)
        return {.layer = view->layer, .channel = view->channel, .code = view->input_code};
    const auto observed
        = std::find_if(model.layers.begin(), model.layers.end(),
                       [](const auto& layer) { return !layer->observations.empty(); });
    if (observed == model.layers.end())
        return {};
    const Observation& seen = (*observed)->observations.front();
    return {.layer = static_cast<int>(observed - model.layers.begin()),
            .channel = seen.channel,
            .code = seen.input_code};
}

Selection clamped(Selection selection, const Experiment& experiment)
{
    const auto layers = static_cast<int>(experiment.model.layers.size());
    selection.layer = std::clamp(selection.layer, 0, layers - 1);
    const BatchNormLayer& layer
        = *experiment.model.layers[static_cast<std::size_t>(selection.layer)];
    selection.channel = std::clamp(selection.channel, 0, layer.channels() - 1);
    selection.code = std::clamp(selection.code, layer.input.type.qmin(), layer.input.type.qmax());
    return selection;
}

Experiment example_experiment()
{
    BatchNormLayer layer = identity_layer("conv1.0", 3);
    layer.input = {.type = quint8_type, .scale = 0.007870171219110489, .zero_point = 0};
    layer.output = {.type = quint8_type, .scale = 5.280323505401611, .zero_point = 73};
    layer.eps = 1e-5;
    layer.mean = {0.5653476119041443, 0.43177494406700134, 0.49799999594688416};
    layer.var = {0.07950527966022491, 0.06208014488220215, 0.07100000232458115};
    layer.gamma = {117.5, 96, -310};
    layer.beta = {0, 4, 140};
    layer.provenance.set_all({.origin = Origin::pasted, .note = "PyTorch forum, thread 170173"});
    layer.provenance.set(Field::eps, {.origin = Origin::example, .note = "PyTorch's default"});
    layer.provenance.set(Field::relu, {.origin = Origin::example, .note = "not published"});
    for (const Field field : {Field::gamma, Field::beta})
        layer.provenance.set(
            field,
            {.origin = Origin::example, .note = "not published; chosen so that 38 gives 52"});
    for (const Field field : {Field::mean, Field::var, Field::gamma, Field::beta})
        layer.provenance.set_channel(field, 2, {.origin = Origin::example, .note = "made up"});

    Experiment experiment;
    experiment.model.name = "forum";
    experiment.model.layers.push_back(std::make_shared<const BatchNormLayer>(std::move(layer)));
    return experiment;
}

} // namespace qbn
