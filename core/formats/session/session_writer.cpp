#include "core/formats/bytes/bytes_view.h"
#include "core/formats/bytes/file_writer.h"
#include "core/formats/session/session_json.h"
#include "core/text/printable.h"
#include "core/text/text_number.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace qbn {

namespace {

std::string json_number(double value)
{
    if (std::isfinite(value))
        return format_number(value);
    const auto bits = std::bit_cast<std::uint64_t>(value);
    if (!std::isnan(value)
        || bits == std::bit_cast<std::uint64_t>(std::numeric_limits<double>::quiet_NaN()))
        return '"' + format_number(value) + '"';
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "\"nan(0x%016llx)\"",
                  static_cast<unsigned long long>(bits));
    return text.data();
}

std::string json_numbers(const std::vector<double>& values)
{
    std::string result = "[";
    for (const double value : values) {
        if (result.size() > 1)
            result += ", ";
        result += json_number(value);
    }
    return result + ']';
}

std::string json_quantization(const QuantizationParameters& parameters)
{
    return R"({"type": ")" + name_of(parameters.type) + R"(", "scale": )"
        + json_number(parameters.scale) + R"(, "zero_point": )"
        + std::to_string(parameters.zero_point) + '}';
}

std::string json_intermediate(const IntermediateQuantization& between)
{
    return R"({"gain": )" + json_quantization(between.gain) + R"(, "offset": )"
        + json_quantization(between.offset) + R"(, "product": )"
        + json_quantization(between.product) + '}';
}

std::string members_of(const Provenance& provenance)
{
    std::string result = R"("origin": ")" + std::string(name_of(provenance.origin)) + '"';
    if (!provenance.note.empty())
        result += R"(, "note": )" + json_string(provenance.note);
    if (provenance.rounding != 0)
        result += R"(, "rounding": )" + json_number(provenance.rounding);
    return result;
}

std::string json_provenance(const Provenance& field, const LayerProvenance::Channels& channels)
{
    std::string entries;
    for (const auto& [channel, provenance] : channels) {
        if (!entries.empty())
            entries += ", ";
        entries += '"' + std::to_string(channel) + "\": {" + members_of(provenance) + '}';
    }
    if (!entries.empty())
        entries = ", \"channels\": {" + entries + '}';
    return '{' + members_of(field) + entries + '}';
}

// Empty where every value is from a file and nothing more is known of it.
std::string json_provenances(const LayerProvenance& provenance)
{
    const Provenance plain{.origin = Origin::file, .note = {}};
    std::string result;
    for (const Field field : all_fields) {
        const Provenance& whole = provenance.of(field);
        const auto& channels = provenance.channels(field);
        if (whole == plain && channels.empty())
            continue;
        result += result.empty() ? "" : ",\n";
        result += "        \"" + std::string(name_of(field))
            + "\": " + json_provenance(whole, channels);
    }
    return result;
}

std::string json_observations(const std::vector<Observation>& observations)
{
    std::string result;
    for (const Observation& seen : observations) {
        result += result.empty() ? "[" : ", [";
        result += std::to_string(seen.channel) + ", " + std::to_string(seen.input_code) + ", "
            + std::to_string(seen.output_code) + "]";
    }
    return result;
}

std::string json_view(const SavedView& view)
{
    std::string result = "{\"layer\": " + std::to_string(view.layer) + ", \"channel\": "
        + std::to_string(view.channel) + ", \"input_code\": " + std::to_string(view.input_code);
    if (view.unknowns)
        result += R"(, "unknowns": [")" + std::string(first_name(*view.unknowns)) + "\", \""
            + std::string(second_name(*view.unknowns)) + "\"]";
    return result + '}';
}

std::string json_layer(const BatchNormLayer& layer)
{
    const auto entry = [](const char* key, const std::string& value) {
        return ",\n      \"" + std::string(key) + "\": " + value;
    };
    const std::string provenances = json_provenances(layer.provenance);
    const std::string observations = json_observations(layer.observations);
    return "    {\n      \"name\": " + json_string(layer.name)
        + entry("input", json_quantization(layer.input))
        + entry("output", json_quantization(layer.output))
        + (layer.intermediate ? entry("intermediate", json_intermediate(*layer.intermediate)) : "")
        + entry("eps", json_number(layer.eps)) + entry("relu", layer.relu ? "true" : "false")
        + entry("mean", json_numbers(layer.mean)) + entry("var", json_numbers(layer.var))
        + entry("gamma", json_numbers(layer.gamma)) + entry("beta", json_numbers(layer.beta))
        + (observations.empty() ? "" : entry("observations", "[" + observations + "]"))
        + (provenances.empty() ? "" : entry("provenance", "{\n" + provenances + "\n      }"))
        + "\n    }";
}

std::string json_formulas(const std::vector<UserFormula>& formulas)
{
    std::string result;
    for (const UserFormula& formula : formulas) {
        result += result.empty() ? "\n" : ",\n";
        result += "    {\"id\": " + json_string(formula.id)
            + ", \"text\": " + json_string(formula.text) + "}";
    }
    return result;
}

} // namespace

QByteArray write_session(const Model& model)
{
    std::string layers;
    for (const auto& layer : model.layers) {
        layers += layers.empty() ? "\n" : ",\n";
        layers += json_layer(*layer);
    }
    return QByteArray::fromStdString(
        "{\n  \"format\": \"qbn-session\",\n  \"version\": 1,\n  \"name\": "
        + json_string(model.name)
        + (model.backend.empty() ? "" : ",\n  \"backend\": " + json_string(model.backend))
        + (model.formulas.empty()
               ? ""
               : ",\n  \"formulas\": [" + json_formulas(model.formulas) + "\n  ]")
        + (model.view ? ",\n  \"view\": " + json_view(*model.view) : "") + ",\n  \"layers\": ["
        + layers + "\n  ]\n}\n");
}

std::optional<Error> save_session(const Model& model, const QString& path)
{
    FileWriter file(path);
    file.write(view(write_session(model)));
    if (const auto reason = file.finish())
        return Error{path.toStdString() + ": cannot be written: " + *reason};
    return std::nullopt;
}

} // namespace qbn
