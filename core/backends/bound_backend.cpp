#include "core/backends/bound_backend.h"

#include "core/arithmetic/exact.h"
#include "core/backends/formula_results.h"

#include <algorithm>

namespace qbn {

BoundBackend::BoundBackend(const Backend& backend, const BatchNormLayer& layer)
    : backend_(backend)
    , layer_(layer)
{
    if (backend.program)
        formula_.emplace(backend.program, layer);
}

std::vector<std::int32_t> BoundBackend::codes(int channel)
{
    if (!formula_)
        return exact_codes(layer_, channel);
    formula_->run(channel);
    return formula_->codes();
}

void BoundBackend::bytes(int channel, std::span<std::uint8_t> codes)
{
    if (formula_) {
        formula_->run(channel);
        formula_->bytes(codes);
        return;
    }
    const std::vector<std::int32_t> exact = exact_codes(layer_, channel);
    std::transform(exact.begin(), exact.end(), codes.begin(),
                   [](std::int32_t code) { return static_cast<std::uint8_t>(code); });
}

std::vector<Requantized> BoundBackend::requantize_all(int channel)
{
    if (backend_.is_exact())
        return exact_requantized(layer_, channel);
    formula_->run(channel);
    return FormulaResults(*formula_, layer_).all_requantized();
}

Trace BoundBackend::trace(int channel, std::int32_t input_code)
{
    if (backend_.is_exact())
        return exact_trace(layer_, channel, input_code);
    formula_->run(channel);
    const auto lane = static_cast<std::size_t>(input_code - layer_.input.type.qmin());
    return FormulaResults(*formula_, layer_).trace(lane);
}

bool BoundBackend::gathers_alike(const BatchNormLayer& other)
{
    if (!backend_.sees_all_channels())
        return true;
    formula::BoundFormula others(backend_.program, other);
    formula_->run(0);
    others.run(0);
    return formula_->gathered() == others.gathered();
}

} // namespace qbn
