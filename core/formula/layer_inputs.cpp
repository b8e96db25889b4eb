#include "core/formula/layer_inputs.h"

#include <algorithm>

namespace qbn::formula {

namespace {

/// That whose scale or zero point an input is.
QuantizationParameters quantization(const BatchNormLayer& layer, Input input)
{
    const IntermediateQuantization between
        = layer.intermediate.value_or(IntermediateQuantization{});
    switch (input) {
    case Input::s_in:
    case Input::z_in:
        return layer.input;
    case Input::s_gain:
    case Input::z_gain:
        return between.gain;
    case Input::s_offset:
    case Input::z_offset:
        return between.offset;
    case Input::s_product:
    case Input::z_product:
        return between.product;
    default:
        return layer.output;
    }
}

} // namespace

const std::vector<double>* parameter(const BatchNormLayer& layer, Input input)
{
    switch (input) {
    case Input::mean:
        return &layer.mean;
    case Input::var:
        return &layer.var;
    case Input::gamma:
        return &layer.gamma;
    case Input::beta:
        return &layer.beta;
    default:
        return nullptr;
    }
}

double real_input(const BatchNormLayer& layer, Input input, int channel)
{
    if (const auto* values = parameter(layer, input))
        return (*values)[static_cast<std::size_t>(channel)];
    return input == Input::eps ? layer.eps : quantization(layer, input).scale;
}

std::int64_t whole_input(const BatchNormLayer& layer, Input input, int channel, std::int64_t code)
{
    switch (input) {
    case Input::x:
        return code;
    case Input::z_in:
    case Input::z_out:
    case Input::z_gain:
    case Input::z_offset:
    case Input::z_product:
        return quantization(layer, input).zero_point;
    case Input::has_product:
        return layer.intermediate ? 1 : 0;
    case Input::x_min:
        return layer.input.type.qmin();
    case Input::x_max:
        return layer.input.type.qmax();
    case Input::qmin:
        return layer.output.type.qmin();
    case Input::qmax:
        return layer.output.type.qmax();
    case Input::relu:
        return layer.relu ? 1 : 0;
    case Input::channel:
        return channel;
    case Input::channels:
        return layer.channels();
    case Input::observed:
        return std::count_if(layer.observations.begin(), layer.observations.end(),
                             [channel](const auto& seen) { return seen.channel == channel; });
    default:
        return 0;
    }
}

} // namespace qbn::formula
