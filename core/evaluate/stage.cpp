#include "core/evaluate/stage.h"

#include <algorithm>
#include <array>
#include <string>

namespace qbn {

namespace {

constexpr std::array<Field, field_count> in_formula_order{
    Field::input_type,
    Field::input_scale,
    Field::input_zero_point,
    Field::mean,
    Field::var,
    Field::eps,
    Field::gamma,
    Field::beta,
    Field::output_scale,
    Field::output_zero_point,
    Field::output_type,
    Field::relu,
};

bool is_unknown(const Provenance& provenance)
{
    return provenance.origin == Origin::unknown;
}

} // namespace

Stage stage_of(Field field)
{
    switch (field) {
    case Field::input_type:
        return Stage::input_code;
    case Field::input_scale:
    case Field::input_zero_point:
        return Stage::dequantize;
    case Field::mean:
    case Field::var:
    case Field::eps:
        return Stage::normalize;
    case Field::gamma:
    case Field::beta:
        return Stage::affine;
    case Field::output_scale:
    case Field::output_zero_point:
        return Stage::requantize;
    case Field::output_type:
    case Field::relu:
        break;
    }
    return Stage::output_code;
}

std::vector<Field> unknown_fields(const BatchNormLayer& layer, int channel, Stage last)
{
    std::vector<Field> unknown;
    for (const Field field : in_formula_order) {
        const int of = is_per_channel(field) ? channel : -1;
        if (stage_of(field) <= last && is_unknown(layer.provenance.of(field, of)))
            unknown.push_back(field);
    }
    return unknown;
}

std::vector<Field> unknown_fields(const BatchNormLayer& layer)
{
    std::vector<Field> unknown;
    for (const Field field : in_formula_order) {
        const LayerProvenance::Channels& own = layer.provenance.channels(field);
        const bool whole_stands
            = !is_per_channel(field) || static_cast<int>(own.size()) < layer.channels();
        if ((whole_stands && is_unknown(layer.provenance.of(field)))
            || std::ranges::any_of(own, [](const auto& one) { return is_unknown(one.second); }))
            unknown.push_back(field);
    }
    return unknown;
}

std::string joined_names(const std::vector<Field>& fields)
{
    constexpr std::size_t most = 3;
    const std::size_t named = fields.size() > most ? most - 1 : fields.size();
    std::string text;
    for (std::size_t i = 0; i < named; ++i) {
        if (i > 0)
            text += i + 1 == fields.size() ? " and " : ", ";
        text += spaced_name(fields[i]);
    }
    return named == fields.size()
        ? text
        : text + " and " + std::to_string(fields.size() - named) + " more";
}

} // namespace qbn
