#include "core/export/torch_operator.h"

#include "core/text/text_number.h"

#include <algorithm>
#include <array>

namespace qbn {

namespace {

enum class Operator : std::uint8_t
{
    none,
    fused,
    onednn,
    reference,
    decomposed,
};

Operator operator_of(const CodeRequest& request)
{
    struct Entry
    {
        std::string_view id;
        Operator of;
    };
    constexpr std::array entries{Entry{"pytorch", Operator::fused},
                                 Entry{"pytorch-nofma", Operator::fused},
                                 Entry{"pytorch-onednn", Operator::onednn},
                                 Entry{"pytorch-onednn-avx512", Operator::onednn},
                                 Entry{"pytorch-reference", Operator::reference},
                                 Entry{"pytorch-wheel-reference", Operator::reference},
                                 Entry{"pytorch-2.13-reference", Operator::reference},
                                 Entry{"pytorch-decomposed", Operator::decomposed}};
    const BatchNormLayer& layer = request.layer;
    if (request.channel || layer.input.type.bits != 8 || layer.output.type.bits != 8)
        return Operator::none;
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) {
        return entry.id == request.backend.id;
    });
    if (found == entries.end())
        return Operator::none;
    const bool is_unsigned = !layer.input.type.is_signed && !layer.output.type.is_signed;
    return found->of == Operator::onednn && (layer.relu || !is_unsigned) ? Operator::none
                                                                         : found->of;
}

/// Digits that Python reads to the same binary64.
std::string number(double value)
{
    const std::string digits = format_number(value);
    const bool is_word = digits.find_first_of("in") != std::string::npos;
    return is_word ? "float(\"" + digits + "\")" : digits;
}

std::string tensor(const std::vector<double>& values)
{
    std::string text = "torch.tensor([";
    for (std::size_t i = 0; i < values.size(); ++i)
        text += (i > 0 ? ", " : "") + number(values[i]);
    return text + "], dtype=torch.float32)";
}

std::string ends(const QuantizationParameters& end)
{
    return number(end.scale) + ", " + std::to_string(end.zero_point);
}

std::string storage(CodeType type)
{
    return type.is_signed ? "torch.int8" : "torch.uint8";
}

/// scale, zero point, range and type, as the operators of PT2E take them.
std::string decomposed_ends(const QuantizationParameters& end)
{
    return ends(end) + ", " + std::to_string(end.type.qmin()) + ", "
        + std::to_string(end.type.qmax()) + ", " + storage(end.type);
}

} // namespace

std::string torch_note(const CodeRequest& request)
{
    const std::string formula = "# The function computes the formula, operation by operation, on "
                                "any PyTorch and processor.\n";
    if (operator_of(request) == Operator::none)
        return formula;
    return formula
        + "# The function beside it, ..._operator, calls the operator itself; which kernel runs, "
          "and so the codes, PyTorch's version and the\n"
          "# processor decide.\n";
}

std::string torch_operator(const CodeRequest& request, const std::string& name)
{
    const Operator kind = operator_of(request);
    if (kind == Operator::none)
        return {};
    const BatchNormLayer& layer = request.layer;
    const std::string parameters = tensor(layer.mean) + ",\n        " + tensor(layer.var)
        + ",\n        " + tensor(layer.gamma) + ",\n        " + tensor(layer.beta);
    std::string text = "def " + name + "(codes):\n"
        + "    codes = torch.atleast_2d(torch.as_tensor(codes)).to(" + storage(layer.input.type)
        + ").expand(" + std::to_string(layer.channels()) + ", -1)\n"
        + "    x = codes.contiguous().reshape(1, " + std::to_string(layer.channels()) + ", 1, -1)\n"
        + "    mean, var, weight, bias = (\n        " + parameters + ")\n";
    const std::string quantized
        = "torch._make_per_tensor_quantized_tensor(x, " + ends(layer.input) + ")";
    const std::string norm
        = "    y = torch.nn.functional.batch_norm(x, mean, var, weight, bias, False, 0.0, "
        + number(layer.eps) + ")\n" + (layer.relu ? "    y = torch.relu(y)\n" : "");
    if (kind == Operator::fused) {
        text += "    x = " + quantized + "\n    y = torch.ops.quantized.batch_norm2d"
            + (layer.relu ? "_relu" : "") + "(x, weight, bias, mean, var, " + number(layer.eps)
            + ", " + ends(layer.output) + ").int_repr()\n";
    } else if (kind == Operator::onednn) {
        text += "    y = torch.ops.onednn.qbatch_norm2d(x, " + ends(layer.input)
            + ", weight, bias, mean, var, " + number(layer.eps) + ", " + ends(layer.output)
            + ", torch.uint8)\n";
    } else if (kind == Operator::reference) {
        text += "    x = " + quantized + ".dequantize()\n" + norm
            + "    y = torch.quantize_per_tensor(y, " + ends(layer.output) + ", torch."
            + name_of(layer.output.type) + ").int_repr()\n";
    } else {
        text
            += "    from torch.ao.quantization.fx import _decomposed  # registers the operators\n\n"
               "    assert _decomposed\n"
               "    operators = torch.ops.quantized_decomposed\n"
               "    x = operators.dequantize_per_tensor(x, "
            + decomposed_ends(layer.input) + ")\n" + norm
            + "    y = operators.quantize_per_tensor(y, " + decomposed_ends(layer.output) + ")\n";
    }
    return text + "    return y.reshape(" + std::to_string(layer.channels())
        + ", -1).to(torch.int64)\n";
}

} // namespace qbn
