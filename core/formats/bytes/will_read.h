#pragma once

#include <string_view>

namespace qbn {

/// Tells the system that these bytes of a mapped file are looked at soon. It begins to read them, all that were told at the same time,
/// and nothing else, where a page that is touched untold is waited for and brings megabytes around it. Changes nothing of other memory.
void will_read(std::string_view bytes);

} // namespace qbn
