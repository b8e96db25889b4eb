#pragma once

#include <cmath>
#include <limits>
#include <optional>

namespace qbn {

/// A real number in the widest hardware format with a bound on its distance from the true one.
/// Where everything within the bound rounds to one binary64 number, that number is proved to be the
/// true one rounded once (the test of Ziv, "Fast evaluation of elementary mathematical functions
/// with correctly rounded last bit", ACM TOMS 17, 1991); elsewhere a wider format has to decide.
/// Domain: rounding to nearest, no overflow and no underflow, which four binary64 factors and their
/// squares cannot reach in the 15 exponent bits of x87 and binary128. Where the hardware has no such
/// format the bound is infinite, so nothing is told.
class Bounded
{
public:
    Bounded(double exact)
        : value_(exact)
    { }

    /// A number at most `error` away from the true one.
    static Bounded within(long double value, long double error) { return {value, error}; }

    /// The true value rounded once to binary64; nothing if the bound is too wide to tell. A zero is
    /// not told either, as its sign is not known.
    std::optional<double> rounded() const
    {
        const double low = least();
        return low == most() && low != 0 ? std::optional(low) : std::nullopt;
    }

    /// The true value rounded to binary64 lies between these two.
    double least() const { return static_cast<double>(value_ - reach()); }
    double most() const { return static_cast<double>(value_ + reach()); }

    /// The true number is at most error() away from value().
    long double value() const { return value_; }
    long double error() const { return error_; }

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

    friend Bounded abs(const Bounded& a) { return {std::abs(a.value_), a.error_, 0}; }

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
    using Format = std::numeric_limits<long double>;
    static constexpr bool is_wide = Format::max_exponent >= 16384 && Format::digits >= 64;
    static constexpr long double unit = Format::epsilon() / 2;

    /// With the error that the operands bring in; that of rounding `value` is added, and something
    /// for the roundings of the bound itself.
    Bounded(long double value, long double error)
        : Bounded(value, error, unit)
    { }

    /// With that of rounding as a share of the value.
    Bounded(long double value, long double error, long double rounding)
        : value_(value)
        , error_(is_wide ? (error + rounding * std::abs(value)) * (1 + 16 * unit)
                         : Format::infinity())
    { }

    long double reach() const { return error_ + 2 * unit * std::abs(value_); }

    long double value_;
    long double error_ = 0;
};

} // namespace qbn
