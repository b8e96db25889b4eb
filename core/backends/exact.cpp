#include "core/backends/exact.h"

namespace qbn {

Backend exact()
{
    return {
        .id = "exact",
        .title = "Exact",
        .formula
        = "round_half_even((gamma * (dequantized - mean) / sqrt(var + eps) + beta) / y_scale) "
          "+ y_zero_point",
        .source = "exact rational arithmetic",
    };
}

} // namespace qbn
