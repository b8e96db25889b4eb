#include "core/identify/composed.h"

#include <array>

namespace qbn {

namespace {

using Order = Composed::Order;
using Precision = Composed::Precision;
using Fused = Composed::Fused;
using Rounding = Composed::Rounding;

std::string call(const std::string& function, const std::string& argument)
{
    return function + "(" + argument + ")";
}

std::string round_function(Rounding rounding)
{
    switch (rounding) {
    case Rounding::half_even:
        return "rint";
    case Rounding::half_away:
        return "round_away";
    case Rounding::half_up:
        return "round_up";
    case Rounding::truncate:
        return "trunc";
    case Rounding::floor:
        return "floor";
    }
    return {};
}

/// a * b + c
std::string sum_of(bool fused, const std::string& a, const std::string& b, const std::string& c)
{
    return fused ? "fma(" + a + ", " + b + ", " + c + ")" : a + " * " + b + " + " + c;
}

/// The types of what is computed for a channel and for a code.
struct Types
{
    std::string constant, data;
};

Types types_of(Precision precision)
{
    switch (precision) {
    case Precision::binary32:
        return {"f32", "f32"};
    case Precision::constants_binary64:
        return {"f64", "f32"};
    case Precision::binary64:
        return {"f64", "f64"};
    case Precision::binary16:
        return {"f16", "f16"};
    }
    return {};
}

/// Writes the statements of one formula.
struct Writer
{
    const Composed& composed;
    Types types = types_of(composed.precision);
    std::string text = {};

    void line(const std::string& name, const std::string& expression)
    {
        text += "  " + name + " = " + expression + "\n";
    }
    std::string constant(const std::string& name) const { return call(types.constant, name); }
    std::string datum(const std::string& name) const { return call(types.data, name); }

    void gain()
    {
        line("std_dev", call("sqrt", constant("var") + " + " + constant("eps")));
        if (composed.order == Order::stages) {
            if (composed.reciprocal_of_root)
                line("inv_std", "1 / std_dev");
            return;
        }
        line("gain",
             composed.reciprocal_of_root ? constant("gamma") + " * (1 / std_dev)"
                                         : constant("gamma") + " / std_dev");
        line("offset",
             composed.fused == Fused::everywhere
                 ? "fma(-" + constant("mean") + ", gain, " + constant("beta") + ")"
                 : constant("beta") + " - " + constant("mean") + " * gain");
    }

    void scales()
    {
        const std::string s_out = constant("s_out"), s_in = constant("s_in");
        const std::string over
            = composed.reciprocal_of_scale ? " * (1 / " + s_out + ")" : " / " + s_out;
        switch (composed.order) {
        case Order::stages:
        case Order::gain_and_offset:
            if (composed.reciprocal_of_scale)
                line("reciprocal", "1 / " + s_out);
            return;
        case Order::multiplier:
        case Order::folded_zero_point:
            line("multiplier",
                 composed.reciprocal_of_scale ? "gain * " + s_in + over
                                              : "gain * (" + s_in + over + ")");
            line("addend", "offset" + over);
            if (composed.order == Order::folded_zero_point)
                line("folded",
                     composed.fused == Fused::everywhere
                         ? "fma(-" + constant("z_in") + ", multiplier, addend)"
                         : "addend - " + constant("z_in") + " * multiplier");
            return;
        case Order::sum_first:
            line("step", "gain * " + s_in);
            line("moved", "offset / step");
            line("multiplier", "step" + over);
            return;
        }
    }

    void code()
    {
        const bool fused = composed.fused != Fused::nowhere;
        const std::string centred = datum("x - z_in");
        const auto over_scale = [this](const std::string& value) {
            return composed.reciprocal_of_scale ? value + " * " + datum("reciprocal")
                                                : value + " / " + datum("s_out");
        };
        const std::string relu = "select(relu, max(0, affine), affine)";
        switch (composed.order) {
        case Order::stages:
            line("dequantized", centred + " * " + datum("s_in"));
            line("normalized",
                 "(dequantized - " + datum("mean") + ")"
                     + (composed.reciprocal_of_root ? " * " + datum("inv_std")
                                                    : " / " + datum("std_dev")));
            line("affine", sum_of(fused, "normalized", datum("gamma"), datum("beta")));
            line("rectified", relu);
            line("requantized", over_scale("rectified"));
            return;
        case Order::gain_and_offset:
            line("dequantized", centred + " * " + datum("s_in"));
            line("affine", sum_of(fused, "dequantized", datum("gain"), datum("offset")));
            line("rectified", relu);
            line("requantized", over_scale("rectified"));
            return;
        case Order::multiplier:
            line("affine", sum_of(fused, centred, datum("multiplier"), datum("addend")));
            break;
        case Order::folded_zero_point:
            line("affine", sum_of(fused, datum("x"), datum("multiplier"), datum("folded")));
            break;
        case Order::sum_first:
            line("affine", "(" + centred + " + " + datum("moved") + ") * " + datum("multiplier"));
            break;
        }
        line("requantized", relu);
    }

    void last()
    {
        const std::string round = round_function(composed.rounding);
        if (composed.zero_point_inside)
            line("y", "to_code(" + call(round, "requantized + " + datum("z_out")) + ", 0)");
        else
            line("y", "to_code(" + call(round, "requantized") + ", z_out)");
    }
};

} // namespace

std::string formula_of(const Composed& composed)
{
    Writer writer{.composed = composed};
    writer.text = "title " + words_of(composed) + "\n\nchannel\n";
    writer.gain();
    writer.scales();
    writer.text += "code\n";
    writer.code();
    writer.last();
    return writer.text;
}

std::string words_of(const Composed& composed)
{
    constexpr std::array orders{"four stages", "gain and offset", "multiplier and offset folded",
                                "multiplier and offset folded, the input zero point too",
                                "sum first, then the multiplier"};
    constexpr std::array precisions{"in binary32", "constants in binary64, codes in binary32",
                                    "in binary64", "in binary16"};
    constexpr std::array fused{"no fma", "fma for each code", "fma everywhere"};
    constexpr std::array roundings{"halves to even", "halves away from zero", "halves up",
                                   "fractions cut off", "rounded down"};
    return std::string(orders[static_cast<std::size_t>(composed.order)]) + ", "
        + precisions[static_cast<std::size_t>(composed.precision)] + ", "
        + fused[static_cast<std::size_t>(composed.fused)]
        + (composed.reciprocal_of_root ? ", times 1/std" : ", over std")
        + (composed.reciprocal_of_scale ? ", times 1/s_out, " : ", over s_out, ")
        + roundings[static_cast<std::size_t>(composed.rounding)]
        + (composed.zero_point_inside ? ", zero point before the rounding" : "");
}

std::vector<Composed> all_composed()
{
    std::vector<Composed> all;
    for (const bool inside : {false, true})
        for (const Rounding rounding : {Rounding::half_even, Rounding::half_away, Rounding::half_up,
                                        Rounding::truncate, Rounding::floor})
            for (const Precision precision : {Precision::binary32, Precision::constants_binary64,
                                              Precision::binary64, Precision::binary16})
                for (const Order order : {Order::gain_and_offset, Order::stages, Order::multiplier,
                                          Order::folded_zero_point, Order::sum_first})
                    for (const Fused fused : {Fused::nowhere, Fused::codes, Fused::everywhere})
                        for (const bool of_root : {true, false})
                            for (const bool of_scale : {false, true}) {
                                // Neither form has an offset of its own, or a sum, to fuse.
                                if ((order == Order::stages && fused == Fused::everywhere)
                                    || (order == Order::sum_first && fused == Fused::codes))
                                    continue;
                                all.push_back(
                                    {order, precision, fused, of_root, of_scale, rounding, inside});
                            }
    return all;
}

std::string formula_of(const ComposedInteger& composed)
{
    const std::string bits = std::to_string(composed.fraction_bits);
    const std::string one = "0x1p" + bits;
    std::string text = "title " + words_of(composed) + "\n\nchannel\n"
        + "  gain = f64(gamma) / sqrt(f64(var) + f64(eps))\n"
          "  multiplier = to_int64_x86(gain * f64(s_in) / f64(s_out) * "
        + one + ")\n" + "  real_offset = (f64(beta) - f64(mean) * gain) / f64(s_out)\n";
    text += composed.rounded_offset
        ? "  addend = shift_left(to_int64_x86(real_offset), " + bits + ")\n"
        : "  addend = to_int64_x86(real_offset * " + one + ")\n";
    text += "code\n  acc = multiplier * (x - z_in) + addend\n";
    constexpr std::array shifts{"shift_round_half_up", "divide_by_pot_round", "shift_right"};
    text += "  sum = " + std::string(shifts[static_cast<std::size_t>(composed.rounding)]) + "(acc, "
        + bits + ") + z_out\n";
    return text + "  y = clamp(select(relu, max(sum, z_out), sum), qmin, qmax)\n";
}

std::string words_of(const ComposedInteger& composed)
{
    constexpr std::array roundings{"halves up", "halves away from zero", "rounded down"};
    return "integer multiplier of " + std::to_string(composed.fraction_bits) + " fraction bits, "
        + roundings[static_cast<std::size_t>(composed.rounding)]
        + (composed.rounded_offset ? ", the offset a whole number of output steps" : "");
}

std::vector<ComposedInteger> all_composed_integers()
{
    std::vector<ComposedInteger> all;
    for (int bits = 24; bits >= 4; --bits)
        for (const auto rounding :
             {ComposedInteger::Rounding::half_up, ComposedInteger::Rounding::half_away,
              ComposedInteger::Rounding::floor})
            for (const bool rounded : {false, true})
                all.push_back({bits, rounding, rounded});
    return all;
}

} // namespace qbn
