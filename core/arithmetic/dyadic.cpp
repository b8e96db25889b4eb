#include "core/arithmetic/dyadic.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <utility>

namespace qbn {

namespace {

using boost::multiprecision::cpp_int;

cpp_int magnitude(const cpp_int& mantissa)
{
    return mantissa.sign() < 0 ? cpp_int(-mantissa) : mantissa;
}

/// How many bits follow the first 64.
int bits_cut(const cpp_int& mantissa)
{
    return mantissa.is_zero() ? 0 : std::max(static_cast<int>(msb(magnitude(mantissa))) - 63, 0);
}

} // namespace

Dyadic::Dyadic(double value)
{
    constexpr int digits = 53;
    const double fraction = std::frexp(value, &exponent_);
    const auto mantissa = static_cast<std::int64_t>(std::ldexp(fraction, digits));
    // Short mantissas make short products.
    const int zeros = mantissa == 0 ? 0 : std::countr_zero(static_cast<std::uint64_t>(mantissa));
    mantissa_ = mantissa >> zeros;
    exponent_ += zeros - digits;
}

long double Dyadic::approximate() const
{
    const int cut = bits_cut(mantissa_);
    const cpp_int leading = magnitude(mantissa_) >> cut;
    const auto value = static_cast<long double>(static_cast<std::uint64_t>(leading));
    return std::ldexp(value, exponent_ + cut) * static_cast<long double>(mantissa_.sign());
}

Bounded Dyadic::bounded() const
{
    const long double value = approximate();
    // What is cut is less than the last of 64 bits, of which the first is set.
    return Bounded::within(value,
                           bits_cut(mantissa_) > 0 ? std::ldexp(std::abs(value), -63) : 0.0L);
}

Dyadic operator*(const Dyadic& a, const Dyadic& b)
{
    return {a.mantissa_ * b.mantissa_, a.exponent_ + b.exponent_};
}

Dyadic operator+(const Dyadic& a, const Dyadic& b)
{
    if (a.sign() == 0)
        return b;
    if (b.sign() == 0)
        return a;
    const Dyadic& low = a.exponent_ < b.exponent_ ? a : b;
    const Dyadic& high = a.exponent_ < b.exponent_ ? b : a;
    return {low.mantissa_ + (high.mantissa_ << (high.exponent_ - low.exponent_)), low.exponent_};
}

Dyadic operator-(const Dyadic& a, const Dyadic& b)
{
    return a + -b;
}

int compare_over_root(const Dyadic& a, const Dyadic& v, const Dyadic& b)
{
    if (a.sign() != b.sign())
        return a.sign() < b.sign() ? -1 : 1;
    if (a.sign() == 0)
        return 0;
    const int larger_magnitude = (a * a - b * b * v).sign();
    return larger_magnitude * a.sign();
}

} // namespace qbn
