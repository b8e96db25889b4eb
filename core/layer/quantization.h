#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qbn {

/// The integer type of a code: signed or unsigned, 2 to 8 bits wide.
/// quint8 and qint8 are PyTorch's names; the narrower ones are formed alike (quint4 holds 0..15).
struct CodeType
{
    bool is_signed = false;
    std::uint8_t bits = 8;

    constexpr std::int32_t qmin() const { return is_signed ? -(1 << (bits - 1)) : 0; }
    constexpr std::int32_t qmax() const { return (1 << (is_signed ? bits - 1 : bits)) - 1; }
    constexpr std::int32_t count() const { return 1 << bits; }
    constexpr bool contains(std::int64_t code) const { return code >= qmin() && code <= qmax(); }
    /// Of a byte, in which signed codes stand in two's complement. Of less than 8 bits some bytes are no code.
    constexpr std::int32_t code_of(std::uint8_t byte) const
    {
        return is_signed ? static_cast<std::int8_t>(byte) : std::int32_t{byte};
    }

    bool operator==(const CodeType&) const = default;
};

inline constexpr CodeType quint8_type{false, 8};
inline constexpr CodeType qint8_type{true, 8};

/// "quint8", "qint4", ...
std::string name_of(CodeType type);

/// Reads "quint8", "torch.qint8", "uint8", "int4"; nothing for any other text.
std::optional<CodeType> parse_code_type(std::string_view text);

/// real = scale * (code - zero_point). The scale is binary64, as the operators take it; a zero
/// point outside of the type's range is accepted, as PyTorch accepts it.
struct QuantizationParameters
{
    CodeType type;
    double scale = 1.0;
    std::int32_t zero_point = 0;

    bool operator==(const QuantizationParameters&) const = default;
};

/// What a model that multiplies codes by codes and then adds codes has between its ends: the codes of the gain and of the offset,
/// constants with a value for each channel, and those of the product, in which it is rounded once more. One scale for all channels.
struct IntermediateQuantization
{
    QuantizationParameters gain, offset, product;

    bool operator==(const IntermediateQuantization&) const = default;
};

/// The same in binary64, one rounding: what a code stands for in mathematics.
inline double real_value(const QuantizationParameters& parameters, std::int64_t code)
{
    return parameters.scale * static_cast<double>(code - parameters.zero_point);
}

/// The value that a framework prints for a code: f32(f32(code - zero_point) * f32(scale)), two
/// roundings to binary32 (PyTorch's dequantize_val and ONNX DequantizeLinear agree on it).
float dequantize(const QuantizationParameters& parameters, std::int32_t code);

/// The code whose dequantized value is nearest to `real`: clamp(zero_point + round_half_even(real /
/// scale)). It is how a typed or printed real value finds its code. Nothing if real or scale is not
/// finite or scale <= 0.
std::optional<std::int32_t> quantize(const QuantizationParameters& parameters, double real);

/// The same without the clamp: the number that somebody's calculation has in the place of a code,
/// in the type's range or not. Nothing also for one beyond 32 bits.
std::optional<std::int32_t> quantize_unclamped(const QuantizationParameters& parameters,
                                               double real);

/// Scale and zero point that represent [low, high], zero included, on the whole range of `type`
/// (PyTorch's MinMaxObserver, affine). The scale is a binary32 value, as frameworks store it, and
/// finite: of a wider range an end is clipped.
QuantizationParameters choose_quantization(CodeType type, double low, double high);

} // namespace qbn
