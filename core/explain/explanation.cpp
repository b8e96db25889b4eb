#include "core/explain/explanation.h"

namespace qbn {

namespace {

std::string titled(const Recipe& recipe, const Explanation& explanation)
{
    std::string title(recipe.title);
    if (recipe.kind == Recipe::Kind::other_channel)
        title += " (channel " + std::to_string(*explanation.computation.channel) + ")";
    if (recipe.kind == Recipe::Kind::other_backend)
        title += " (" + std::string(explanation.backend->title) + ")";
    return title;
}

} // namespace

std::string id_of(const Explanation& explanation)
{
    std::string id(explanation.recipe->id);
    if (explanation.second)
        id.append("+").append(explanation.second->id);
    return id;
}

std::string title_of(const Explanation& explanation)
{
    std::string title = titled(*explanation.recipe, explanation);
    if (explanation.second)
        title += " and " + titled(*explanation.second, explanation);
    return title;
}

std::string formula_of(const Explanation& explanation)
{
    std::string formula(explanation.recipe->formula);
    if (explanation.second)
        formula.append("; ").append(explanation.second->formula);
    return formula;
}

std::vector<double> codes(const Explanation& explanation, const BatchNormLayer& layer, int channel)
{
    if (explanation.backend) {
        const std::vector<std::int32_t> integers = codes(*explanation.backend, layer, channel);
        return {integers.begin(), integers.end()};
    }
    const CodeType type = layer.input.type;
    std::vector<double> computed(static_cast<std::size_t>(type.count()));
    std::int32_t input_code = type.qmin();
    const ChannelComputation computation(explanation.computation, layer, channel);
    for (double& code : computed)
        code = computation.code_at(input_code++);
    return computed;
}

} // namespace qbn
