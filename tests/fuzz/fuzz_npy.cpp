#include "core/evaluate/experiment.h"
#include "core/formats/observed/npy.h"
#include "core/formats/observed/observation_file.h"
#include "tests/fuzz/support.h"

#include <numeric>

namespace {

using namespace qbn;

void readArray(const std::string& content)
{
    const auto array = read_npy(QByteArray::fromStdString(content));
    if (!array)
        return fuzz::requireError(array.error());
    const auto elements = std::accumulate(array->shape.begin(), array->shape.end(), std::int64_t{1},
                                          std::multiplies<>());
    fuzz::require(static_cast<std::int64_t>(array->values.size()) == elements,
                  "an array has as many values as its shape says");
}

/// The same file as input and output of layers with 1 to 3 channels.
void readObservations(const std::string& content)
{
    const fuzz::MemoryFile file(content);
    for (int channels = 1; channels <= 3; ++channels) {
        BatchNormLayer layer = identity_layer("layer", channels);
        layer.output.type = qint8_type;
        const auto seen = read_observations(file.path(), file.path(), layer);
        if (!seen) {
            fuzz::requireError(seen.error());
            continue;
        }
        for (const Observation& observation : seen->observations)
            fuzz::require(observation.channel >= 0 && observation.channel < channels
                              && layer.input.type.contains(observation.input_code),
                          "an observation is one of the layer's");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string content(fuzz::textOf(data, size));
    readArray(content);
    readObservations(content);
    return 0;
}
