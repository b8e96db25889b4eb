#include "core/arithmetic/exact.h"

#include <algorithm>

namespace qbn {

std::vector<Requantized> exact_requantized(const BatchNormLayer& layer, int channel)
{
    const CodeType type = layer.input.type;
    const ExactChannel exact(layer, channel);
    std::vector<Requantized> results(static_cast<std::size_t>(type.count()));
    std::int32_t input_code = type.qmin();
    for (Requantized& result : results)
        result = exact.requantize(input_code++);
    return results;
}

std::int32_t clamped_code(double sum, CodeType type)
{
    const double code = sum > type.qmin() ? sum : type.qmin(); // of NaN too
    return static_cast<std::int32_t>(code < type.qmax() ? code : type.qmax());
}

std::vector<std::int32_t> exact_codes(const BatchNormLayer& layer, int channel)
{
    const Lanes sums = ExactChannel(layer, channel).sums();
    std::vector<std::int32_t> codes(static_cast<std::size_t>(layer.input.type.count()));
    std::transform(sums.begin(), sums.begin() + static_cast<std::ptrdiff_t>(codes.size()),
                   codes.begin(),
                   [type = layer.output.type](double sum) { return clamped_code(sum, type); });
    return codes;
}

Trace exact_trace(const BatchNormLayer& layer, int channel, std::int32_t input_code)
{
    const ExactChannel exact(layer, channel);
    const ExactParameters parameters = exact.parameters();
    const ExactStages stages = exact.stages(input_code);
    StepTrace recorder;
    recorder.step("std_dev", "sqrt(var + eps)", parameters.std_dev);
    recorder.step("inv_std", "1 / sqrt(var + eps)", parameters.inv_std);
    recorder.step("gain", "gamma / sqrt(var + eps)", parameters.gain);
    recorder.step("alpha", "gain * x_scale / y_scale", parameters.alpha);
    recorder.step("scaled_mean", "mean / sqrt(var + eps)", parameters.scaled_mean);
    recorder.step("shift", "mean * gain", parameters.shift);
    recorder.step("offset", "beta - mean * gain", parameters.offset);
    recorder.step("fused_beta", "offset / y_scale", parameters.fused_beta);
    recorder.step("reciprocal", "1 / y_scale", parameters.reciprocal);
    recorder.step("centred", "x_q - x_zero_point",
                  std::int64_t{input_code} - layer.input.zero_point);
    recorder.step("dequantized", "x_scale * (x_q - x_zero_point)", stages.dequantized);
    recorder.step("normalized", "(dequantized - mean) / sqrt(var + eps)", stages.normalized);
    recorder.step("affine", "gamma * normalized + beta", stages.affine);
    recorder.step("requantized", "affine / y_scale", exact.steps(input_code));
    return {recorder.take(), exact.requantize(input_code), Lane::scalar};
}

} // namespace qbn
