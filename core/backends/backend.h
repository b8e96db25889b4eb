#pragma once

#include "core/arithmetic/trace.h"
#include "core/formula/fraction_bits.h"
#include "core/formula/program.h"
#include "core/layer/batch_norm.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace qbn {

/// A named arithmetic: what users choose and the command line calls by its id.
struct Backend
{
    std::string_view id; ///< "pytorch"; stable, files and scripts use it
    std::string_view title; ///< "PyTorch fused"
    std::string_view formula; ///< the computation in one line
    std::string_view source; ///< the operator
    std::string_view group = {}; ///< "PyTorch", "ONNX", "LiteRT", "Integer hardware", "Mathematics"
    std::string_view checked = {}; ///< the versions that it was held against
    std::shared_ptr<const formula::Program> program
        = {}; ///< its formula; exact mathematics has none

    /// Its formula says so, by the header `sound`: it rounds each operation of the textbook's formula at most once, to binary32 or
    /// better, so that rounding_error_bound() holds of it (core/compare/tie_map.h). Not OpenVINO, whose clamp moves the numbers by the
    /// zero point first, not LiteRT with its weights of 8 bits, no integers and no formula of a user.
    bool is_sound() const { return !program || !program->header("sound").empty(); }
    /// Exact mathematics (core/arithmetic/exact.h).
    bool is_exact() const { return !program; }
    /// A change in one channel may change the codes of another.
    bool sees_all_channels() const { return program && program->sees_all_channels(); }
};

/// All backends in display order, `exact` first. They live here alone, as long as the program, so
/// that an address tells which it is.
std::span<const Backend> all_backends();

/// Integer hardware by its id: "fixed-point" chooses the bits for each channel, "fixed-point:16" and "fixed-point:16:int64" have a
/// number of them, the same for all channels, min_fraction_bits to max_fraction_bits.
struct FixedPoint
{
    int fraction_bits = 0; ///< 0: the most that keep the channel's accumulator in int32
    Accumulator accumulator = Accumulator::int32;
};
std::optional<FixedPoint> fixed_point_of(std::string_view id);

/// One of them, or fixed point with a number of fraction bits, or a formula of the user by its id. Nothing for an unknown id.
const Backend* find_backend(std::string_view id);

/// A user's formula as a backend, found by its id from then on, as long as the program lives. The same text under the same id is
/// the same backend. Errors: one sentence with line and column; an id that another backend has.
Result<const Backend*> add_backend(std::string_view id, std::string text);

/// All input codes of one channel, with how each was rounded and clamped: index i is input code
/// qmin + i.
std::vector<Requantized> requantize_all(const Backend& backend, const BatchNormLayer& layer,
                                        int channel);

/// Their output codes alone.
std::vector<std::int32_t> codes(std::span<const Requantized> requantized);
std::vector<std::int32_t> codes(const Backend& backend, const BatchNormLayer& layer, int channel);

/// Every intermediate of one input code, by the same computation.
Trace trace(const Backend& backend, const BatchNormLayer& layer, int channel,
            std::int32_t input_code);

} // namespace qbn
