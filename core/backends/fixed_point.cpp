#include "core/backends/fixed_point.h"

#include "core/arithmetic/fixed_point.h"

#include <cassert>
#include <memory>
#include <string>

namespace qbn {

namespace {

using Integer = Arithmetic::Integer;

constexpr Arithmetic half_up{.form = Arithmetic::Form::integer};
constexpr Arithmetic gemmlowp{
    .form = Arithmetic::Form::integer,
    .integer = {.rounding = Integer::Rounding::gemmlowp},
};

constexpr std::string_view half_up_formula
    = "((M * (x_q - x_zero_point) + B + 2^(n-1)) >> n) + y_zero_point";

/// A backend and the texts that it points to.
struct Variant
{
    Variant(int bits, Integer::Accumulator accumulator)
        : arithmetic{.form = Arithmetic::Form::integer,
                     .integer = {.accumulator = accumulator, .fraction_bits = bits}}
    {
        const bool wide = accumulator == Integer::Accumulator::int64;
        const std::string digits = std::to_string(bits);
        id = "fixed-point:" + digits + (wide ? ":int64" : "");
        title = "Fixed, " + digits + " bits" + (wide ? ", int64" : "");
        source = "integers, n = " + digits + " fraction bits, accumulator of "
            + (wide ? "64" : "32") + " bits";
        backend = {.id = id,
                   .title = title,
                   .formula = half_up_formula,
                   .source = source,
                   .arithmetic = &arithmetic};
    }
    Variant(const Variant&) = delete;
    Variant& operator=(const Variant&) = delete;

    Arithmetic arithmetic;
    std::string id, title, source;
    Backend backend;
};

} // namespace

Backend fixed_point()
{
    return {
        .id = "fixed-point",
        .title = "Fixed point",
        .formula = half_up_formula,
        .source = "integers, the most fraction bits n that keep the accumulator in 32 bits",
        .arithmetic = &half_up,
    };
}

Backend fixed_point_gemmlowp()
{
    return {
        .id = "fixed-point-gemmlowp",
        .title = "Fixed, gemmlowp",
        .formula = "RoundingDivideByPOT(SaturatingRoundingDoublingHighMul((x_q - x_zero_point) << "
                   "shift, M) + B, n) + y_zero_point",
        .source = "integers, fixedpoint.h of gemmlowp",
        .arithmetic = &gemmlowp,
    };
}

const Backend& fixed_point_with(int bits, Integer::Accumulator accumulator)
{
    assert(bits >= min_fraction_bits && bits <= max_fraction_bits);
    static const auto variants = [] {
        std::vector<std::unique_ptr<const Variant>> all;
        for (int n = min_fraction_bits; n <= max_fraction_bits; ++n) {
            all.push_back(std::make_unique<Variant>(n, Integer::Accumulator::int32));
            all.push_back(std::make_unique<Variant>(n, Integer::Accumulator::int64));
        }
        return all;
    }();
    const int at
        = 2 * (bits - min_fraction_bits) + (accumulator == Integer::Accumulator::int64 ? 1 : 0);
    return variants[static_cast<std::size_t>(at)]->backend;
}

} // namespace qbn
