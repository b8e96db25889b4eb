#pragma once

#include "core/text/result.h"

namespace qbn {

/// What a reader gives that was asked to stop.
inline Error reading_cancelled()
{
    return {"it was not read to its end, as that was cancelled"};
}

} // namespace qbn
