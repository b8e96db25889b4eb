#include "core/explain/explanation.h"

#include "core/explain/computation.h"

namespace qbn {

namespace {

std::string titled(const Recipe& recipe, const Explanation& explanation)
{
    std::string title(recipe.title);
    if (recipe.kind == Recipe::Kind::other_channel)
        title += " (channel " + std::to_string(*explanation.channel) + ")";
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
    std::vector<formula::Point> points;
    for (std::int32_t code = type.qmin(); code <= type.qmax(); ++code)
        points.push_back({explanation.channel.value_or(channel), code});
    return computed(*explanation.recipe, explanation.second, layer, points);
}

} // namespace qbn
