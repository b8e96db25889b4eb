#pragma once

#include "core/backends/backend.h"
#include "core/formula/bound_formula.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace qbn {

/// A backend and a layer, for who asks for many channels: a formula is prepared once. Refers to both. Not for two threads at a time.
class BoundBackend
{
public:
    BoundBackend(const Backend& backend, const BatchNormLayer& layer);

    /// As the functions of the same names (core/backends/backend.h).
    std::vector<std::int32_t> codes(int channel);
    /// The codes as bytes, signed ones in two's complement. Requires: room for all.
    void bytes(int channel, std::span<std::uint8_t> codes);
    std::vector<Requantized> requantize_all(int channel);
    Trace trace(int channel, std::int32_t input_code);

    /// Whether another layer of as many channels gives the same where the formula looks at all channels at once.
    bool gathers_alike(const BatchNormLayer& other);

private:
    const Backend& backend_;
    const BatchNormLayer& layer_;
    std::optional<formula::BoundFormula> formula_;
};

} // namespace qbn
