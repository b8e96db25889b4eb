#include "core/region/surd.h"

#include <boost/multiprecision/cpp_bin_float.hpp>

#include <cmath>
#include <limits>

namespace qbn {

namespace {

using Wide = boost::multiprecision::cpp_bin_float_oct;

} // namespace

int Surd::sign() const
{
    const int a = a_.sign();
    const int b = b_.sign();
    if (a * b >= 0)
        return a != 0 ? a : b;
    return (a_ * a_ - b_ * b_ * *v_).sign() * a;
}

Estimate Surd::estimate() const
{
    using Limits = std::numeric_limits<long double>;
    constexpr long double roundings = 32 * Limits::epsilon();
    const long double rational = a_.approximate();
    if (b_.sign() == 0)
        return {rational, roundings * std::abs(rational) + Limits::min()};
    const long double v = v_->approximate();
    if (!(v > Limits::min() / Limits::epsilon()))
        return {0, Limits::infinity()};
    const long double root = std::sqrt(v);
    const long double factor = b_.approximate();
    const long double irrational = factor * root;
    // What was lost below the range comes back multiplied.
    const long double lost = Limits::min() * (2 + std::abs(factor) + root);
    return {rational + irrational, roundings * (std::abs(rational) + std::abs(irrational)) + lost};
}

Surd operator+(const Surd& x, const Surd& y)
{
    return {x.a_ + y.a_, x.b_ + y.b_, x.v_ ? x.v_ : y.v_};
}

Surd operator-(const Surd& x, const Surd& y)
{
    return {x.a_ - y.a_, x.b_ - y.b_, x.v_ ? x.v_ : y.v_};
}

Surd operator*(const Surd& x, const Surd& y)
{
    Dyadic a = x.a_ * y.a_;
    if (x.b_.sign() != 0 && y.b_.sign() != 0)
        a = a + x.b_ * y.b_ * *x.v_;
    return {std::move(a), x.a_ * y.b_ + x.b_ * y.a_, x.v_ ? x.v_ : y.v_};
}

double ratio(const Surd& numerator, const Surd& denominator)
{
    const auto value = [](const Surd& x) -> Wide {
        auto a = x.a_.convert_to<Wide>();
        if (x.b_.sign() == 0)
            return a;
        const Wide b = x.b_.convert_to<Wide>() * sqrt(x.v_->convert_to<Wide>());
        if (x.a_.sign() * x.b_.sign() >= 0)
            return a + b;
        // The two cancel; their conjugate does not.
        return (x.a_ * x.a_ - x.b_ * x.b_ * *x.v_).convert_to<Wide>() / (a - b);
    };
    return static_cast<double>(Wide(value(numerator) / value(denominator)));
}

} // namespace qbn
