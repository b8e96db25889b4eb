#pragma once

#include <cmath>
#include <limits>
#include <optional>

namespace qbn {

/// A real number in the widest hardware format with a bound on its distance from the true one.
/// Where everything within the bound rounds to one binary64 number, that number is proved to be the
/// true one rounded once (the test of Ziv, "Fast evaluation of elementary mathematical functions
/// with correctly rounded last bit", ACM TOMS 17, 1991); elsewhere a wider format has to decide.
/// Domain: rounding to nearest, no overflow and no underflow, which four binary64 factors cannot
/// reach in the 15 exponent bits of x87 and binary128.
class Bounded
{
public:
    Bounded(double exact)
        : value_(exact)
    { }

    /// The true value rounded once to binary64; nothing if the bound is too wide to tell. A zero is
    /// not told either, as its sign is not known.
    std::optional<double> rounded() const
    {
        const long double reach = error_ + 2 * unit * std::abs(value_);
        const auto low = static_cast<double>(value_ - reach);
        const auto high = static_cast<double>(value_ + reach);
        return low == high && value_ != 0 ? std::optional(low) : std::nullopt;
    }

    friend Bounded operator+(const Bounded& a, const Bounded& b)
    {
        return {a.value_ + b.value_, a.error_ + b.error_};
    }

    friend Bounded operator-(const Bounded& a, const Bounded& b)
    {
        return {a.value_ - b.value_, a.error_ + b.error_};
    }

    friend Bounded operator*(const Bounded& a, const Bounded& b)
    {
        return {a.value_ * b.value_,
                std::abs(a.value_) * b.error_ + std::abs(b.value_) * a.error_
                    + a.error_ * b.error_};
    }

    /// Requires: the divisor is not 0, and its error is far smaller than it.
    friend Bounded operator/(const Bounded& a, const Bounded& b)
    {
        const long double quotient = a.value_ / b.value_;
        return {quotient,
                (a.error_ + std::abs(quotient) * b.error_) / (std::abs(b.value_) - b.error_)};
    }

    /// Requires: greater than 0, and its error is far smaller than it.
    friend Bounded sqrt(const Bounded& a)
    {
        const long double root = std::sqrt(a.value_);
        return {root, a.error_ / root};
    }

private:
    static constexpr long double unit = std::numeric_limits<long double>::epsilon() / 2;

    /// With the error that the operands bring in; that of rounding `value` is added, and something
    /// for the roundings of the bound itself.
    Bounded(long double value, long double error)
        : value_(value)
        , error_((error + unit * std::abs(value)) * (1 + 16 * unit))
    { }

    long double value_;
    long double error_ = 0;
};

} // namespace qbn
