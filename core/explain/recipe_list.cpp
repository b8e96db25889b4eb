#include "core/explain/recipe.h"

#include <algorithm>
#include <array>

namespace qbn {

namespace {

using Kind = Recipe::Kind;

constexpr std::array recipes{
    Recipe{.id = "batch-norm",
           .title = "batch norm",
           .formula = "as the backend computes it",
           .explanation = "No mistake: the chosen backend gives this code.",
           .kind = Kind::chosen_backend},
    Recipe{.id = "other-backend",
           .title = "another backend",
           .formula = "as that backend computes it",
           .explanation = "The layer ran in another framework or another form, which rounds "
                          "differently.",
           .kind = Kind::other_backend},
    Recipe{.id = "no-affine",
           .title = "gamma and beta left out",
           .formula = "affine = normalized",
           .explanation = "weight and bias are easily missed: the formula is often quoted without "
                          "them.",
           .change = "affine = normalized"},
    Recipe{.id = "gamma-beta-swapped",
           .title = "gamma and beta swapped",
           .formula = "affine = beta * normalized + gamma",
           .explanation = "Frameworks list the two in different orders and under different names.",
           .change = "affine = beta * normalized + gamma"},
    Recipe{.id = "no-eps",
           .title = "eps left out",
           .formula = "normalized = (dequantized - mean) / sqrt(var)",
           .explanation = "eps is not stored with the parameters; it matters where var is small.",
           .change = "epsilon = f64(0)"},
    Recipe{.id = "eps-1e-3",
           .title = "eps 1e-3",
           .formula = "normalized = (dequantized - mean) / sqrt(var + 1e-3)",
           .explanation = "Keras's default eps is 1e-3, PyTorch's 1e-5.",
           .change = "epsilon = f64(1e-3)"},
    Recipe{.id = "variance-not-rooted",
           .title = "divided by the variance",
           .formula = "normalized = (dequantized - mean) / (var + eps)",
           .explanation = "The variance was taken for the standard deviation.",
           .change = "divisor = variance + epsilon"},
    Recipe{.id = "eps-outside-root",
           .title = "eps added after the root",
           .formula = "normalized = (dequantized - mean) / (sqrt(var) + eps)",
           .explanation = "eps belongs to the variance, under the root.",
           .change = "divisor = sqrt(variance) + epsilon"},
    Recipe{.id = "mean-var-swapped",
           .title = "mean and variance swapped",
           .formula = "normalized = (dequantized - var) / sqrt(mean + eps)",
           .explanation = "Converters hand the running statistics over in the wrong order.",
           .change = "center = var\nspread = mean"},
    Recipe{.id = "no-input-zero-point",
           .title = "input zero point left out",
           .formula = "dequantized = x_scale * x_q",
           .explanation = "The zero point belongs to the tensor before the layer.",
           .change = "zero_in = i64(0)"},
    Recipe{.id = "no-output-zero-point",
           .title = "output zero point left out",
           .formula = "y_q = clamp(round(steps), qmin, qmax)",
           .explanation = "The result was divided by the scale and not shifted.",
           .change = "zero_out = f64(0)"},
    Recipe{.id = "input-scale-missing",
           .title = "input not dequantized",
           .formula = "dequantized = x_q - x_zero_point",
           .explanation = "The integer codes went into the formula as if they were real values.",
           .change = "dequantized = centred"},
    Recipe{.id = "scale-multiplied",
           .title = "multiplied by the output scale",
           .formula = "steps = affine * y_scale",
           .explanation = "Quantizing divides by the scale; multiplying is dequantizing.",
           .change = "steps = affine * s_out"},
    Recipe{.id = "wrong-channel",
           .title = "another channel's parameters",
           .formula = "mean, var, gamma, beta of that channel",
           .explanation = "Parameters are per channel, and dimension 1 of the tensor is the "
                          "channel.",
           .kind = Kind::other_channel},
    Recipe{.id = "truncated",
           .title = "truncated instead of rounded",
           .formula = "y_q = clamp(trunc(steps) + y_zero_point, qmin, qmax)",
           .explanation = "A cast to an integer drops the fraction.",
           .change = "rounded = trunc(rectified)"},
    Recipe{.id = "floored",
           .title = "rounded down",
           .formula = "y_q = clamp(floor(steps) + y_zero_point, qmin, qmax)",
           .explanation = "A shift to the right rounds down, and so does a cast after the zero "
                          "point was added.",
           .change = "rounded = floor(rectified)"},
    Recipe{.id = "half-away-from-zero",
           .title = "halves rounded away from zero",
           .formula = "y_q = clamp(round_half_away(steps) + y_zero_point, qmin, qmax)",
           .explanation = "C's round() takes halves away from zero, the frameworks take them to "
                          "the even number.",
           .change = "rounded = round_away(rectified)"},
    Recipe{.id = "not-clamped",
           .title = "not clamped",
           .formula = "y_q = round(steps) + y_zero_point",
           .explanation = "The result was not brought into the range of its type.",
           .change = "number = sum"},
    Recipe{.id = "reduced-range",
           .title = "clamped to one bit less",
           .formula = "y_q = clamp(round(steps) + y_zero_point, reduced qmin, reduced qmax)",
           .explanation = "reduce_range keeps 7 of 8 bits: 0 to 127 of quint8, -64 to 63 of qint8.",
           .change = "number = clamp(sum, f64(qmin / 2), f64(qmax / 2))"},
    Recipe{.id = "relu-fused",
           .title = "a ReLU is fused",
           .formula = "steps = max(steps, 0)",
           .explanation = "A fused ReLU leaves no trace in a state_dict.",
           .change = "rectified = max(0, steps)"},
    Recipe{.id = "relu-missing",
           .title = "the ReLU left out",
           .formula = "steps = affine / y_scale, without max(steps, 0)",
           .explanation = "The layer clamps at real 0 and the calculation does not.",
           .change = "rectified = steps"},
    Recipe{.id = "other-type",
           .title = "signed for unsigned",
           .formula = "y_q = clamp(round(steps) + y_zero_point, other type's qmin and qmax)",
           .explanation = "qint8 was taken for quint8, or the other way round.",
           .change = "number = clamp(sum, other_min, other_max)"},
    Recipe{.id = "misread-byte",
           .title = "the byte read as the other type",
           .formula = "200 reads as -56, -56 as 200",
           .explanation = "The right bits were printed as int8 instead of uint8, or the other way "
                          "round.",
           .change = "number = select(clamped > other_max, clamped - codes, select(clamped < "
                     "other_min, clamped + codes, clamped))"},
    Recipe{.id = "other-type-shifted",
           .title = "signed for unsigned, with the zero point moved",
           .formula = "code and zero point less 128 of quint8, 128 more of qint8",
           .explanation = "The same value as a code of the other type: converters move code and "
                          "zero point by half the range.",
           .change = "number = clamped + (other_min - f64(qmin))"},
    Recipe{.id = "input-type-shifted",
           .title = "the input is a code of the other type",
           .formula = "dequantized = x_scale * (x_q + 128 - x_zero_point), of qint8 x_q - 128",
           .explanation = "The input's zero point belongs to quint8 and its code to qint8, or the "
                          "other way round.",
           .change = "code_in = x + select(x_min < 0, -1, i64(1)) * ((x_max - x_min + 1) / 2)"},
    Recipe{.id = "eps-1e-5",
           .title = "eps 1e-5",
           .formula = "normalized = (dequantized - mean) / sqrt(var + 1e-5)",
           .explanation = "PyTorch's default eps is 1e-5, and some libraries raise a smaller one "
                          "to it.",
           .change = "epsilon = f64(1e-5)"},
    Recipe{
        .id = "biased-variance",
        .title = "the biased variance of the batch",
        .formula = "var * (n - 1) / n, n values of the channel",
        .explanation = "In training mode the batch's own variance is taken, divided by n; the "
                       "running one is divided by n - 1.",
        .change
        = "variance = select(observed > 1, spread * (f64(observed - 1) / f64(observed)), spread)"},
    Recipe{.id = "inverse-std-as-variance",
           .title = "the inverse standard deviation in the place of the variance",
           .formula = "normalized = (dequantized - mean) * var",
           .explanation = "Some frameworks store 1 / sqrt(var + eps) where others store var.",
           .change = "divisor = 1 / variance"},
    Recipe{.id = "truncated-after-zero-point",
           .title = "truncated after the zero point was added",
           .formula = "y_q = clamp(trunc(steps + y_zero_point), qmin, qmax)",
           .explanation = "A cast to an integer drops the fraction of the sum.",
           .change = "rounded = trunc(rectified + zero_out) - zero_out"},
    Recipe{.id = "zero-point-inside-rounding",
           .title = "rounded after the zero point was added",
           .formula = "y_q = clamp(round(steps + y_zero_point), qmin, qmax)",
           .explanation = "With an odd zero point every half goes to the other side.",
           .change = "rounded = rint(rectified + zero_out) - zero_out"},
    Recipe{.id = "wrapped",
           .title = "wrapped instead of clamped",
           .formula = "y_q = the low bits of round(steps) + y_zero_point",
           .explanation = "A cast to 8 bits keeps the low ones where clamping is meant.",
           .change = "number = select(abs(sum) < inf, f64(wrap_code(to_int64_x86(sum))), clamped)"},
    Recipe{.id = "clamped-before-zero-point",
           .title = "clamped before the zero point was added",
           .formula = "y_q = clamp(clamp(round(steps), qmin, qmax) + y_zero_point, qmin, qmax)",
           .explanation = "The steps were brought into the type's range, which is meant for codes.",
           .change = "number = clamp(clamp(sum - zero_out, f64(qmin), f64(qmax)) + zero_out, "
                     "f64(qmin), f64(qmax))"},
    Recipe{.id = "int32-wrapped",
           .title = "wrapped in int32",
           .formula
           = "y_q = clamp(int32(round(steps) + y_zero_point), qmin, qmax), its low 32 bits",
           .explanation = "An accumulator of 32 bits overflows and goes on at the other end.",
           .change = "number = select(abs(sum) < inf, clamp(f64(i32(to_int64_x86(sum - floor(sum / "
                     "0x1p32) * 0x1p32))), f64(qmin), f64(qmax)), clamped)"},
    Recipe{.id = "int32-lowest",
           .title = "too large for int32",
           .formula = "y_q = clamp(-2^31 + y_zero_point, qmin, qmax) where steps do not fit",
           .explanation
           = "x86 converts every float that int32 does not hold, NaN too, to -2^31: the "
             "lowest code where the highest is meant.",
           .change = "number = clamp(select(sum - zero_out >= -0x1p31 && sum - zero_out < 0x1p31, "
                     "sum, -0x1p31), f64(qmin), f64(qmax))"},
};

} // namespace

std::span<const Recipe> all_recipes()
{
    return recipes;
}

const Recipe* find_recipe(std::string_view id)
{
    const auto found = std::find_if(recipes.begin(), recipes.end(),
                                    [id](const Recipe& r) { return r.id == id; });
    return found == recipes.end() ? nullptr : &*found;
}

} // namespace qbn
