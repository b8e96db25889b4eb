#include "core/formats/bytes/will_read.h"

#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#endif

namespace qbn {

#if __has_include(<sys/mman.h>)
void will_read(std::string_view bytes)
{
    if (bytes.empty())
        return;
    const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
    const std::uintptr_t before = reinterpret_cast<std::uintptr_t>(bytes.data()) % page;
    // An advice: where it fails the bytes are read when they are looked at.
    static_cast<void>(posix_madvise(const_cast<char*>(bytes.data()) - before, bytes.size() + before,
                                    POSIX_MADV_WILLNEED));
}
#else
void will_read(std::string_view /*bytes*/) { }
#endif

} // namespace qbn
