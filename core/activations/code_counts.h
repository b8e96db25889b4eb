#pragma once

#include "core/activations/tensor_layout.h"
#include "core/layer/quantization.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace qbn {

/// An input code of a channel and the output code that was seen with it.
struct CodePair
{
    std::int32_t input = 0;
    std::int32_t output = 0;
    std::uint64_t count = 0;
    std::uint64_t first = 0; ///< the first element that has it

    bool operator==(const CodePair&) const = default;
};

/// All that is kept of a layer's whole input, output, or both: what follows from the counts does not depend on the tensor's size.
struct CodeCounts
{
    TensorLayout layout;
    CodeType input_type, output_type;
    /// How often each code occurs: type.count() of them a channel, qmin first. Empty where that side was not read.
    std::vector<std::uint64_t> inputs, outputs;
    /// Where both were read: the pairs that occur, channel by channel, by input and output code ascending.
    std::vector<CodePair> pairs;
    std::vector<std::size_t>
        pair_begins; ///< where each channel's begin, and the end; empty without pairs

    bool has_inputs() const { return !inputs.empty(); }
    bool has_outputs() const { return !outputs.empty(); }
    bool has_pairs() const { return !pair_begins.empty(); }

    std::span<const std::uint64_t> inputs_of(int channel) const
    {
        return counts_of(inputs, input_type, channel);
    }
    std::span<const std::uint64_t> outputs_of(int channel) const
    {
        return counts_of(outputs, output_type, channel);
    }
    std::span<const CodePair> pairs_of(int channel) const
    {
        const auto at = static_cast<std::size_t>(channel);
        return std::span(pairs).subspan(pair_begins[at], pair_begins[at + 1] - pair_begins[at]);
    }

private:
    static std::span<const std::uint64_t> counts_of(const std::vector<std::uint64_t>& counts,
                                                    CodeType type, int channel)
    {
        const auto size = static_cast<std::size_t>(type.count());
        return std::span(counts).subspan(static_cast<std::size_t>(channel) * size, size);
    }
};

} // namespace qbn
