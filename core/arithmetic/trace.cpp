#include "core/arithmetic/trace.h"

namespace qbn {

std::string_view name_of(Saturation saturation)
{
    switch (saturation) {
    case Saturation::low:
        return "low";
    case Saturation::high:
        return "high";
    case Saturation::none:
        break;
    }
    return "none";
}

} // namespace qbn
