#include "core/arithmetic/dyadic.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <utility>

namespace qbn {

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

Bounded Dyadic::bounded() const
{
    if (mantissa_.is_zero())
        return 0.0;
    const boost::multiprecision::cpp_int magnitude = abs(mantissa_);
    const int cut = std::max(static_cast<int>(msb(magnitude)) - 63, 0);
    const auto leading = static_cast<std::uint64_t>(magnitude >> cut);
    const long double value
        = std::ldexp(static_cast<long double>(leading), exponent_ + cut) * mantissa_.sign();
    return Bounded::within(value, cut > 0 ? std::ldexp(1.0L, exponent_ + cut) : 0.0L);
}

long double Dyadic::approximate() const
{
    return std::ldexp(static_cast<long double>(mantissa_), exponent_);
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
