#pragma once

#include "core/paste/printed_value.h"

#include <cstdint>
#include <string>

namespace qbn {

/// What a value is to a batch norm.
enum class PrintRole : std::uint8_t
{
    none, ///< the label does not say
    other, ///< something else that is known: momentum, num_batches_tracked
    input, ///< a tensor or number that goes in
    output,
    mean,
    var,
    gamma,
    beta,
    eps,
    scale,
    zero_point,
};

enum class PrintSide : std::uint8_t
{
    unknown,
    input,
    output,
};

/// What a label says.
struct PrintMeaning
{
    PrintRole role = PrintRole::none;
    PrintSide side = PrintSide::unknown; ///< of a scale or zero point
    bool is_code = false; ///< int_repr(), "code" or x_q: whole numbers are codes, not reals
    /// "conv1.0.running_mean" where the label holds a key as a state_dict has it; else empty.
    std::string key;
};

/// Reads a label by its words, whatever their case and whether '_', '.' or spaces part them. The
/// parameter comes first: "Batch Norm Scale" and "bn.scale" are a scale, "input scale" is the
/// input's. A label with words of both sides ("input and output") says nothing of the side. A scale
/// without a side takes that of the labels before it in the line.
PrintMeaning meaning_of(const PrintedLabel& label);

} // namespace qbn
