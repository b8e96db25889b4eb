#include "core/formats/session/session_json.h"
#include "tests/fuzz/support.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace qbn;
    fuzz::requireModelOrError(
        read_session(fuzz::bytesOf(data, size), QStringLiteral("session.json")));
    return 0;
}
