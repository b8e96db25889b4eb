#pragma once

#include <string_view>

namespace qbn {

/// What NumPy and PyTorch print before the bracket of numbers: tensor, np.float64, torch.FloatTensor.
/// No function, which would make another number of them (np.sqrt), and no declaration (float x[3]).
inline bool is_printed_name(std::string_view name)
{
    if (name.find_first_of(" \t\r\n") != std::string_view::npos)
        return false;
    name.remove_prefix(name.rfind('.') + 1); // the module; npos + 1 is 0
    for (const std::string_view printed : {"tensor", "array", "float", "int", "uint", "longdouble"})
        if (name.starts_with(printed))
            return true;
    return name.ends_with("Tensor");
}

} // namespace qbn
