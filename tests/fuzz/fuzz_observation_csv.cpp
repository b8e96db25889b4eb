#include "core/formats/observed/code_histogram.h"
#include "core/formats/observed/observation_file.h"
#include "tests/fuzz/support.h"

#include <cmath>
#include <limits>

namespace {

using namespace qbn;

/// Scales and zero points that a conversion may stumble over.
BatchNormLayer hostileLayer(unsigned choice)
{
    constexpr std::array scales{1.0, 0.0, -0.5, 1e300, 5e-324, HUGE_VAL};
    constexpr std::array zeroPoints{0, 128, -1, std::numeric_limits<std::int32_t>::min(),
                                    std::numeric_limits<std::int32_t>::max()};
    BatchNormLayer layer = identity_layer("layer", 3);
    layer.input.scale = scales[choice % scales.size()];
    layer.output.scale = scales[choice / 3 % scales.size()];
    layer.input.zero_point = zeroPoints[choice / 7 % zeroPoints.size()];
    layer.output.zero_point = zeroPoints[choice / 11 % zeroPoints.size()];
    layer.output.type.is_signed = choice % 2 == 1;
    layer.input.type.bits = choice > 127 ? 4 : 8;
    return layer;
}

void readBoth(const QString& path, const BatchNormLayer& layer)
{
    const auto seen = read_observations(path, layer);
    if (!seen)
        fuzz::requireError(seen.error());
    else
        for (const Observation& observation : seen->observations)
            fuzz::require(observation.channel >= 0 && observation.channel < layer.channels()
                              && layer.input.type.contains(observation.input_code),
                          "an observation is one of the layer's");
    const auto counted = read_code_histogram(path, layer);
    if (!counted)
        return fuzz::requireError(counted.error());
    for (int channel = 0; channel < layer.channels(); ++channel)
        for (const double weight : counted->weights(channel))
            fuzz::require(weight >= 0 && weight <= 1, "a weight is a share");
}

} // namespace

// The first byte chooses the layer, the rest is the file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    const fuzz::MemoryFile file(fuzz::textOf(data, size).substr(1));
    readBoth(file.path(), hostileLayer(data[0]));
    return 0;
}
