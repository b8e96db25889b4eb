#include "core/formats/open_model.h"
#include "tests/fuzz/support.h"

// An ONNX model as open_model meets it; anything else is left to the other readers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace qbn;
    if (fuzz::textOf(data, size).starts_with("\x08"))
        fuzz::requireModelOrError(
            read_model(fuzz::bytesOf(data, size), QStringLiteral("model.onnx")));
    return 0;
}
