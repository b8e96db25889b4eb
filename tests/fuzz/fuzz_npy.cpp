#include "core/evaluate/experiment.h"
#include "core/formats/npy/npy.h"
#include "core/formats/observed/observation_file.h"
#include "tests/fuzz/support.h"

#include <algorithm>
#include <numeric>
#include <type_traits>
#include <vector>

namespace {

using namespace qbn;

/// Every element, as the file has them.
template <typename Number> std::vector<Number> elementsOf(const NpyArray& array)
{
    std::vector<Number> values(array.count);
    if constexpr (std::is_same_v<Number, double>)
        array.read_reals(0, values);
    else
        array.read_integers(0, values);
    return values;
}

void readArray(const QByteArray& content)
{
    const auto array = read_npy(content);
    if (!array)
        return fuzz::requireError(array.error());
    const auto& shape = array->shape;
    const bool isEmpty = std::find(shape.begin(), shape.end(), 0) != shape.end();
    const auto elements = isEmpty
        ? 0
        : std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
    fuzz::require(static_cast<std::int64_t>(array->count) == elements,
                  "an array has as many values as its shape says");
    const NpyArray other = reordered(*array);
    fuzz::require(other.count == array->count && other.fortran_order != array->fortran_order,
                  "an array has as many values in the other order");
    const NpyArray same = reordered(other);
    fuzz::require(same.data == array->data, "an array in the other order is it turned back");
    if (array->holds_reals())
        elementsOf<double>(*array);
    else
        elementsOf<std::int64_t>(*array);
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
    readArray(QByteArray::fromStdString(content));
    readObservations(content);
    return 0;
}
