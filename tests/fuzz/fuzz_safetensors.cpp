#include "core/formats/open_model.h"
#include "tests/fuzz/support.h"

// A safetensors file as open_model meets it; anything else is left to the other readers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace qbn;
    if (size > 8 && data[8] == '{')
        fuzz::requireModelOrError(
            read_model(fuzz::bytesOf(data, size), QStringLiteral("model.safetensors")));
    return 0;
}
