#include "core/evaluate/code_export.h"

#include "core/arithmetic/exact.h"
#include "core/text/csv.h"

namespace qbn {

namespace {

std::vector<std::string> code_columns()
{
    return {"layer",       "channel",     "input_code",   "dequantized", "normalized", "affine",
            "requantized", "output_code", "output_value", "saturation",  "backend",    "unknown"};
}

} // namespace

Table code_table(const BatchNormLayer& layer, int channel, const Backend& backend)
{
    Table table{.columns = code_columns(), .rows = {}};
    const ExactChannel exact(layer, channel);
    const std::string unknown = unknown_names(layer.provenance, channel);
    std::int32_t code = layer.input.type.qmin();
    for (const Requantized& result : requantize_all(backend, layer, channel)) {
        const ExactStages stages = exact.stages(code);
        table.rows.push_back({
            layer.name,
            std::int64_t{channel},
            std::int64_t{code},
            static_cast<double>(dequantize(layer.input, code)),
            stages.normalized,
            stages.affine,
            stages.requantized,
            std::int64_t{result.output_code},
            static_cast<double>(dequantize(layer.output, result.output_code)),
            std::string(name_of(result.saturation)),
            std::string(backend.id),
            unknown,
        });
        ++code;
    }
    return table;
}

bool export_csv(const Model& model, const ExportChoice& choice, const TextSink& sink)
{
    if (!sink(csv_header({.columns = code_columns(), .rows = {}})))
        return false;
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        if (choice.layer && static_cast<std::size_t>(*choice.layer) != i)
            continue;
        const BatchNormLayer& layer = *model.layers[i];
        for (int channel = 0; channel < layer.channels(); ++channel) {
            if (choice.channel && *choice.channel != channel)
                continue;
            if (!sink(csv_rows(code_table(layer, channel, *choice.backend))))
                return false;
        }
    }
    return true;
}

} // namespace qbn
