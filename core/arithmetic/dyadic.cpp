#include "core/arithmetic/dyadic.h"

#include <cmath>
#include <cstdint>
#include <utility>

namespace qbn {

Dyadic::Dyadic(double value)
{
    constexpr int digits = 53;
    const double fraction = std::frexp(value, &exponent_);
    mantissa_ = static_cast<std::int64_t>(std::ldexp(fraction, digits));
    exponent_ -= digits;
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
    return a + Dyadic(-b.mantissa_, b.exponent_);
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
