#include "tests/conformance/near_ties.h"

#include <bit>
#include <limits>

namespace qbn::conformance {

namespace {

/// An integer that grows with the number; neighbours differ by 1. Not for NaN.
std::int32_t rankOf(float number)
{
    const auto bits = std::bit_cast<std::int32_t>(number);
    return bits >= 0 ? bits : std::numeric_limits<std::int32_t>::min() - bits;
}

float numberOf(std::int32_t rank)
{
    return std::bit_cast<float>(rank >= 0 ? rank : std::numeric_limits<std::int32_t>::min() - rank);
}

std::int32_t codeOf(const Arithmetic& arithmetic, const BatchNormLayer& layer, int channel,
                    std::int32_t inputCode)
{
    return evaluate_trace(arithmetic, layer, channel, inputCode).result.output_code;
}

/// Sets beta of the channel to the least binary32 number for which `inputCode` gives `outputCode`
/// or more: with the number below it, it gives less. The code does not fall where beta grows.
void placeAtBoundary(const Arithmetic& arithmetic, BatchNormLayer& layer, int channel,
                     std::int32_t inputCode, std::int32_t outputCode)
{
    constexpr double beyondAllCodes = 0x1p20; // output steps; far from overflow too
    const double stdDev = std::sqrt(layer.var[channel] + layer.eps);
    const double shift = std::abs(layer.mean[channel] * layer.gamma[channel] / stdDev);
    const auto reach = static_cast<float>(shift + layer.output.scale * beyondAllCodes);
    std::int32_t below = rankOf(-reach);
    std::int32_t above = rankOf(reach);
    while (std::int64_t{above} - below > 1) {
        const auto middle = static_cast<std::int32_t>((std::int64_t{above} + below) / 2);
        layer.beta[channel] = numberOf(middle);
        const bool reached = codeOf(arithmetic, layer, channel, inputCode) >= outputCode;
        (reached ? above : below) = middle;
    }
    layer.beta[channel] = numberOf(above);
}

/// One attempt: random parameters, a random input code at a random boundary.
bool isDecidedAtRandomBoundary(const Subject& subject, const Arithmetic& variant,
                               BatchNormLayer& layer, int channel, Random& random)
{
    const CodeType in = layer.input.type;
    const CodeType out = layer.output.type;
    const std::int32_t lowest = layer.relu ? layer.output.zero_point : out.qmin();
    drawChannel(layer, channel, random);
    const std::int32_t inputCode = random.integer(in.qmin(), in.qmax());
    const std::int32_t outputCode = random.integer(lowest, out.qmax() - 1) + 1;
    placeAtBoundary(subject.arithmetic, layer, channel, inputCode, outputCode);
    const auto above = static_cast<float>(layer.beta[channel]);
    for (const float beta : {above, numberOf(rankOf(above) - 1)}) {
        layer.beta[channel] = beta;
        if (codeOf(variant, layer, channel, inputCode)
            != codeOf(subject.arithmetic, layer, channel, inputCode))
            return true;
    }
    return false;
}

} // namespace

BatchNormLayer nearTieLayer(const Subject& subject, int channels, Random& random)
{
    std::vector<Variant> variants = variantsOf(subject.arithmetic);
    variants.pop_back(); // the conversion decides nothing near a tie
    BatchNormLayer layer = ordinaryFrame(subject, channels, random);
    if (layer.relu && layer.output.zero_point == layer.output.type.qmax())
        layer.relu = false; // one output code has no boundary
    constexpr int attempts = 20;
    for (int channel = 0; channel < channels; ++channel) {
        const Variant& variant = variants[static_cast<std::size_t>(channel) % variants.size()];
        for (int attempt = 0; attempt < attempts; ++attempt) {
            if (isDecidedAtRandomBoundary(subject, variant.arithmetic, layer, channel, random))
                break;
        }
    }
    return layer;
}

int decidedCodes(const Arithmetic& arithmetic, const Arithmetic& variant,
                 const BatchNormLayer& layer, int channel)
{
    const std::vector<Requantized> ours = evaluate_requantized(arithmetic, layer, channel);
    const std::vector<Requantized> theirs = evaluate_requantized(variant, layer, channel);
    int decided = 0;
    for (std::size_t i = 0; i < ours.size(); ++i)
        decided += ours[i].output_code == theirs[i].output_code ? 0 : 1;
    return decided;
}

} // namespace qbn::conformance
