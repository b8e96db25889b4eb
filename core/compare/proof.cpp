#include "core/compare/proof.h"

#include "core/compare/tie_map.h"
#include "core/formula/error_bound.h"

#include <algorithm>

namespace qbn {

std::vector<bool> proved_codes(const Backend& backend, const BatchNormLayer& layer, int channel)
{
    const auto codes = static_cast<std::size_t>(layer.input.type.count());
    std::vector<bool> proved(codes, backend.is_exact());
    if (backend.is_exact() || !layer.output.type.contains(layer.output.zero_point))
        return proved;
    formula::BoundFormula bound(backend.program, layer);
    bound.run(channel);
    const std::vector<double> errors = formula::error_bounds(bound, layer, channel);
    const ChannelTieMap map = tie_map(backend, layer, channel);
    const auto exact = qbn::codes(*find_backend("exact"), layer, channel);
    for (std::size_t i = 0; i < codes; ++i)
        proved[i] = errors[i] < std::min(map.codes[i].steps, 0.5) && bound.code(i) == exact[i];
    return proved;
}

bool is_proved(const Backend& backend, const BatchNormLayer& layer)
{
    for (int channel = 0; channel < layer.channels(); ++channel) {
        const std::vector<bool> proved = proved_codes(backend, layer, channel);
        if (!std::all_of(proved.begin(), proved.end(), [](bool one) { return one; }))
            return false;
    }
    return true;
}

} // namespace qbn
