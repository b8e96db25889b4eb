#include "core/layer/quantization.h"

#include "core/text/integer.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace qbn {

std::string name_of(CodeType type)
{
    return (type.is_signed ? "qint" : "quint") + std::to_string(type.bits);
}

std::optional<CodeType> parse_code_type(std::string_view text)
{
    for (const std::string_view prefix : {"torch.", "q"}) {
        if (text.starts_with(prefix))
            text.remove_prefix(prefix.size());
    }
    CodeType type{.is_signed = !text.starts_with('u')};
    if (!type.is_signed)
        text.remove_prefix(1);
    if (!text.starts_with("int"))
        return std::nullopt;
    text.remove_prefix(3);
    if (text.size() != 1 || text[0] < '2' || text[0] > '8')
        return std::nullopt;
    type.bits = static_cast<std::uint8_t>(text[0] - '0');
    return type;
}

float dequantize(const QuantizationParameters& parameters, std::int32_t code)
{
    const auto steps = static_cast<float>(std::int64_t{code} - parameters.zero_point);
    return steps * static_cast<float>(parameters.scale);
}

namespace {

std::optional<double> nearest_code(const QuantizationParameters& parameters, double real)
{
    if (!std::isfinite(real) || !std::isfinite(parameters.scale) || parameters.scale <= 0)
        return std::nullopt;
    return parameters.zero_point + std::nearbyint(real / parameters.scale);
}

} // namespace

std::optional<std::int32_t> quantize(const QuantizationParameters& parameters, double real)
{
    const auto code = nearest_code(parameters, real);
    if (!code)
        return std::nullopt;
    return clamped_integer(*code, parameters.type.qmin(), parameters.type.qmax());
}

std::optional<std::int32_t> quantize_unclamped(const QuantizationParameters& parameters,
                                               double real)
{
    const auto code = nearest_code(parameters, real);
    using Limits = std::numeric_limits<std::int32_t>;
    if (!code || *code < Limits::min() || *code > Limits::max())
        return std::nullopt;
    return clamped_integer(*code, Limits::min(), Limits::max());
}

QuantizationParameters choose_quantization(CodeType type, double low, double high)
{
    low = std::min(low, 0.0);
    high = std::max(high, 0.0);
    QuantizationParameters chosen{.type = type};
    // PyTorch's observers never go below the epsilon of binary32.
    constexpr double largest = std::numeric_limits<float>::max();
    const double scale = std::min((high - low) / (type.count() - 1), largest);
    chosen.scale = std::max(static_cast<float>(scale), 0x1p-23F);
    const double zero_point = type.qmin() - std::nearbyint(low / chosen.scale);
    chosen.zero_point = clamped_integer(zero_point, type.qmin(), type.qmax()).value_or(0);
    return chosen;
}

} // namespace qbn
