#include "core/layer/batch_norm.h"

#include "core/layer/same_bits.h"
#include "core/text/integer.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

namespace qbn {

namespace {

bool same_bits(const std::vector<double>& a, const std::vector<double>& b)
{
    return a.size() == b.size()
        && std::equal(a.begin(), a.end(), b.begin(),
                      [](double x, double y) { return qbn::same_bits(x, y); });
}

double number_of(CodeType type)
{
    return type.is_signed ? -type.bits : type.bits;
}

CodeType type_of(double number)
{
    const double bits = std::abs(number);
    assert(bits >= 2 && bits <= 8);
    return {.is_signed = number < 0, .bits = static_cast<std::uint8_t>(bits)};
}

} // namespace

bool operator==(const BatchNormLayer& a, const BatchNormLayer& b)
{
    return a.name == b.name && same_bits(a.input, b.input) && same_bits(a.output, b.output)
        && same_bits(a.intermediate, b.intermediate) && same_bits(a.eps, b.eps) && a.relu == b.relu
        && same_bits(a.mean, b.mean) && same_bits(a.var, b.var) && same_bits(a.gamma, b.gamma)
        && same_bits(a.beta, b.beta) && a.provenance == b.provenance
        && a.observations == b.observations;
}

BatchNormLayer identity_layer(std::string name, int channels)
{
    BatchNormLayer layer;
    layer.name = std::move(name);
    const auto count = static_cast<std::size_t>(channels);
    layer.mean.assign(count, 0);
    layer.var.assign(count, 1);
    layer.gamma.assign(count, 1);
    layer.beta.assign(count, 0);
    return layer;
}

double value_of(const BatchNormLayer& layer, Field field, int channel)
{
    switch (field) {
    case Field::input_scale:
        return layer.input.scale;
    case Field::input_zero_point:
        return layer.input.zero_point;
    case Field::output_scale:
        return layer.output.scale;
    case Field::output_zero_point:
        return layer.output.zero_point;
    case Field::eps:
        return layer.eps;
    case Field::relu:
        return layer.relu ? 1 : 0;
    case Field::mean:
        return layer.mean[channel];
    case Field::var:
        return layer.var[channel];
    case Field::gamma:
        return layer.gamma[channel];
    case Field::beta:
        return layer.beta[channel];
    case Field::input_type:
        return number_of(layer.input.type);
    case Field::output_type:
        return number_of(layer.output.type);
    }
    return 0;
}

void set_value(BatchNormLayer& layer, Field field, int channel, double value)
{
    switch (field) {
    case Field::input_scale:
        layer.input.scale = value;
        break;
    case Field::input_zero_point:
        layer.input.zero_point = clamped_integer<std::int32_t>(value);
        break;
    case Field::output_scale:
        layer.output.scale = value;
        break;
    case Field::output_zero_point:
        layer.output.zero_point = clamped_integer<std::int32_t>(value);
        break;
    case Field::eps:
        layer.eps = value;
        break;
    case Field::relu:
        layer.relu = value != 0;
        break;
    case Field::mean:
        layer.mean[channel] = value;
        break;
    case Field::var:
        layer.var[channel] = value;
        break;
    case Field::gamma:
        layer.gamma[channel] = value;
        break;
    case Field::beta:
        layer.beta[channel] = value;
        break;
    case Field::input_type:
        layer.input.type = type_of(value);
        break;
    case Field::output_type:
        layer.output.type = type_of(value);
        break;
    }
    if (is_per_channel(field))
        layer.provenance.set_channel(field, channel, {.origin = Origin::typed, .note = {}});
    else
        layer.provenance.set(field, {.origin = Origin::typed, .note = {}});
}

void set_values(BatchNormLayer& layer, Field field, std::vector<double> values)
{
    assert(is_per_channel(field) && values.size() == layer.mean.size());
    std::vector<double>& held = field == Field::mean ? layer.mean
        : field == Field::var                        ? layer.var
        : field == Field::gamma                      ? layer.gamma
                                                     : layer.beta;
    held = std::move(values);
    layer.provenance.set(field, {.origin = Origin::typed, .note = {}});
}

bool operator==(const Model& a, const Model& b)
{
    return a.name == b.name && a.backend == b.backend && a.view == b.view
        && a.formulas == b.formulas
        && std::equal(a.layers.begin(), a.layers.end(), b.layers.begin(), b.layers.end(),
                      [](const auto& x, const auto& y) { return x == y || *x == *y; });
}

} // namespace qbn
