#include "core/formats/tensors/layer_finder.h"
#include "core/formats/torch/torch_checkpoint.h"
#include "core/formats/torch/unpickler.h"
#include "tests/fuzz/support.h"

namespace {

using namespace qbn;

constexpr std::uint64_t storageBytes = 256;

/// Every storage that a pickle asks for is there.
class AnyStorage : public StorageSource
{
public:
    std::optional<std::uint64_t> size(const std::string& /*key*/) const override
    {
        return storageBytes;
    }
    Result<QByteArray> read(const std::string& /*key*/, std::uint64_t offset,
                            std::uint64_t count) const override
    {
        fuzz::require(offset <= storageBytes && count <= storageBytes - offset,
                      "only what a storage has is read");
        return QByteArray(static_cast<qsizetype>(count), '\x3f');
    }
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    ByteReader reader(fuzz::textOf(data, size));
    const auto pickle = read_pickle(reader);
    if (!pickle) {
        fuzz::requireError(pickle.error());
        return 0;
    }
    const auto checkpoint = collect_tensors(pickle->root, std::make_shared<AnyStorage>());
    if (checkpoint)
        fuzz::requireModelOrError(find_layers(*checkpoint, "checkpoint"));
    else
        fuzz::requireError(checkpoint.error());
    return 0;
}
