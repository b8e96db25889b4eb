#include "core/formats/tensors/layer_finder.h"
#include "core/formats/torch/torch_checkpoint.h"
#include "tests/fuzz/support.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace qbn;
    if (!is_legacy_torch(fuzz::textOf(data, size)))
        return 0;
    const auto checkpoint = read_torch_legacy(fuzz::bytesOf(data, size));
    if (!checkpoint) {
        fuzz::requireError(checkpoint.error());
        return 0;
    }
    for (const NamedTensor& tensor : checkpoint->tensors()) {
        const auto values = checkpoint->values(tensor);
        if (values)
            fuzz::require(static_cast<std::int64_t>(values->size()) == tensor.element_count,
                          "a tensor has as many values as its shape says");
        else
            fuzz::requireError(values.error());
    }
    fuzz::requireModelOrError(find_layers(*checkpoint, "checkpoint"));
    return 0;
}
