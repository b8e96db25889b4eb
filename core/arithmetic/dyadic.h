#pragma once

#include "core/arithmetic/bounded.h"

#include <boost/multiprecision/cpp_int.hpp>

namespace qbn {

/// A rational number with a power of two below: mantissa * 2^exponent. Every finite binary64 is
/// one, and sums and products of them are exact.
class Dyadic
{
public:
    Dyadic() = default;
    /// Requires: finite.
    explicit Dyadic(double value);
    explicit Dyadic(long long value)
        : mantissa_(value)
    { }

    int sign() const { return mantissa_.sign(); }

    Dyadic operator-() const { return {-mantissa_, exponent_}; }

    friend Dyadic operator*(const Dyadic& a, const Dyadic& b);
    friend Dyadic operator+(const Dyadic& a, const Dyadic& b);
    friend Dyadic operator-(const Dyadic& a, const Dyadic& b);

    /// The value, cut to 64 bits; infinite beyond the range of long double, and wrong by at most its
    /// smallest normal number below.
    long double approximate() const;

    /// approximate() with its error.
    Bounded bounded() const;

    /// The value as another number type of Boost.Multiprecision.
    template <typename Wide> Wide convert_to() const { return ldexp(Wide(mantissa_), exponent_); }

private:
    Dyadic(boost::multiprecision::cpp_int mantissa, int exponent)
        : mantissa_(std::move(mantissa))
        , exponent_(exponent)
    { }

    boost::multiprecision::cpp_int mantissa_;
    int exponent_ = 0;
};

/// -1, 0 or 1 as a / sqrt(v) is below, equal to or above b. Requires: v > 0.
int compare_over_root(const Dyadic& a, const Dyadic& v, const Dyadic& b);

} // namespace qbn
