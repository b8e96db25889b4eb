#pragma once

#include "core/activations/code_counts.h"
#include "core/text/result.h"

#include <functional>
#include <optional>
#include <stop_token>

namespace qbn {

/// A layer's whole input, output, or both: codes as bytes, int8 in two's complement, in one layout.
struct CodeTensors
{
    TensorLayout layout;
    CodeType input_type, output_type;
    std::optional<std::span<const std::uint8_t>> input,
        output; ///< one at least; layout.count bytes
};

struct CountRun
{
    /// Told how many elements of how many are done: rising, by one thread at a time, but by any of them.
    std::function<void(std::uint64_t done, std::uint64_t all)> progress;
    std::stop_token stop;
    int threads = 0; ///< 0: as many as the machine has
};

/// More input codes with several output codes each, counted over all channels, are not kept.
inline constexpr std::size_t several_outputs_limit = 16'384;

/// Reads the tensors once. Errors: an element that is no code of its type, which only types of fewer than 8 bits have; pairs beyond
/// the limit, which no two tensors of one layer have; that it was stopped. They do not name a file; `about_output` says whose they are.
struct CountError
{
    std::string message;
    bool about_output = false;
};
std::variant<CodeCounts, CountError> count_codes(const CodeTensors& tensors,
                                                 const CountRun& run = {});

} // namespace qbn
