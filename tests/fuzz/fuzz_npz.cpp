#include "core/formats/open_model.h"
#include "tests/fuzz/support.h"

// A NumPy archive as open_model meets it; anything else is left to the other readers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace qbn;
    if (fuzz::textOf(data, size).starts_with("PK"))
        fuzz::requireModelOrError(
            read_model(fuzz::bytesOf(data, size), QStringLiteral("arrays.npz")));
    return 0;
}
