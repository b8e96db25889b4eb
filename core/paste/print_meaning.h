#pragma once

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
    code_type, ///< the dtype of a side
};

enum class PrintSide : std::uint8_t
{
    unknown,
    input,
    output,
};

/// In which form a parameter is printed.
enum class PrintForm : std::uint8_t
{
    plain,
    std_dev, ///< of var: its root
    inverse_std, ///< of var: 1 / its root
};

/// What a label says.
struct PrintMeaning
{
    PrintRole role = PrintRole::none;
    PrintSide side = PrintSide::unknown; ///< of a scale or zero point
    bool is_code = false; ///< int_repr(), "code" or x_q: whole numbers are codes, not reals
    PrintForm form = PrintForm::plain;
    /// Of a scale or zero point: the parameter that is itself quantized with it; none: a tensor.
    PrintRole of = PrintRole::none;
    /// "conv1.0.running_mean" where the label holds a key as a state_dict has it; else empty.
    std::string key;

    bool operator==(const PrintMeaning&) const = default;
};

} // namespace qbn
