#pragma once

#include "core/paste/pasted_layer.h"
#include "core/paste/print_meaning.h"
#include "core/paste/printed_value.h"

#include <map>
#include <utility>
#include <vector>

namespace qbn {

/// A printed value whose label names a parameter.
struct PrintedParameter
{
    const PrintedValue* value = nullptr;
    PrintMeaning meaning;
};

/// The field of a layer that it is about; eps for a role that is no parameter's.
Field field_of(const PrintMeaning& meaning);

/// Makes the numbers of a layer of printed parameters: a standard deviation is squared, codes of a parameter that was quantized
/// itself are dequantized. A part of the grouping into layers.
class ParameterFacts
{
public:
    /// Takes mean_scale and mean_zero_point, which say that the mean is printed as codes, out of the parameters.
    void take_quantized(std::vector<PrintedParameter>& parameters);

    PastedFact of(const PrintedParameter& parameter) const;

private:
    // By the parameter that is printed as codes: its scale and zero point.
    std::map<PrintRole, std::pair<const PrintedValue*, const PrintedValue*>> own_codes_;
};

} // namespace qbn
