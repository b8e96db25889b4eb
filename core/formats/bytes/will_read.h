#pragma once

#include <cstdint>
#include <string_view>

namespace qbn {

/// What is no longer may be a batch norm's parameter, which is looked at; weights are longer.
inline constexpr std::uint64_t small_tensor_bytes = 64 * 1024;

/// Tells the system that these bytes of a mapped file are looked at soon. It begins to read them, all that were told at the same time,
/// and nothing else, where a page that is touched untold is waited for and brings megabytes around it. Changes nothing of other memory.
void will_read(std::string_view bytes);

} // namespace qbn
