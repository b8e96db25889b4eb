#include "ui/panels/help/placeholders.h"

#include "core/explain/computation.h"

#include <algorithm>
#include <cmath>

namespace qbn {

namespace {

void add_quantization(Placeholders& values, const std::string& side,
                      const QuantizationParameters& parameters)
{
    values[side + "_type"] = name_of(parameters.type);
    values[side + "_qmin"] = std::int64_t{parameters.type.qmin()};
    values[side + "_qmax"] = std::int64_t{parameters.type.qmax()};
    values[side + "_scale"] = parameters.scale;
    values[side + "_zero_point"] = std::int64_t{parameters.zero_point};
}

void add_layer(Placeholders& values, const BatchNormLayer& layer, int channel)
{
    const double variance = layer.var[channel] + layer.eps;
    values["layer"] = layer.name;
    values["channels"] = std::int64_t{layer.channels()};
    values["channel"] = std::int64_t{channel};
    values["mean"] = layer.mean[channel];
    values["var"] = layer.var[channel];
    values["gamma"] = layer.gamma[channel];
    values["beta"] = layer.beta[channel];
    values["eps"] = layer.eps;
    values["relu"] = std::string(layer.relu ? "on" : "off");
    values["var_plus_eps"] = variance;
    values["std_dev"] = std::sqrt(variance);
    values["factor"] = layer.gamma[channel] / std::sqrt(variance);
}

void add_recipes(Placeholders& values, const BatchNormLayer& layer, const Selection& selection)
{
    for (const Recipe& recipe : all_recipes()) {
        if (recipe.kind != Recipe::Kind::computation)
            continue;
        const formula::Point point{selection.channel, selection.code};
        values["code_by:" + std::string(recipe.id)]
            = computed(recipe, nullptr, layer, std::span(&point, 1)).front();
    }
}

} // namespace

Placeholders placeholders_of(const Evaluation& evaluation)
{
    const BatchNormLayer& layer = *evaluation.layer;
    const CodeRow& row = evaluation.row();
    Placeholders values;
    add_quantization(values, "input", layer.input);
    add_quantization(values, "output", layer.output);
    add_layer(values, layer, evaluation.selection.channel);
    values["backend"] = std::string(evaluation.chosen->title);
    values["input_code"] = std::int64_t{row.input_code};
    values["input_code_less_zero_point"]
        = std::int64_t{row.input_code} - std::int64_t{layer.input.zero_point};
    values["dequantized"] = static_cast<double>(row.dequantized);
    values["normalized"] = row.exact.normalized;
    values["affine"] = row.exact.affine;
    values["steps"] = evaluation.exact().trace.result.steps;
    values["requantized"] = row.exact.requantized;
    values["margin"] = row.margin.steps;
    values["exact_code"] = std::int64_t{evaluation.exact().trace.result.output_code};
    values["output_code"] = std::int64_t{row.output_code};
    values["output_value"] = static_cast<double>(row.output_value);
    values["saturation"] = std::string(name_of(row.saturation));
    values["differing"]
        = std::int64_t{std::count_if(evaluation.rows.begin(), evaluation.rows.end(),
                                     [](const CodeRow& each) { return each.differs; })};
    add_recipes(values, layer, evaluation.selection);
    return values;
}

std::string fill_placeholders(std::string_view text, const Placeholders& values,
                              const std::function<std::string(const Cell&)>& write)
{
    constexpr std::string_view open = "{{";
    constexpr std::string_view close = "}}";
    std::string filled;
    while (true) {
        const std::size_t begin = text.find(open);
        const std::size_t end
            = begin == std::string_view::npos ? begin : text.find(close, begin + open.size());
        if (end == std::string_view::npos)
            return filled += text;
        const std::size_t name = begin + open.size();
        const auto found = values.find(text.substr(name, end - name));
        filled += text.substr(0, begin);
        if (found != values.end())
            filled += write(found->second);
        else
            filled += text.substr(begin, end + close.size() - begin);
        text.remove_prefix(end + close.size());
    }
}

} // namespace qbn
