#pragma once

#include "core/arithmetic/dyadic.h"

#include <memory>

namespace qbn {

/// A real number within `error` of `value`; where either is infinite or NaN it says nothing.
struct Estimate
{
    long double value = 0;
    long double error = 0;
};

/// a + b * sqrt(v) with dyadic a, b and v > 0. Sums and products of them are exact and so is the
/// sign, so geometry with the root of a variance in it is decided without rounding. Numbers with a
/// root that meet in one expression have the same v.
class Surd
{
public:
    Surd() = default;
    explicit Surd(Dyadic rational)
        : a_(std::move(rational))
    { }
    /// a + b * sqrt(v).
    Surd(Dyadic a, Dyadic b, std::shared_ptr<const Dyadic> v)
        : a_(std::move(a))
        , b_(std::move(b))
        , v_(std::move(v))
    { }

    /// -1, 0 or 1.
    int sign() const;

    /// Without exact arithmetic, to decide what is far from a limit.
    Estimate estimate() const;

    Surd operator-() const { return {Dyadic() - a_, Dyadic() - b_, v_}; }
    friend Surd operator+(const Surd& x, const Surd& y);
    friend Surd operator-(const Surd& x, const Surd& y);
    friend Surd operator*(const Surd& x, const Surd& y);

    /// numerator / denominator, rounded from some 230 right bits to binary64. Requires: a
    /// denominator that is not 0.
    friend double ratio(const Surd& numerator, const Surd& denominator);

private:
    Dyadic a_, b_;
    std::shared_ptr<const Dyadic> v_; ///< none: a rational number, b is 0
};

double ratio(const Surd& numerator, const Surd& denominator);

} // namespace qbn
