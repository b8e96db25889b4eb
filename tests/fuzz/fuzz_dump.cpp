#include "core/activations/agreement.h"
#include "core/formats/dump/dump.h"
#include "tests/fuzz/support.h"

#include <numeric>

namespace {

using namespace qbn;

/// As many elements as the layout has, in both histograms and in the pairs, which are of equal codes.
void requireWhole(const CodeCounts& counts)
{
    const auto sum = [](const std::vector<std::uint64_t>& all) {
        return std::accumulate(all.begin(), all.end(), std::uint64_t{0});
    };
    fuzz::require(sum(counts.inputs) == counts.layout.count, "an input is lost");
    fuzz::require(sum(counts.outputs) == counts.layout.count, "an output is lost");
    std::uint64_t pairs = 0;
    for (const CodePair& pair : counts.pairs) {
        pairs += pair.count;
        fuzz::require(pair.input == pair.output, "a pair that the file has not");
        fuzz::require(pair.first < counts.layout.count, "a place beyond the tensor");
        fuzz::requireSentence(index_text(counts.layout, pair.first));
    }
    fuzz::require(pairs == counts.layout.count, "a pair is lost");
    fuzz::require(!several_outputs(counts), "several outputs of one input");
}

} // namespace

// A whole activation, as input and output of a layer, in either layout and as raw bytes of a shape.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const fuzz::MemoryFile file(fuzz::textOf(data, size));
    BatchNormLayer layer = identity_layer("l", 3);
    layer.input = layer.output = {quint8_type, 0.1, 128};
    const DumpFile dump{.path = file.path(), .member = {}};
    DumpRequest request{.input = dump, .output = dump};
    for (const ChannelOrder order : {ChannelOrder::nchw, ChannelOrder::nhwc}) {
        request.order = order;
        request.shape.reset();
        for (const bool hasShape : {false, true}) {
            if (hasShape)
                request.shape = {1, 3, static_cast<std::int64_t>(size) / 3};
            const auto counts
                = read_dump(request, layer, {.progress = {}, .stop = {}, .threads = 1});
            if (counts)
                requireWhole(*counts);
            else
                fuzz::requireError(counts.error());
        }
    }
    for (const DumpFile& array : arrays_in(file.path()))
        fuzz::require(array.path == file.path(), "an array of another file");
    return 0;
}
