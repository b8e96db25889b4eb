#pragma once

#include <QString>

#include <array>
#include <string>

namespace qbn::test {

inline const char* const floatOperations = R"(title Every operation of T
channel
  a = T(f32(mean))
  b = T(f32(gamma))
  c = T(f32(beta))
  v = T(f32(var))
  n = most_fraction_bits(f64(a), f64(c), x_min - z_in, x_max - z_in) + gemmlowp_fraction_bits(f64(b), f64(c), x_min - z_in, x_max - z_in)
layer
  low   = smallest(a)
  high  = largest(b)
  some  = any(a < b)
  every = all(c <= v)
code
  q   = T(x - z_in) / 7
  w1  = a + q
  w2  = a - q
  w3  = a * q
  w4  = a / q
  w5  = -q
  w6  = fma(a, q, c)
  w7  = sqrt(v + q)
  w8  = abs(q)
  w9  = min(a, q)
  w10 = max(q, b)
  w11 = clamp(q, b, c)
  w12 = floor(w3)
  w13 = ceil(w3)
  w14 = trunc(w3)
  w15 = rint(w3)
  w16 = round_away(q * 3.5)
  w17 = round_up(q * 3.5)
  w18 = select(a < q && some || !every, a, select(b != q, b, select(is_nan(v), q, low)))
  w19 = select(c == q || c >= high, high, c)
  w20 = T(f16(w3))
  w21 = T(bf16(w3))
  w22 = T(f32(w6))
  w23 = T(f64(w6))
  n1 = to_code(w3, z_out)
  n2 = i64(to_int32_x86(f32(w3)))
  n3 = to_int64_x86(f64(w3) * 1e10)
  n4 = i64(exponent(f64(w6)))
  n5 = i64(quantized_multiplier(f64(w3)))
  n6 = i64(quantized_shift(f64(w3)))
  n7 = i64(some) + 2 * i64(every) + i64(w3 < w6)
  h0 = n1 + 3 * n2 + 5 * n3 + 7 * n4 + 11 * n5 + 13 * n6 + 17 * n7 + 19 * n
)";

inline const char* const integerOperations = R"(title Every operation of T
layer
  low  = smallest(T(channel) - 13)
  high = largest(T(channel))
channel
  k = T(channel) - 13
code
  n   = T(x - z_in)
  m   = n * 123456789 + k * 7777777
  m1  = m + n * 2147483647
  m2  = m - n
  m3  = m * m
  m4  = m / n
  m5  = mod(m, k)
  m6  = -m
  m7  = abs(m)
  m8  = min(m, n) + max(m, k)
  m9  = clamp(m, low, high)
  m10 = shift_left(m, k)
  m11 = shift_right(m, k)
  m12 = shift_round_half_up(m, k)
  m13 = divide_by_pot_round(m, k)
  m14 = shift_round_half_up(n, 1) + divide_by_pot_round(n, 1) + divide_by_pot_round(m, k * 3)
  m15 = select(m < n || m == k, m, select(n <= k && n != m, n, k))
  m16 = m / k + mod(n, k - 13)
  r1 = f64(m)
  r2 = f32(m)
  r3 = f16(m)
  r4 = bf16(m)
  p1 = i64(high_mul_round(i32(m), i32(m3)))
  p2 = i64(saturate_int32(i64(m) * 5))
  p3 = wrap_code(i64(m))
  p4 = i64(high_mul_round(i32(-2147483648), i32(m) - i32(m) + -2147483648))
  h0 = p1 + 3 * p2 + 5 * p3 + 7 * p4 + to_int64_x86(r1) + 3 * to_int64_x86(f64(r2)) + 5 * to_int64_x86(f64(r3)) + 7 * to_int64_x86(f64(r4))
)";

/// The same with all numbers brought into the code: first into whole numbers, then their bytes summed.
inline std::string operationsOf(const std::string& type)
{
    const bool isFloat = type[0] != 'i';
    QString text = QString::fromLatin1(isFloat ? floatOperations : integerOperations);
    text.replace(QLatin1String("T("), QString::fromStdString(type) + u'(');
    int last = 0;
    const int count = isFloat ? 23 : 16;
    for (int i = 1; i <= count; ++i) {
        const QString term = isFloat
            ? QStringLiteral("to_int64_x86(f64(w%1) * 0x1p20) + 3 * i64(exponent(f64(w%1)))").arg(i)
            : QStringLiteral("i64(m%1)").arg(i);
        text += QStringLiteral("  h%1 = %2 * h%3 + %4\n").arg(last + 1).arg(31).arg(last).arg(term);
        ++last;
    }
    QString sum = QStringLiteral("h%1").arg(last);
    for (int shift = 8; shift < 64; shift += 8)
        sum += QStringLiteral(" + shift_right(h%1, %2)").arg(last).arg(shift);
    return (text + QStringLiteral("  y = wrap_code(%1)\n").arg(sum)).toStdString();
}

inline const std::array<std::string, 6> types{"f64", "f32", "f16", "bf16", "i64", "i32"};

} // namespace qbn::test
