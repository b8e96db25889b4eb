#include "core/paste/paste_evidence.h"

#include "core/paste/print_labels.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

namespace qbn {

namespace {

// One text in which these are named needs no other sign.
bool is_named(const std::string& label)
{
    constexpr std::array names{std::string_view("running_mean"), std::string_view("running_var"),
                               std::string_view("moving_mean"),  std::string_view("moving_var"),
                               std::string_view("Running Mean"), std::string_view("Running Var"),
                               std::string_view("BatchNorm"),    std::string_view("batch_norm"),
                               std::string_view("batchnorm"),    std::string_view("Batch Norm"),
                               std::string_view("batch norm"),   std::string_view("int_repr"),
                               std::string_view("x_q"),          std::string_view("y_q"),
                               std::string_view("q_scale"),      std::string_view("q_zero_point")};
    return std::any_of(names.begin(), names.end(), [&label](std::string_view name) {
        return label.find(name) != std::string::npos;
    });
}

bool is_quantized_tensor(const PrintedValue& value)
{
    const auto* const dtype = value.attribute("dtype");
    return value.attribute("quantization_scheme") != nullptr
        || (value.attribute("scale") && value.type == "tensor")
        || (dtype && dtype->word.find("torch.q") != std::string::npos);
}

bool is_batch_norm_module(const PrintedValue& value)
{
    return value.type.find("BatchNorm") != std::string::npos
        || value.type.find("BNReLU") != std::string::npos || value.type.starts_with("Quantize");
}

// Of a parameter that has no name of its own in statistics or neural networks more than of others.
double weight_of(PrintRole role, const PrintedValue& value)
{
    const bool is_array = !value.dimensions.empty();
    const bool is_tensor = is_array && value.type == "tensor";
    switch (role) {
    case PrintRole::mean:
    case PrintRole::var:
        // A table of results has a mean and a deviation too.
        if (value.meaning || meaning_of(value.label).form == PrintForm::std_dev)
            return 0.5;
        return is_tensor ? 2 : is_array ? 1 : 0.5;
    case PrintRole::gamma:
    case PrintRole::beta: {
        const bool is_greek = value.label.text.find("gamma") != std::string::npos
            || value.label.text.find("beta") != std::string::npos || value.meaning;
        return is_greek || is_array ? 1 : 0.5;
    }
    case PrintRole::eps:
    case PrintRole::scale:
    case PrintRole::zero_point:
        return 1;
    case PrintRole::input:
    case PrintRole::output:
        return 0.5;
    default:
        return 0;
    }
}

} // namespace

bool tells_of_batch_norm(const PasteText& text, const std::vector<PrintedValue>& values)
{
    constexpr double enough = 2;
    if (text.is_batch_norm)
        return true;
    std::map<PrintRole, double> weights;
    for (const PrintedValue& value : values) {
        // The weight and bias of a quantized Linear or convolution.
        if (value.label.text.find("_packed_params") != std::string::npos)
            continue;
        const bool is_module = value.form == PrintedValue::Form::module;
        if ((is_module && is_batch_norm_module(value)) || is_quantized_tensor(value)
            || is_named(value.label.text))
            return true;
        if (is_module)
            continue;
        PrintRole role = (value.meaning ? *value.meaning : meaning_of(value.label)).role;
        if (role == PrintRole::zero_point) // every quantizer has both
            role = PrintRole::scale;
        weights[role] = std::max(weights[role], weight_of(role, value));
    }
    double sum = 0;
    for (const auto& [role, weight] : weights)
        sum += weight;
    return sum >= enough;
}

} // namespace qbn
