#include "core/formats/open_model.h"
#include "tests/fuzz/support.h"

// A TensorFlow Lite model as open_model meets it; anything else is left to the other readers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace qbn;
    if (size > 8 && fuzz::textOf(data, size).substr(4, 4) == "TFL3")
        fuzz::requireModelOrError(
            read_model(fuzz::bytesOf(data, size), QStringLiteral("model.tflite")));
    return 0;
}
