#include "core/explain/equal_channels.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace qbn {

bool has_equal_parameters(const BatchNormLayer& layer, int a, int b)
{
    const std::array parameters{&layer.mean, &layer.var, &layer.gamma, &layer.beta};
    return std::all_of(parameters.begin(), parameters.end(), [&](const auto* values) {
        return std::bit_cast<std::uint64_t>((*values)[a])
            == std::bit_cast<std::uint64_t>((*values)[b]);
    });
}

} // namespace qbn
