#include "tests/conformance/planted_changes.h"

#include <array>
#include <span>

namespace qbn::conformance {

namespace {

using enum Decides;

constexpr std::string_view binary64 = "multiply-add in binary64";

/// What quantized::batch_norm2d and onednn::qbatch_norm2d do before they convert.
constexpr std::array pytorchFused{
    PlantedChange{"offset fused", "= beta - shift", "= fma(-scaled_mean, gamma, beta)"},
    PlantedChange{"mean times gain", "= scaled_mean * gamma", "= mean * gain"},
    PlantedChange{"scales divided in binary32", "f32(f64(gain) * (s_in / s_out))",
                  "gain * f32(s_in / s_out)"},
    PlantedChange{"offset by a reciprocal", "f32(f64(offset) / s_out)", "offset * f32(1 / s_out)"},
    PlantedChange{"gain by division", "inv_std * gamma", "gamma / std_dev"},
};

/// Their multiplication and addition where there is FMA.
constexpr std::array pytorchFma{
    PlantedChange{"multiply-add apart", "fma(alpha, centred, fused_beta)",
                  "alpha * centred + fused_beta"},
    PlantedChange{binary64, "fma(alpha, centred, fused_beta)",
                  "f32(f64(alpha) * f64(centred) + f64(fused_beta))", ties},
};

constexpr std::array pytorchLanes{
    PlantedChange{"scalar half away", "\n  rounded     = to_int64_x86(requantized)",
                  "\n  rounded     = to_int64_x86(round_away(requantized))", ties},
    PlantedChange{"scalar half up", "\n  rounded     = to_int64_x86(requantized)",
                  "\n  rounded     = to_int64_x86(round_up(requantized))", ties},
    PlantedChange{"all channels scalar", "channel < channels / 8 * 8", "channel < 0", extremes},
};

constexpr std::array pytorch{
    PlantedChange{"SIMD half away", "min(requantized, 2147483520)",
                  "round_away(min(requantized, 2147483520))", ties},
    PlantedChange{"SIMD half up", "min(requantized, 2147483520)",
                  "round_up(min(requantized, 2147483520))", ties},
    PlantedChange{"zero point inside", "to_int32_x86(min(requantized, 2147483520))",
                  "to_int32_x86(min(requantized + f32(z_out), 2147483520)) - i32(z_out)", ties},
    PlantedChange{"no cap", "min(requantized, 2147483520)", "requantized", extremes},
    PlantedChange{"zero point does not wrap", "i64(simd_rounded + i32(z_out))",
                  "i64(simd_rounded) + z_out", extremes},
    PlantedChange{"ReLU before the clamp",
                  "select(relu, max(simd_clamped, wrap_code(z_out)), simd_clamped)",
                  "clamp(select(relu, max(simd_sum, z_out), simd_sum), qmin, qmax)", extremes},
};

constexpr std::array pytorchWithoutFma{
    PlantedChange{"multiply-add fused", "= scaled + fused_beta",
                  "= fma(alpha, centred, fused_beta)"},
    PlantedChange{"SIMD half away", "simd_rounded = to_int64_x86(requantized)",
                  "simd_rounded = to_int64_x86(round_away(requantized))", ties},
    PlantedChange{"SIMD half up", "simd_rounded = to_int64_x86(requantized)",
                  "simd_rounded = to_int64_x86(round_up(requantized))", ties},
};

constexpr std::array pytorchOneDnn{
    PlantedChange{"half away", "to_int64_x86(requantized)", "to_int64_x86(round_away(requantized))",
                  ties},
    PlantedChange{"half up", "to_int64_x86(requantized)", "to_int64_x86(round_up(requantized))",
                  ties},
    PlantedChange{"zero point inside", "to_int64_x86(requantized)",
                  "to_int64_x86(requantized + f32(z_out)) - z_out", ties},
    PlantedChange{"converted to 32 bits", "to_int64_x86(requantized)",
                  "i64(to_int32_x86(requantized))", extremes},
    PlantedChange{"saturating conversion", "clamp(select(relu, max(sum, z_out), sum), qmin, qmax)",
                  "to_code(rint(requantized), z_out)", extremes},
};

constexpr std::array pytorchOneDnnAvx512{
    PlantedChange{"SIMD half away", "to_int32_x86(requantized)",
                  "to_int32_x86(round_away(requantized))", ties},
    PlantedChange{"SIMD half up", "to_int32_x86(requantized)",
                  "to_int32_x86(round_up(requantized))", ties},
    PlantedChange{"SIMD capped", "to_int32_x86(requantized)",
                  "to_int32_x86(min(requantized, 2147483520))", extremes},
    PlantedChange{"zero point does not wrap", "i64(to_int32_x86(requantized) + i32(z_out))",
                  "i64(to_int32_x86(requantized)) + z_out", extremes},
    PlantedChange{"scalar half away", "to_int64_x86(requantized)",
                  "to_int64_x86(round_away(requantized))", ties},
    PlantedChange{"all channels scalar", "channel < channels / 16 * 16", "channel < 0", extremes},
    PlantedChange{"vectors of 8", "channel < channels / 16 * 16", "channel < channels / 8 * 8",
                  extremes},
    PlantedChange{"whole cache lines alone", "channel < channels / 16 * 16",
                  "channel < channels / 64 * 64", extremes},
};

/// dequantize and F.batch_norm.
constexpr std::array referenceNorm{
    PlantedChange{"gain by division", "inv_std * gamma", "gamma / std_dev"},
    PlantedChange{"ReLU of NaN is 0", "max(0, affine)", "max(affine, 0)", extremes},
};

constexpr std::array referenceFma{
    PlantedChange{"offset apart", "fma(-mean, gain, beta)", "beta - mean * gain"},
    PlantedChange{"multiply-add apart", "fma(dequantized, gain, offset)",
                  "dequantized * gain + offset"},
    PlantedChange{binary64, "fma(dequantized, gain, offset)",
                  "f32(f64(dequantized) * f64(gain) + f64(offset))", ties},
};

constexpr std::array referenceNoFma{
    PlantedChange{"offset fused", "beta - mean * gain", "fma(-mean, gain, beta)"},
    PlantedChange{"multiply-add fused", "dequantized * gain + offset",
                  "fma(dequantized, gain, offset)"},
};

constexpr std::array referenceConversion{
    PlantedChange{"division", "rectified * reciprocal", "rectified / s_out"},
    PlantedChange{"half away", "to_int64_x86(requantized)", "to_int64_x86(round_away(requantized))",
                  ties},
    PlantedChange{"half up", "to_int64_x86(requantized)", "to_int64_x86(round_up(requantized))",
                  ties},
    PlantedChange{"zero point inside", "clamp(sum, qmin, qmax)",
                  "clamp(to_int64_x86(requantized + f32(z_out)), qmin, qmax)", ties},
    PlantedChange{"saturating conversion", "clamp(sum, qmin, qmax)",
                  "to_code(rint(requantized), z_out)", extremes},
};

constexpr std::array reference213{
    PlantedChange{"division", "fma(rectified, reciprocal, f32(z_out))",
                  "rectified / s_out + f32(z_out)"},
    PlantedChange{"zero point added apart", "fma(rectified, reciprocal, f32(z_out))",
                  "rectified * reciprocal + f32(z_out)"},
    PlantedChange{"zero point outside", "fma(rectified, reciprocal, f32(z_out))",
                  "rint(rectified * reciprocal) + f32(z_out)", ties},
    PlantedChange{"half away", "min(shifted, 2147483520)", "round_away(min(shifted, 2147483520))",
                  ties},
    PlantedChange{"half up", "min(shifted, 2147483520)", "round_up(min(shifted, 2147483520))",
                  ties},
    PlantedChange{"no cap", "min(shifted, 2147483520)", "shifted", extremes},
};

constexpr std::array decomposed{
    PlantedChange{"division", "rectified * reciprocal", "rectified / f32(s_out)"},
    PlantedChange{"reciprocal of the binary32 scale", "f32(1 / s_out)", "1 / f32(s_out)"},
    PlantedChange{"NaN gives qmin", "select(is_nan(sum), 0, to_int64_x86(clamped))",
                  "to_int64_x86(clamped)", extremes},
};

constexpr std::array fakeQuantize{
    PlantedChange{"division", "rectified * reciprocal", "rectified / s_out"},
    PlantedChange{"NaN gives 0", "to_int64_x86(clamp(sum, f32(qmin), f32(qmax)))",
                  "select(is_nan(sum), 0, to_int64_x86(clamp(sum, f32(qmin), f32(qmax))))",
                  extremes},
};

/// The two whose sum with the zero point is a binary32 number.
constexpr std::array sumInBinary32{
    PlantedChange{"half away", "rint(requantized)", "round_away(requantized)", ties},
    PlantedChange{"half up", "rint(requantized)", "round_up(requantized)", ties},
    PlantedChange{"zero point inside", "rint(requantized) + f32(z_out)",
                  "rint(requantized + f32(z_out))", ties},
};

constexpr std::array onnxruntime{
    PlantedChange{"multiply-add fused", "product + offset", "fma(dequantized, gain, offset)"},
    PlantedChange{"offset fused", "beta - shift", "fma(-mean, gain, beta)"},
    PlantedChange{"reciprocal", "rectified / s_out", "rectified * (1 / s_out)"},
    PlantedChange{"half away", "rint(requantized)", "round_away(requantized)", ties},
    PlantedChange{"half up", "rint(requantized)", "round_up(requantized)", ties},
    PlantedChange{"zero point inside", "to_code(rint(requantized), z_out)",
                  "to_code(rint(requantized + f32(z_out)), 0)", ties},
    PlantedChange{"through int64", "to_code(rint(requantized), z_out)",
                  "clamp(to_int64_x86(requantized) + z_out, qmin, qmax)", extremes},
};

constexpr std::array onnxruntimeQLinear{
    PlantedChange{"MUL fused", "product_steps + f32(product_zero)",
                  "fma(f32(acc), mul_real, f32(product_zero))"},
    PlantedChange{"MUL's scales in another order", "s_in * gain_scale / product_scale",
                  "s_in * (gain_scale / product_scale)"},
    PlantedChange{"MUL by a reciprocal", "s_in * gain_scale / product_scale",
                  "s_in * gain_scale * (1 / product_scale)"},
    PlantedChange{"MUL half away", "to_int32_x86(product_sum)",
                  "to_int32_x86(round_away(product_sum))", ties},
    PlantedChange{"MUL's zero point outside", "i64(to_int32_x86(product_sum))",
                  "i64(to_int32_x86(product_steps)) + product_zero", ties},
    PlantedChange{"product not clamped", "clamp(i64(to_int32_x86(product_sum)), x_min, x_max)",
                  "i64(to_int32_x86(product_sum))", extremes},
    PlantedChange{"MUL saturates", "clamp(i64(to_int32_x86(product_sum)), x_min, x_max)",
                  "clamp(to_int64_x86(product_sum), x_min, x_max)", extremes},
    PlantedChange{"ADD apart", "fma(f32(product_code), product_ratio, shift)",
                  "f32(product_code) * product_ratio + shift"},
    PlantedChange{"offset apart", "fma(f32(offset_code), offset_ratio, zeros)",
                  "f32(offset_code) * offset_ratio + zeros"},
    PlantedChange{"zero points apart",
                  "fma(product_ratio, f32(product_zero), offset_ratio * f32(offset_zero))",
                  "product_ratio * f32(product_zero) + offset_ratio * f32(offset_zero)"},
    PlantedChange{"offset's zero point fused",
                  "fma(product_ratio, f32(product_zero), offset_ratio * f32(offset_zero))",
                  "fma(offset_ratio, f32(offset_zero), product_ratio * f32(product_zero))"},
    PlantedChange{"zero points first", "fma(f32(offset_code), offset_ratio, zeros)",
                  "f32(offset_code - offset_zero) * offset_ratio - product_ratio * "
                  "f32(product_zero) + f32(z_out)"},
    PlantedChange{"ADD half away", "i64(to_int32_x86(sum))", "i64(to_int32_x86(round_away(sum)))",
                  ties},
    PlantedChange{"ADD's zero point outside", "i64(to_int32_x86(sum))",
                  "i64(to_int32_x86(sum - f32(z_out))) + z_out", ties},
    PlantedChange{"ADD saturates", "i64(to_int32_x86(sum))", "to_int64_x86(sum)", extremes},
};

/// Of an input whose shape is known or not.
constexpr std::array openvinoBoth{
    PlantedChange{"reciprocal", "gamma / sqrt(var + eps)", "gamma * (1 / sqrt(var + eps))"},
    PlantedChange{"offset fused", "beta - mean * k", "fma(-mean, k, beta)"},
    PlantedChange{"form D apart", "fma(centred, m, c)", "centred * m + c"},
    PlantedChange{"half away", "to_int32_x86(steps_above_qmin)",
                  "to_int32_x86(round_away(steps_above_qmin))", ties},
    PlantedChange{"zero point outside", "i64(to_int32_x86(steps_above_qmin)) + qmin",
                  "i64(to_int32_x86(steps_above_qmin - f32(z_out - qmin))) + z_out", ties},
};

constexpr std::array openvino{
    PlantedChange{"FakeQuantize apart", "fma(min(max(u, l_code), h_code), factor, addend)",
                  "min(max(u, l_code), h_code) * factor + addend"},
    PlantedChange{"form A for B", "any(m < 0)", "any(m < -1e30)"},
    PlantedChange{"end divided once", "select(form_a, low / m - p", "select(form_a, (low - c) / m"},
    PlantedChange{"shift times scale", "-from * 255 / span", "-from * scale"},
    PlantedChange{"addend fused", "shift + -f32(z_in) * scale", "fma(-f32(z_in), scale, shift)"},
};

constexpr std::array openvinoStatic{
    PlantedChange{"FakeQuantize fused", "min(max(u, l), h) * scale + shift",
                  "fma(min(max(u, l), h), scale, shift)"},
    PlantedChange{"form B for A", "any(m < 0)", "any(m < 1e30)"},
    PlantedChange{"end divided twice", "(low - c) / m", "low / m - p"},
    PlantedChange{"shift divided", "-l * scale", "-l * 255 / (h - l)"},
    PlantedChange{"multiplied before the sum", "(centred + p) * m", "centred * m + c"},
};

constexpr std::array litertBuiltin{
    PlantedChange{"multiplier in binary32", "f64(s_in) * f64(w_scale) / f64(s_out)",
                  "f64(s_in * w_scale / s_out)"},
    PlantedChange{"first rounding truncates", "+ 0x40000000", "+ 0"},
    PlantedChange{"left shift does not wrap", "i64(i32(shift_left(i64(acc), left)))",
                  "shift_left(i64(acc), left)", extremes},
};

constexpr std::array litert{
    PlantedChange{"one rounding", "divide_by_pot_round(high, right)",
                  "shift_round_half_up(i64(i32(shift_left(i64(acc), left))) * i64(quantized_mult), "
                  "right + 31)"},
    PlantedChange{"second half up", "divide_by_pot_round(high, right)",
                  "shift_round_half_up(high, right)"},
    PlantedChange{"second half even", "divide_by_pot_round(high, right)",
                  "to_int64_x86(f64(high) / f64(shift_left(i64(1), right)))"},
    PlantedChange{"shift not modulo 32", "mod(exponent_full, 32)", "exponent_full", extremes},
};

constexpr std::array litertOptimized{
    PlantedChange{"SIMD half away", "shift_round_half_up(high_or_0, right)",
                  "divide_by_pot_round(high_or_0, right)"},
    PlantedChange{"SIMD half even", "shift_round_half_up(high_or_0, right)",
                  "to_int64_x86(f64(high_or_0) / f64(shift_left(i64(1), right)))"},
    PlantedChange{"scalar half up", "divide_by_pot_round(high, right)",
                  "shift_round_half_up(high, right)"},
    PlantedChange{"all channels SIMD", "channel < channels / 8 * 8", "channel < channels"},
};

constexpr std::array litertXnnpack{
    PlantedChange{"multiplier in binary64", "s_in * w_scale / s_out",
                  "f32(f64(s_in) * f64(w_scale) / f64(s_out))"},
    PlantedChange{"product not rounded", "to_code(rint(requantized), z_out)",
                  "to_code(rint(f64(acc) * f64(multiplier)), z_out)"},
    PlantedChange{"half away", "rint(requantized)", "round_away(requantized)"},
    PlantedChange{"half up", "rint(requantized)", "round_up(requantized)"},
    PlantedChange{"zero point inside", "to_code(rint(requantized), z_out)",
                  "to_code(rint(requantized + f32(z_out)), 0)"},
};

constexpr std::array litertMulAdd{
    PlantedChange{"MUL's first rounding truncates", "* mul_mult + 0x40000000", "* mul_mult + 0"},
    PlantedChange{"MUL half up", "divide_by_pot_round(mul_high, max(-mul_shift, 0))",
                  "shift_round_half_up(mul_high, max(-mul_shift, 0))"},
    PlantedChange{"MUL in one rounding", "divide_by_pot_round(mul_high, max(-mul_shift, 0))",
                  "shift_round_half_up(acc * mul_mult, 31 - mul_shift)"},
    PlantedChange{"ADD's first rounding truncates", "total * total_mult + 0x40000000",
                  "total * total_mult + 0"},
    PlantedChange{"ADD half up", "divide_by_pot_round(total_high, -total_shift)",
                  "shift_round_half_up(total_high, -total_shift)"},
    PlantedChange{"ADD in one rounding", "divide_by_pot_round(total_high, -total_shift)",
                  "shift_round_half_up(total * total_mult, 31 - total_shift)"},
    PlantedChange{"ADD's factor in binary32", "twice / f64(1048576 * s_out)",
                  "f64(f32(twice) / (1048576 * s_out))"},
    PlantedChange{"MUL's factor in binary64", "f64(s_in * gain_scale / product_scale)",
                  "f64(s_in) * f64(gain_scale) / f64(product_scale)"},
    PlantedChange{"product not clamped", "clamp(product_zero + mul_rounded, -128, 127)",
                  "product_zero + mul_rounded", extremes},
    PlantedChange{"offset half up", "divide_by_pot_round(bias_high, -offset_shift)",
                  "shift_round_half_up(bias_high, -offset_shift)"},
};

constexpr std::array litertMulAddXnnpack{
    PlantedChange{"product not clamped",
                  "clamp(product_zero + i64(to_int32_x86(product_steps)), -128, 127)",
                  "product_zero + i64(to_int32_x86(product_steps))", extremes},
    PlantedChange{"MUL half away", "to_int32_x86(product_steps)",
                  "to_int32_x86(round_away(product_steps))", ties},
    PlantedChange{"MUL's zero point inside", "product_zero + i64(to_int32_x86(product_steps))",
                  "i64(to_int32_x86(product_steps + f32(product_zero)))", ties},
    PlantedChange{"MUL's factor in binary64", "s_in * gain_scale / product_scale",
                  "f32(f64(s_in) * f64(gain_scale) / f64(product_scale))"},
    PlantedChange{"MUL's product not rounded", "to_int32_x86(product_steps)",
                  "to_int32_x86(f64(acc) * f64(mul_real))"},
    PlantedChange{"ADD half away", "shift_round_half_up(total, fraction_bits)",
                  "divide_by_pot_round(total, fraction_bits)"},
    PlantedChange{"ADD's factors truncate", "to_int32_x86(product_ratio * one)",
                  "to_int32_x86(floor(product_ratio * one))"},
    PlantedChange{"a bit more", "20 - i64(exponent(", "21 - i64(exponent("},
};

struct Plan
{
    std::string_view subject;
    std::array<std::span<const PlantedChange>, 4> changes;
};

constexpr std::array plans{
    Plan{"pytorch", {pytorch, pytorchFma, pytorchFused, pytorchLanes}},
    Plan{"pytorch-nofma", {pytorchWithoutFma, pytorchFused, pytorchLanes}},
    Plan{"pytorch-onednn", {pytorchOneDnn, pytorchFma, pytorchFused}},
    Plan{"pytorch-onednn-avx512", {pytorchOneDnnAvx512, pytorchFma, pytorchFused}},
    Plan{"pytorch-reference", {referenceFma, referenceNorm, referenceConversion}},
    Plan{"pytorch-reference-nofma", {referenceNoFma, referenceNorm, referenceConversion}},
    Plan{"pytorch-2.13-reference", {referenceFma, referenceNorm, reference213}},
    Plan{"pytorch-decomposed", {referenceFma, decomposed, sumInBinary32}},
    Plan{"pytorch-fake-quantize", {referenceFma, fakeQuantize, sumInBinary32}},
    Plan{"onnxruntime", {onnxruntime, referenceNorm}},
    Plan{"onnxruntime-qlinear", {onnxruntimeQLinear}},
    Plan{"openvino", {openvino, openvinoBoth}},
    Plan{"openvino-static", {openvinoStatic, openvinoBoth}},
    Plan{"litert", {litertBuiltin, litert}},
    Plan{"litert-optimized", {litertBuiltin, litertOptimized}},
    Plan{"litert-xnnpack", {litertXnnpack}},
    Plan{"litert-mul-add", {litertMulAdd}},
    Plan{"litert-mul-add-xnnpack", {litertMulAddXnnpack}},
};

} // namespace

std::vector<PlantedChange> plantedChanges(std::string_view subject)
{
    std::vector<PlantedChange> all;
    for (const Plan& plan : plans) {
        if (plan.subject != subject)
            continue;
        for (const std::span<const PlantedChange> changes : plan.changes)
            all.insert(all.end(), changes.begin(), changes.end());
    }
    return all;
}

} // namespace qbn::conformance
