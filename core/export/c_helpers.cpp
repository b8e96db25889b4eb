#include "core/export/c_dialect.h"

#include <array>

namespace qbn {

// The semantics are those of core/formula/functions.h.

namespace {

constexpr std::array c_helpers{
    Helper{"add", "", R"(static $T qbn_add_$S($T a, $T b) /* wraps */
{
    return ($T)(($U)a + ($U)b);
}
)"},
    Helper{"subtract", "", R"(static $T qbn_subtract_$S($T a, $T b) /* wraps */
{
    return ($T)(($U)a - ($U)b);
}
)"},
    Helper{"multiply", "", R"(static $T qbn_multiply_$S($T a, $T b) /* wraps */
{
    return ($T)(($U)a * ($U)b);
}
)"},
    Helper{"divide", "", R"(static $T qbn_divide_$S($T a, $T b) /* truncates; by 0 gives 0 */
{
    if (b == 0)
        return 0;
    return b == -1 ? ($T)(0 - ($U)a) : a / b;
}
)"},
    Helper{"mod", "", R"(static $T qbn_mod_$S($T a, $T b) /* C's remainder; by 0 gives 0 */
{
    return b == 0 || b == -1 ? 0 : a % b;
}
)"},
    Helper{"negate", "", R"(static $T qbn_negate_$S($T a) /* wraps */
{
    return ($T)(0 - ($U)a);
}
)"},
    Helper{"abs", "", R"(static $T qbn_abs_$S($T a) /* the least integer stays */
{
    return a < 0 ? ($T)(0 - ($U)a) : a;
}
)"},
    Helper{"min", "", R"(static $T qbn_min_$S($T a, $T b)
{
    return a < b ? a : b;
}
)"},
    Helper{"max", "", R"(static $T qbn_max_$S($T a, $T b)
{
    return a > b ? a : b;
}
)"},
    Helper{"clamp", "", R"(static $T qbn_clamp_$S($T v, $T low, $T high)
{
    const $T raised = v > low ? v : low;
    return raised < high ? raised : high;
}
)"},
    Helper{"round_away", "", R"(static $T qbn_round_away_$S($T a) /* halves away from 0 */
{
    const $T whole = trunc$F(a);
    const $T fraction = a - whole;
    return whole + (fraction <= -0.5$F ? -1.0$F : fraction >= 0.5$F ? 1.0$F : 0.0$F);
}
)"},
    Helper{"round_up", "", R"(static $T qbn_round_up_$S($T a) /* halves up */
{
    const $T whole = floor$F(a);
    return whole + (a - whole >= 0.5$F ? 1.0$F : 0.0$F);
}
)"},
    Helper{"round_f16", "", R"(static float qbn_round_f16(float a) /* to binary16, half to even */
{
    uint32_t bits, magnitude, sign;
    memcpy(&bits, &a, sizeof bits);
    magnitude = bits & 0x7fffffffu;
    sign = bits & 0x80000000u;
    if (magnitude > 0x7f800000u)
        return a; /* NaN */
    if (magnitude >= 0x477ff000u) { /* 65520 */
        bits = sign | 0x7f800000u;
    } else if (magnitude < 0x38800000u) { /* multiples of 2^-24, as here the sum with 3/4 is */
        float sum;
        memcpy(&sum, &magnitude, sizeof sum);
        sum += 0.75f;
        sum -= 0.75f;
        memcpy(&bits, &sum, sizeof bits);
        bits |= sign;
    } else {
        bits = sign | ((magnitude + 0xfffu + ((magnitude >> 13) & 1u)) & ~0x1fffu);
    }
    memcpy(&a, &bits, sizeof a);
    return a;
}
)"},
    Helper{"round_bf16", "", R"(static float qbn_round_bf16(float a) /* to bfloat16, half to even */
{
    uint32_t bits;
    memcpy(&bits, &a, sizeof bits);
    if ((bits & 0x7fffffffu) > 0x7f800000u)
        return a; /* NaN */
    bits = (bits + 0x7fffu + ((bits >> 16) & 1u)) & 0xffff0000u;
    memcpy(&a, &bits, sizeof a);
    return a;
}
)"},
    Helper{
        "to_odd", "",
        R"(static float qbn_to_odd(double a) /* from which a narrower format is rounded as from a itself */
{
    float narrowed = (float)a;
    uint32_t bits;
    if ((double)narrowed == a || a != a)
        return narrowed;
    memcpy(&bits, &narrowed, sizeof bits);
    if (fabs((double)narrowed) > fabs(a))
        --bits;
    bits |= 1u;
    memcpy(&narrowed, &bits, sizeof narrowed);
    return narrowed;
}
)"},
    Helper{
        "fma_to_odd", "",
        R"(static double qbn_fma_to_odd(float a, float b, float c) /* a * b is exact; what the sum loses sets its last bit */
{
    const double product = (double)a * (double)b;
    double sum = product + (double)c;
    const double from_c = sum - product;
    const double lost = (product - (sum - from_c)) + ((double)c - from_c);
    uint64_t bits;
    if (lost == 0 || lost != lost)
        return sum;
    memcpy(&bits, &sum, sizeof bits);
    if ((bits & 1u) == 0)
        bits += (lost > 0) == (sum > 0) ? (uint64_t)1 : ~(uint64_t)0;
    memcpy(&sum, &bits, sizeof sum);
    return sum;
}
)"},
    Helper{
        "whole_to_odd", "",
        R"(static double qbn_whole_to_odd(int64_t a) /* what lies beyond 53 bits sets the last of them */
{
    const int wide = a >= ((int64_t)1 << 53) || a <= -((int64_t)1 << 53);
    return (double)(wide && (a & 0x7ff) != 0 ? (a & ~(int64_t)0x7ff) | 0x800 : a);
}
)"},
    Helper{
        "to_int32_x86", "",
        R"(static int32_t qbn_to_int32_x86_$S($T a) /* half to even; NaN and what does not fit give -2^31 */
{
    const $T rounded = rint$F(a);
    return rounded >= -2147483648.0$F && rounded < 2147483648.0$F ? (int32_t)rounded : INT32_MIN;
}
)"},
    Helper{
        "to_int64_x86", "",
        R"(static int64_t qbn_to_int64_x86_$S($T a) /* half to even; NaN and what does not fit give -2^63 */
{
    const $T rounded = rint$F(a);
    return rounded >= -9223372036854775808.0$F && rounded < 9223372036854775808.0$F ? (int64_t)rounded : INT64_MIN;
}
)"},
    Helper{"saturate_int32", "", R"(static int32_t qbn_saturate_int32(int64_t a)
{
    return a < INT32_MIN ? INT32_MIN : a > INT32_MAX ? INT32_MAX : (int32_t)a;
}
)"},
    Helper{
        "to_code", "",
        R"(static int64_t qbn_to_code_$S($T v, int64_t z, int64_t qmin, int64_t qmax) /* NaN gives qmin */
{
    const $T end = 1099511627776.0$F; /* 2^40; no code lies beyond */
    const $T near = v > end ? end : v < -end ? -end : v;
    int64_t sum;
    if (v != v)
        return qmin;
    sum = (int64_t)((uint64_t)z + (uint64_t)(int64_t)rint$F(near));
    return sum < qmin ? qmin : sum > qmax ? qmax : sum;
}
)"},
    Helper{"wrap_code", "",
           R"(static int64_t qbn_wrap_code(int64_t v, int64_t qmin, int64_t qmax) /* the low bits */
{
    return qmin + (int64_t)(((uint64_t)v - (uint64_t)qmin) & (uint64_t)(qmax - qmin));
}
)"},
    Helper{"shift_left", "", R"(static $T qbn_shift_left_$S($T v, $T n) /* wraps; n modulo $W */
{
    return ($T)(($U)v << (($U)n & ($W - 1)));
}
)"},
    Helper{"shift_right", "",
           R"(static $T qbn_shift_right_$S($T v, $T n) /* floor(v / 2^n); n modulo $W */
{
    const int count = (int)(($U)n & ($W - 1));
    return v < 0 ? ~(~v >> count) : v >> count;
}
)"},
    Helper{"shift_round_half_up", "shift_right",
           R"(static $T qbn_shift_round_half_up_$S($T v, $T n) /* floor(v / 2^n + 1/2) */
{
    $T half_steps;
    if (n < 1)
        return v;
    if (n > $W)
        return 0;
    half_steps = qbn_shift_right_$S(v, n - 1);
    return qbn_shift_right_$S(half_steps, 1) + (half_steps & 1);
}
)"},
    Helper{"divide_by_pot_round", "shift_right",
           R"(static $T qbn_divide_by_pot_round_$S($T v, $T n) /* gemmlowp RoundingDivideByPOT */
{
    $U mask, threshold;
    if (n < 1)
        return v;
    if (n >= $W)
        return 0;
    mask = (($U)1 << n) - 1;
    threshold = (mask >> 1) + (v < 0 ? 1 : 0);
    return qbn_shift_right_$S(v, n) + (((($U)v) & mask) > threshold ? 1 : 0);
}
)"},
    Helper{
        "high_mul_round", "",
        R"(static int32_t qbn_high_mul_round(int32_t a, int32_t b) /* gemmlowp SaturatingRoundingDoublingHighMul */
{
    const int64_t product = (int64_t)a * b;
    const int64_t nudge = product >= 0 ? (int64_t)1 << 30 : 1 - ((int64_t)1 << 30);
    if (a == INT32_MIN && b == INT32_MIN)
        return INT32_MAX;
    return (int32_t)((product + nudge) / ((int64_t)1 << 31));
}
)"},
    Helper{"quantized", "round_away",
           R"(static int32_t qbn_quantized(double d, int32_t *shift) /* TFLite QuantizeMultiplier */
{
    int exponent = 0;
    double mantissa;
    int64_t multiplier;
    *shift = 0;
    if (d == 0 || d - d != 0)
        return 0; /* 0, infinity, NaN */
    mantissa = frexp(d, &exponent);
    multiplier = (int64_t)qbn_round_away_f64(mantissa * 2147483648.0);
    if (multiplier == (int64_t)1 << 31 || multiplier == -((int64_t)1 << 31)) {
        multiplier /= 2;
        ++exponent;
    }
    if (exponent < -31)
        return 0;
    *shift = exponent;
    return (int32_t)multiplier;
}
)"},
    Helper{"quantized_multiplier", "quantized", R"(static int32_t qbn_quantized_multiplier(double d)
{
    int32_t shift;
    return qbn_quantized(d, &shift);
}
)"},
    Helper{"quantized_shift", "quantized", R"(static int32_t qbn_quantized_shift(double d)
{
    int32_t shift;
    qbn_quantized(d, &shift);
    return shift;
}
)"},
    Helper{"exponent", "", R"(static int32_t qbn_exponent(double d) /* floor(log2(|d|)) */
{
    return d == 0 || d - d != 0 ? INT32_MIN : ilogb(d);
}
)"},
};

constexpr std::array hls_helpers{
    Helper{"add", "", R"(static $T qbn_add_$S($T a, $T b) { return a + b; }   // wraps
)"},
    Helper{"subtract", "", R"(static $T qbn_subtract_$S($T a, $T b) { return a - b; }   // wraps
)"},
    Helper{"multiply", "", R"(static $T qbn_multiply_$S($T a, $T b) { return a * b; }   // wraps
)"},
    Helper{
        "divide", "",
        R"(static $T qbn_divide_$S($T a, $T b) { return b == 0 ? $T(0) : $T(a / b); }   // truncates; by 0 gives 0
)"},
    Helper{
        "mod", "",
        R"(static $T qbn_mod_$S($T a, $T b) { return b == 0 ? $T(0) : $T(a % b); }   // by 0 gives 0
)"},
    Helper{"negate", "", R"(static $T qbn_negate_$S($T a) { return -a; }   // wraps
)"},
    Helper{"abs", "",
           R"(static $T qbn_abs_$S($T a) { return a < 0 ? $T(-a) : a; }   // the least integer stays
)"},
    Helper{"min", "", R"(static $T qbn_min_$S($T a, $T b) { return a < b ? a : b; }
)"},
    Helper{"max", "", R"(static $T qbn_max_$S($T a, $T b) { return a > b ? a : b; }
)"},
    Helper{"clamp", "", R"(static $T qbn_clamp_$S($T v, $T low, $T high)
{
    const $T raised = v > low ? v : low;
    return raised < high ? raised : high;
}
)"},
    Helper{"saturate_int32", "", R"(static i32_t qbn_saturate_int32(i64_t a)
{
    const i64_t end = i64_t(1) << 31;
    return a < -end ? i32_t(-end) : a >= end ? i32_t(end - 1) : i32_t(a);
}
)"},
    Helper{"wrap_code", "",
           R"(static i64_t qbn_wrap_code(i64_t v, i64_t qmin, i64_t qmax)   // the low bits
{
    const i64_t mask = qmax - qmin;
    const i64_t from_qmin = v - qmin;
    return qmin + (from_qmin & mask);
}
)"},
    Helper{"shift_left", "", R"(static $T qbn_shift_left_$S($T v, $T n)   // wraps; n modulo $W
{
    return v << (n & $T($W - 1)).to_int();
}
)"},
    Helper{"shift_right", "",
           R"(static $T qbn_shift_right_$S($T v, $T n)   // floor(v / 2^n); n modulo $W
{
    return v >> (n & $T($W - 1)).to_int();
}
)"},
    Helper{"shift_round_half_up", "",
           R"(static $T qbn_shift_round_half_up_$S($T v, $T n)   // floor(v / 2^n + 1/2)
{
    if (n < 1)
        return v;
    if (n > $W)
        return 0;
    const $T half_steps = v >> (n.to_int() - 1);
    return (half_steps >> 1) + (half_steps & $T(1));
}
)"},
    Helper{"divide_by_pot_round", "",
           R"(static $T qbn_divide_by_pot_round_$S($T v, $T n)   // gemmlowp RoundingDivideByPOT
{
    if (n < 1)
        return v;
    if (n >= $W)
        return 0;
    const $U mask = ($U(1) << n.to_int()) - 1;
    const $U remainder = $U(v) & mask;
    const $U threshold = (mask >> 1) + (v < 0 ? 1 : 0);
    return (v >> n.to_int()) + (remainder > threshold ? 1 : 0);
}
)"},
    Helper{
        "high_mul_round", "",
        R"(static i32_t qbn_high_mul_round(i32_t a, i32_t b)   // gemmlowp SaturatingRoundingDoublingHighMul
{
    const i64_t product = i64_t(a) * i64_t(b);
    const i64_t quarter = i64_t(1) << 30;
    if (product == (quarter << 32))
        return i32_t((i64_t(1) << 31) - 1);   // -2^31 twice
    const i64_t nudged = product + (product >= 0 ? quarter : i64_t(1 - quarter));
    return i32_t(nudged / (i64_t(1) << 31));
}
)"},
};

} // namespace

std::span<const Helper> c_helper_texts()
{
    return c_helpers;
}

std::span<const Helper> hls_helper_texts()
{
    return hls_helpers;
}

} // namespace qbn
